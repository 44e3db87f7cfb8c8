import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";

export const root = resolve(import.meta.dirname, "../..");
export const dist = join(root, "dist");

/** Another process may be reading the file, or writing the same: it is replaced in one step. */
export function writeIfChanged(file: string, bytes: Uint8Array): void {
  if (existsSync(file) && readFileSync(file).equals(bytes)) return;
  mkdirSync(dirname(file), { recursive: true });
  // Not beside the file, where it would be deployed.
  const temporary = join(dist, `.${process.pid}-${basename(file)}`);
  writeFileSync(temporary, bytes);
  renameSync(temporary, file);
}
