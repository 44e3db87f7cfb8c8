/**
 * `app/bundle/`: the function's code as Lambda gets it, and the same app as a library.
 */
import { createHash } from "node:crypto";
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
} from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type * as builder from "./bundle-files.ts";
import { dist, root, writeIfChanged } from "./written-files.ts";

const built = new Set<Target>();

/** Folder in `dist/`, and what goes into it. */
const targets = {
  lambda: "bundleFiles",
  library: "libraryFiles",
  follower: "followerFiles",
} as const;
type Target = keyof typeof targets;

/**
 * Builds the Lambda function's code and returns the absolute path of its folder, `dist/lambda`:
 * `index.mjs`, and what it loads later, in files named by their content. Synchronous, since a Pulumi
 * program creates its resources synchronously. The same sources give the same bytes, so an `up`
 * without changes changes nothing; and no process builds what another has built from the same
 * sources, since building takes longer than everything else in the evaluation of a stack.
 */
export const buildLambdaBundle = (): string => build("lambda");

/** Builds the app as a library in the same way, and returns the path of its folder, `dist/library`. */
export const buildLibrary = (): string => build("library");

/** Builds the code of the function that keeps PostgreSQL in step, and returns the path of its folder, `dist/follower`. */
export const buildFollower = (): string => build("follower");

function build(target: Target): string {
  const folder = join(dist, target);
  if (built.has(target)) return folder;
  // Beside the folder: whatever lies in the folder is deployed.
  const recordFile = `${folder}.json`;
  const sources = digestOfSources();
  if (!isBuiltFrom(sources, folder, recordFile)) {
    refuseUnwritable(folder);
    // Loaded here alone: esbuild, and the app whose OpenAPI document goes into the bundle.
    const builders: typeof builder = createRequire(import.meta.url)("./bundle-files.ts");
    const files = builders[targets[target]]();
    for (const [name, bytes] of files) writeIfChanged(join(folder, name), bytes);
    for (const name of readdirSync(folder)) if (!files.has(name)) rmSync(join(folder, name));
    writeIfChanged(recordFile, Buffer.from(recordOf(sources, folder)));
    for (const path of [dist, folder]) letRead(path, 0o755);
    for (const path of [recordFile, ...[...files.keys()].map((name) => join(folder, name))]) {
      letRead(path, 0o644);
    }
  }
  built.add(target);
  return folder;
}

/** Whoever runs a stack may read the code, also where somebody whose files are private built it. */
function letRead(path: string, mode: number): void {
  try {
    chmodSync(path, mode);
  } catch {
    // It is another user's, who made it as it is.
  }
}

/** @throws Error where the checkout is read-only and its bundle was not built before. */
function refuseUnwritable(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
    for (const place of [dist, folder]) accessSync(place, constants.W_OK);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? ` (${error.code})` : "";
    throw new Error(
      `${dist}: this user may not write here${code}, and the function's code is built into it. ` +
        "Run `npm run bundle` in the checkout once, as a user who may; or give this user write access; or work in a copy",
      { cause: error },
    );
  }
}

/** What the folder was built from, and what is in it now: a changed file there is built anew. */
function recordOf(sources: string, folder: string): string {
  const files = readdirSync(folder).toSorted();
  const digests = files.map((name) => [name, digest(readFileSync(join(folder, name)))]);
  return `${JSON.stringify({ sources, files: Object.fromEntries(digests) }, undefined, 2)}\n`;
}

function isBuiltFrom(sources: string, folder: string, recordFile: string): boolean {
  if (!existsSync(recordFile) || !existsSync(folder)) return false;
  return readFileSync(recordFile, "utf8") === recordOf(sources, folder);
}

/**
 * Every file of `app/`, which imports nothing of ours from elsewhere, and the versions of the
 * packages that npm installed. Whoever edits a package by hand removes `dist/` too.
 */
function digestOfSources(): string {
  const app = join(root, "app");
  const files = readdirSync(app, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .toSorted();
  const installed = join(root, "node_modules/.package-lock.json");
  const hash = createHash("sha256");
  for (const file of [...files, installed]) hash.update(`${file}\0`).update(readFileSync(file));
  return hash.digest("hex");
}

const digest = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
