import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, extname, join, relative, resolve } from "node:path";
import { buildSync } from "esbuild";

/** The adapter between gateway events and an app's `fetch`, as it lies beside this file's folder. */
const handler = resolve(
  import.meta.dirname,
  `../../../app/own-app/handler${extname(import.meta.filename)}`,
);

/**
 * Bundles an app and returns the absolute path of a folder with `index.mjs` and what it loads later. The folder is
 * in `node_modules/.cache` of the project that the app is in.
 *
 * @throws what esbuild says of the sources.
 */
export function buildOwnBundle(entry: string): string {
  const project = projectOf(entry);
  const name = relative(project, entry).replaceAll(/[^a-zA-Z0-9]+/g, "-");
  const folder = join(project, "node_modules/.cache/chatstack", name);
  const { outputFiles } = buildSync({
    absWorkingDir: project,
    stdin: {
      contents: `import app from ${JSON.stringify(entry)};\nimport { handlerOf } from ${JSON.stringify(handler)};\nexport const handler = handlerOf(app);\n`,
      resolveDir: project,
      sourcefile: "index.js",
    },
    entryNames: "index",
    bundle: true,
    platform: "node",
    target: "node24",
    format: "esm",
    mainFields: ["module", "main"],
    splitting: true,
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    minify: true,
    legalComments: "none",
    // For CommonJS packages, which ask for Node's own modules so.
    banner: {
      js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
    },
    logLevel: "silent",
    write: false,
  });
  const files = new Map(outputFiles.map(({ path, contents }) => [basename(path), contents]));
  mkdirSync(folder, { recursive: true });
  for (const [file, bytes] of files) writeIfChanged(folder, file, bytes);
  for (const file of readdirSync(folder)) if (!files.has(file)) rmSync(join(folder, file));
  return folder;
}

/** The nearest folder above with a package.json. */
function projectOf(entry: string): string {
  let folder = dirname(entry);
  while (!existsSync(join(folder, "package.json"))) {
    const above = dirname(folder);
    if (above === folder) return dirname(entry);
    folder = above;
  }
  return folder;
}

/** Another process may be reading the file: it is replaced in one step. */
function writeIfChanged(folder: string, name: string, bytes: Uint8Array): void {
  const file = join(folder, name);
  if (existsSync(file) && readFileSync(file).equals(bytes)) return;
  // Not beside the file, where it would be deployed.
  const temporary = `${folder}.${process.pid}-${name}`;
  writeFileSync(temporary, bytes);
  renameSync(temporary, file);
}
