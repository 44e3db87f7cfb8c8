import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/**
 * Path of a file of a package, as a program in `from` would find it; `undefined` where the package is not
 * installed.
 *
 * @param from absolute path of a file or, with a slash at its end, of a folder.
 */
export function inPackage(from: string, name: string, path: string): string | undefined {
  try {
    return join(dirname(createRequire(from).resolve(`${name}/package.json`)), path);
  } catch {
    return undefined;
  }
}
