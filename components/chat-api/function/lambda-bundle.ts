import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import type * as bundle from "../../../app/bundle/bundle.ts";

/** Where the package has both: `dist/`, with the `dist/components` that this folder is built to. */
const shipped = resolve(import.meta.dirname, "../../..");

/**
 * Folder of the Lambda function's code. The package ships it built; the repository builds it from the
 * app's sources, when a program asks for it and they have changed.
 */
export const lambdaBundle = (): string => folderOf("lambda", "index.mjs");

/** Folder of the app as a library, `chatstack/app`, in the same way. */
export const appLibrary = (): string => folderOf("library", "index.js");

/** Folder of the code of the function that keeps PostgreSQL in step, in the same way. */
export const followerBundle = (): string => folderOf("follower", "index.mjs");

function folderOf(name: "lambda" | "library" | "follower", entry: string): string {
  const folder = join(shipped, name);
  if (existsSync(join(folder, entry))) return folder;
  // Loaded here alone, because the package has neither the app's sources nor esbuild.
  const build: typeof bundle = createRequire(import.meta.url)("../../../app/bundle/bundle.ts");
  const builders = {
    lambda: build.buildLambdaBundle,
    library: build.buildLibrary,
    follower: build.buildFollower,
  };
  return builders[name]();
}
