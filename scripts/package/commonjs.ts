import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

const folder = "commonjs";

/**
 * What `require` resolves to: declarations in a folder whose modules are CommonJS, without which TypeScript up
 * to 5.7 refuses the import (TS1479), and for each entry a module that requires the ES module. So there is
 * one instance of every class and every module's state, however a program loads it; every version of Node
 * that `engines` allows can require ES modules.
 */
export function writeCommonJs(
  dist: string,
  entries: readonly string[],
  declarations: ReadonlyMap<string, string>,
): void {
  const target = join(dist, folder);
  rmSync(target, { recursive: true, force: true });
  for (const [path, text] of declarations) write(join(target, path), text);
  for (const entry of entries) {
    const file = join(target, entry);
    const module = relative(dirname(file), join(dist, entry));
    write(file, `module.exports = require("${module}");\n`);
  }
  write(join(target, "package.json"), `${JSON.stringify({ type: "commonjs" })}\n`);
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
