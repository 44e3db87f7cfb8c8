import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type BuildOptions, buildSync, type OutputFile } from "esbuild";
import * as zod from "zod";
import { headerNames } from "../openapi/header-names.ts";
import { generateOpenApiJson } from "../openapi/openapi.ts";
import { buildReferenceTemplate } from "../reference/build.ts";
import { dist, root, writeIfChanged } from "./written-files.ts";

const pdfJs = "pdfjs.mjs";
const pdfWorker = "pdf-worker";

/**
 * File names and contents. The SDK is bundled too: the one in Lambda's runtime changes under a
 * function's feet. What the code imports dynamically becomes a file of its own, loaded by its
 * first use.
 */
export function bundleFiles(): ReadonlyMap<string, Uint8Array> {
  const files = buildApp({
    entryPoints: { index: "app/lambda/lambda.ts", [pdfWorker]: "app/documents/pdf-worker.ts" },
    outExtension: { ".js": ".mjs" },
    // Shipped as it is: it is one minified file, and minifying it again takes longer than all else.
    external: [`./${pdfJs}`],
  });
  return new Map([
    ...files,
    [pdfJs, readFileSync(fileURLToPath(import.meta.resolve("unpdf/pdfjs")))],
  ]);
}

/**
 * The same app as a library, `chatstack/app`, for functions that extend it. It does not contain Hono: an
 * extension's routes must use the same copy of Hono as the extension.
 */
export function libraryFiles(): ReadonlyMap<string, Uint8Array> {
  return new Map([
    ...buildApp({ entryPoints: { index: "app/own-app/index.ts" }, external: ["hono", "hono/*"] }),
    // Beside the library as beside a bundle.
    [`${pdfWorker}.mjs`, Buffer.from(`import "../lambda/${pdfWorker}.mjs";\n`)],
  ]);
}

/** The code of the function that keeps PostgreSQL in step with a table's stream. */
export function followerFiles(): ReadonlyMap<string, Uint8Array> {
  return buildApp({
    entryPoints: { index: "app/sql/function.ts" },
    outExtension: { ".js": ".mjs" },
  });
}

/** With what is generated at build time, and without what never runs on Lambda. */
function buildApp(options: BuildOptions): ReadonlyMap<string, Uint8Array> {
  const zodFile = join(dist, "zod.mjs");
  writeIfChanged(zodFile, zodWithoutLanguages());
  const page = buildReferenceTemplate();
  const outputs = build({
    splitting: true,
    outdir: "dist/lambda",
    minify: true,
    legalComments: "none",
    define: {
      OPENAPI_JSON: JSON.stringify(generateOpenApiJson()),
      HEADER_NAMES: JSON.stringify(JSON.stringify(headerNames())),
      REFERENCE_BEFORE: JSON.stringify(page.before),
      REFERENCE_AFTER: JSON.stringify(page.after),
      REFERENCE_POLICY: JSON.stringify(page.policy),
      PDF_WORKER: JSON.stringify(`./${pdfWorker}.mjs`),
    },
    alias: {
      zod: zodFile,
      "@asteasolutions/zod-to-openapi": "./app/bundle/zod-to-openapi.ts",
      "@aws-sdk/credential-provider-node": "./app/lambda/credentials.ts",
      "@aws-sdk/token-providers": "./app/lambda/credentials.ts",
      "unpdf/pdfjs": `./${pdfJs}`,
    },
    ...options,
  });
  return new Map(outputs.map(({ path, contents }) => [basename(path), contents] as const));
}

/**
 * zod without its error messages in 50 languages, 320 KB that `@hono/zod-openapi` holds on to by
 * importing the namespace `z`, which nothing in the bundle uses.
 */
function zodWithoutLanguages(): Uint8Array {
  const holders = ["locales", "core", "z", "default"];
  const names = Object.keys(zod).filter((name) => !holders.includes(name));
  const [output] = build({
    stdin: {
      contents: `export { ${names.join(", ")} } from "zod"; export const z = {};`,
      resolveDir: root,
    },
  });
  if (output === undefined) throw new Error("esbuild wrote no zod");
  return output.contents;
}

function build(options: BuildOptions): readonly OutputFile[] {
  return buildSync({
    absWorkingDir: root,
    // Names of files depend on paths: a linked node_modules must be where it is linked.
    preserveSymlinks: true,
    bundle: true,
    platform: "node",
    target: "node24",
    format: "esm",
    mainFields: ["module", "main"],
    ...options,
    write: false,
  }).outputFiles;
}
