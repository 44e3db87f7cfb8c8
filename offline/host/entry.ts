/** Where a program is, as Node and Pulumi find it. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** A file, whose extension may be left out, or a folder; undefined where there is neither. */
export const programAt = (path: string): string | undefined =>
  ["", ".ts", ".js", ".mts", ".cts", ".mjs", ".cjs"].map((end) => path + end).find(existsSync);

/** Node imports files alone; Pulumi also takes a folder, and means its package's main file or index. */
export function entryFile(path: string): string | undefined {
  const found = programAt(path);
  if (found === undefined || !statSync(found).isDirectory()) return found;
  const manifest = join(found, "package.json");
  const { main }: { main?: string } = existsSync(manifest)
    ? JSON.parse(readFileSync(manifest, "utf8"))
    : {};
  const candidates = [...(main ? [main] : []), "index.ts", "index.js"];
  return candidates.map((file) => join(found, file)).find(existsSync);
}
