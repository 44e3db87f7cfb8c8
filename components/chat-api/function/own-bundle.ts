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
import { appLibrary, lambdaBundle } from "./lambda-bundle.ts";

/** A module of the app, as it lies beside this file's folder. */
const moduleOf = (path: string) =>
  resolve(import.meta.dirname, `../../../app/${path}${extname(import.meta.filename)}`);
/** The adapter between gateway events and an app's `fetch`. */
const handler = moduleOf("own-app/handler");
/** Lambda hands credentials over in the environment; what else the SDK looks for them in never runs. */
const credentials = moduleOf("lambda/credentials");

/** Where our part of a bundle comes from in the repository. */
const ours = ["app/", "dist/library/"].map((folder) =>
  join(import.meta.dirname, "../../..", folder),
);

/** From what a bundle was made: beside its folder, as `<folder>.json`. */
export interface OwnSources {
  readonly entry: string;
  readonly base: "chat-app" | "nothing";
  /** Absolute paths of the team's files that went into it, not those of packages. */
  readonly files: readonly string[];
}

/**
 * Bundles an app and returns the absolute path of a folder with `index.mjs` and what it loads later. The folder is
 * in `node_modules/.cache` of the project that the app is in.
 *
 * @param base what the app extends.
 * @throws what esbuild says of the sources.
 */
export function buildOwnBundle(entry: string, base: OwnSources["base"]): string {
  const project = projectOf(entry);
  const name = relative(project, entry).replaceAll(/[^a-zA-Z0-9]+/g, "-");
  const folder = join(project, "node_modules/.cache/chatstack", name);
  const isExtended = base === "chat-app";
  const { outputFiles, metafile } = buildSync({
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
    alias: {
      "@aws-sdk/credential-provider-node": credentials,
      "@aws-sdk/token-providers": credentials,
      // The library of the components that deploy the app, of whichever version the project has another.
      ...(isExtended && { "chatstack/app": join(appLibrary(), "index.js") }),
    },
    // For CommonJS packages, which ask for Node's own modules so.
    banner: {
      js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
    },
    logLevel: "silent",
    metafile: true,
    write: false,
  });
  const files = new Map(outputFiles.map(({ path, contents }) => [basename(path), contents]));
  if (isExtended) {
    for (const [file, bytes] of pdfReader()) files.set(file, bytes);
  }
  mkdirSync(folder, { recursive: true });
  for (const [file, bytes] of files) writeIfChanged(folder, file, bytes);
  for (const file of readdirSync(folder)) if (!files.has(file)) rmSync(join(folder, file));
  const sources: OwnSources = {
    entry,
    base,
    files: Object.keys(metafile.inputs)
      .filter((file) => file !== "index.js" && !/(^|\/)node_modules\//.test(file))
      .map((file) => resolve(project, file))
      .filter((file) => !ours.some((folder) => file.startsWith(folder))),
  };
  writeIfChanged(dirname(folder), `${name}.json`, Buffer.from(JSON.stringify(sources)));
  return folder;
}

/** What reads PDFs in a process of its own, as our bundle has it; without what it shares with that. */
function pdfReader(): ReadonlyMap<string, Uint8Array> {
  const [worker, pdfJs] = ["pdf-worker.mjs", "pdfjs.mjs"];
  const [bundled] = buildSync({
    absWorkingDir: lambdaBundle(),
    entryPoints: [worker],
    bundle: true,
    platform: "node",
    format: "esm",
    // Shipped as it is: it is one minified file.
    external: [`./${pdfJs}`],
    minify: true,
    write: false,
  }).outputFiles;
  if (bundled === undefined) throw new Error("esbuild wrote nothing that reads PDFs");
  return new Map([
    [worker, bundled.contents],
    [pdfJs, readFileSync(join(lambdaBundle(), pdfJs))],
  ]);
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
