import { createHash } from "node:crypto";
import {
  accessSync,
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

const folder = join(dist, "lambda");
/** Beside the folder: whatever lies in the folder is deployed. */
const recordFile = join(dist, "lambda.json");

let built = false;

/**
 * Builds the Lambda function's code and returns the absolute path of its folder, `dist/lambda`:
 * `index.mjs`, and what it loads later, in files named by their content. Synchronous, since a Pulumi
 * program creates its resources synchronously. The same sources give the same bytes, so an `up`
 * without changes changes nothing; and no process builds what another has built from the same
 * sources, since building takes longer than everything else in the evaluation of a stack.
 */
export function buildLambdaBundle(): string {
  if (built) return folder;
  const sources = digestOfSources();
  if (!isBuiltFrom(sources)) {
    refuseUnwritable();
    // Loaded here alone: esbuild, and the app whose OpenAPI document goes into the bundle.
    const { bundleFiles }: typeof builder = createRequire(import.meta.url)("./bundle-files.ts");
    const files = bundleFiles();
    for (const [name, bytes] of files) writeIfChanged(join(folder, name), bytes);
    for (const name of readdirSync(folder)) if (!files.has(name)) rmSync(join(folder, name));
    writeIfChanged(recordFile, Buffer.from(recordOf(sources)));
  }
  built = true;
  return folder;
}

/** @throws Error where the checkout is read-only and its bundle was not built before. */
function refuseUnwritable(): void {
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
function recordOf(sources: string): string {
  const files = readdirSync(folder).toSorted();
  const digests = files.map((name) => [name, digest(readFileSync(join(folder, name)))]);
  return `${JSON.stringify({ sources, files: Object.fromEntries(digests) }, undefined, 2)}\n`;
}

function isBuiltFrom(sources: string): boolean {
  if (!existsSync(recordFile) || !existsSync(folder)) return false;
  return readFileSync(recordFile, "utf8") === recordOf(sources);
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
