/** The peers are a package of their own, installed by the first benchmark that compares with them. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

export const peersFolder = join(import.meta.dirname, "peers");

/** Runs `npm ci` once; npm's own record of what is installed is what tells. */
export function installPeers(): void {
  if (existsSync(join(peersFolder, "node_modules/.package-lock.json"))) return;
  console.error("installing what is compared with: npm ci --prefix bench/peers (0.5 GB)");
  execFileSync("npm", ["ci"], { cwd: peersFolder, stdio: ["ignore", 2, 2] });
}

/** A module of `bench/peers`, in plain JavaScript so that nothing there is needed to type-check. */
export function importPeer<T>(file: string): Promise<T> {
  return import(pathToFileURL(join(peersFolder, file)).href);
}

export function versionOf(name: string): string {
  const manifest = join(peersFolder, "node_modules", name, "package.json");
  return JSON.parse(readFileSync(manifest, "utf8")).version;
}
