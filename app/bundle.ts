import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { type BuildOptions, buildSync } from "esbuild";
import * as zod from "zod";
import { generateOpenApiJson } from "./openapi.ts";

const root = dirname(import.meta.dirname);
const dist = join(root, "dist");

let built: string | undefined;

/**
 * Builds the Lambda function's code and returns the absolute path of its folder, `dist/lambda`, which
 * holds `index.mjs` alone. Synchronous, since a Pulumi program creates its resources synchronously;
 * once a process. The same sources give the same bytes, so an `up` without changes changes nothing.
 */
export function buildLambdaBundle(): string {
  if (built === undefined) {
    const folder = join(dist, "lambda");
    writeIfChanged(join(folder, "index.mjs"), bundleBytes());
    built = folder;
  }
  return built;
}

/** The SDK is bundled too: the one in Lambda's runtime changes under a function's feet. */
export function bundleBytes(): Uint8Array {
  const zodFile = join(dist, "zod.mjs");
  writeIfChanged(zodFile, zodWithoutLanguages());
  return build({
    entryPoints: ["app/lambda.ts"],
    minify: true,
    legalComments: "none",
    define: { OPENAPI_JSON: JSON.stringify(generateOpenApiJson()) },
    alias: {
      zod: zodFile,
      "@asteasolutions/zod-to-openapi": "./app/lambda/zod-to-openapi.ts",
      "@aws-sdk/credential-provider-node": "./app/lambda/credentials.ts",
      "@aws-sdk/token-providers": "./app/lambda/credentials.ts",
    },
  });
}

/**
 * zod without its error messages in 50 languages, 320 KB that `@hono/zod-openapi` holds on to by
 * importing the namespace `z`, which nothing in the bundle uses.
 */
function zodWithoutLanguages(): Uint8Array {
  const holders = ["locales", "core", "z", "default"];
  const names = Object.keys(zod).filter((name) => !holders.includes(name));
  return build({
    stdin: {
      contents: `export { ${names.join(", ")} } from "zod"; export const z = {};`,
      resolveDir: root,
    },
  });
}

function build(options: BuildOptions): Uint8Array {
  const { outputFiles } = buildSync({
    absWorkingDir: root,
    bundle: true,
    platform: "node",
    target: "node24",
    format: "esm",
    mainFields: ["module", "main"],
    ...options,
    write: false,
  });
  const [output] = outputFiles;
  if (output === undefined) throw new Error("esbuild wrote no bundle");
  return output.contents;
}

/** Another process may be reading the file, or writing the same: it is replaced in one step. */
function writeIfChanged(file: string, bytes: Uint8Array): void {
  if (existsSync(file) && readFileSync(file).equals(bytes)) return;
  mkdirSync(dirname(file), { recursive: true });
  // Not beside the file: whatever lies in that folder is deployed.
  const temporary = join(dist, `.${process.pid}-${basename(file)}`);
  writeFileSync(temporary, bytes);
  renameSync(temporary, file);
}
