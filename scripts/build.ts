import { cpSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import ts from "typescript";
import { buildFollower, buildLambdaBundle, buildLibrary } from "../app/bundle/bundle.ts";
import { generateOpenApiJson } from "../app/openapi/openapi.ts";
import manifest from "../package.json" with { type: "json" };
import { writeCommonJs } from "./package/commonjs.ts";
import { publicDeclarations } from "./package/declarations.ts";
import { writeStore } from "./package/store.ts";

/**
 * Builds what the package ships into dist/: JavaScript and declarations of the files that
 * tsconfig.build.json names and of what they import at run time, the policy pack's manifest, the
 * API's OpenAPI document, the Lambda bundle, and bundled libraries of the app and its stores. Types alone, and what is loaded in the repository only, are not written.
 * Declarations are those that the entries in package.json's `exports` need. `npm run typecheck` checks the sources; this does not.
 */
const root = resolve(import.meta.dirname, "..");
const dist = join(root, "dist");
for (const folder of [
  "app",
  "cli",
  "client",
  "components",
  "history",
  "operations",
  "stacks",
  "policies",
  "offline",
]) {
  rmSync(join(dist, folder), { recursive: true, force: true });
}

const host: ts.ParseConfigFileHost = {
  ...ts.sys,
  onUnRecoverableConfigFileDiagnostic: (diagnostic) => fail([diagnostic]),
};
const config = ts.getParsedCommandLineOfConfigFile(join(root, "tsconfig.build.json"), {}, host);
if (!config) throw new Error("tsconfig.build.json cannot be read");
const program = ts.createProgram(config.fileNames, config.options);
const diagnostics: ts.Diagnostic[] = [...config.errors];
/** Of what is shipped bundled: the package has their declarations, and those of all that these import. */
const libraries = new Map(
  Object.entries({
    "app/own-app/index.ts": "library/index",
    "history/index.ts": "store/index",
    "history/ai.ts": "store/ai",
    "history/langchain.ts": "store/langchain",
  }).map(([source, entry]) => [join(root, source), join(dist, entry)] as const),
);
const shipped = new Set(config.fileNames.filter((name) => !libraries.has(name)));
const declared = new Set(libraries.keys());
for (const name of shipped) emit(name, importsOf, shipped);
for (const name of declared)
  if (!shipped.has(name)) emit(name, (file) => everyImportOf(file), declared, true);
if (diagnostics.length > 0) fail(diagnostics);

for (const folder of ["library", "store"]) {
  rmSync(join(dist, folder), { recursive: true, force: true });
}
buildLibrary();
writeStore(root, dist);
for (const [source, entry] of libraries) {
  const module = relative(dirname(entry), join(dist, relative(root, source)));
  writeFileSync(`${entry}.d.ts`, `export * from "${module.replace(/\.ts$/, ".js")}";\n`);
}

const entries = Object.values(manifest.exports)
  .filter((one) => typeof one !== "string")
  .map((one) => relative(dist, join(root, one.import.default)));
const declarations = publicDeclarations(
  dist,
  entries.map((entry) => join(dist, entry.replace(/\.js$/, ".d.ts"))),
  // Of `chatstack/app`, whose users have zod's declarations anyway: Hono's routes are typed by it.
  new Set(["app/events/events.d.ts"]),
);
writeCommonJs(dist, entries, declarations);

for (const file of ["PulumiPolicy.yaml", "package.json"]) {
  cpSync(join(root, "policies", file), join(dist, "policies", file));
}
rmSync(join(dist, "templates"), { recursive: true, force: true });
cpSync(join(root, "templates"), join(dist, "templates"), { recursive: true });
writeFileSync(join(dist, "openapi.json"), generateOpenApiJson());
buildLambdaBundle();
buildFollower();
// To stderr: stdout is `npm pack`'s, which names its file there.
console.error(`${shipped.size} files in ${dist}`);

/** Emits a file, and adds what it imports to those that are still to be emitted. */
function emit(
  name: string,
  imports: (file: ts.SourceFile) => readonly string[],
  queue: Set<string>,
  declarationsOnly = false,
): void {
  const file = program.getSourceFile(name);
  if (!file || file.isDeclarationFile) return;
  diagnostics.push(
    ...program.getSyntacticDiagnostics(file),
    ...program.emit(file, undefined, undefined, declarationsOnly).diagnostics,
  );
  for (const imported of imports(file)) queue.add(imported);
}

/** Own files that a file imports for more than their types. */
function importsOf(file: ts.SourceFile): string[] {
  return everyImportOf(
    file,
    (one) => !(ts.isImportDeclaration(one) ? one.importClause : one)?.isTypeOnly,
  );
}

function everyImportOf(
  file: ts.SourceFile,
  isMeant: (one: ts.ImportDeclaration | ts.ExportDeclaration) => boolean = () => true,
): string[] {
  return file.statements
    .filter((one) => ts.isImportDeclaration(one) || ts.isExportDeclaration(one))
    .filter(isMeant)
    .flatMap(({ moduleSpecifier }) =>
      moduleSpecifier && ts.isStringLiteral(moduleSpecifier) ? [moduleSpecifier.text] : [],
    )
    .filter((specifier) => specifier.startsWith("."))
    .map((specifier) => resolve(dirname(file.fileName), specifier));
}

function fail(diagnostics: readonly ts.Diagnostic[]): never {
  console.error(
    ts.formatDiagnostics(diagnostics, {
      getCanonicalFileName: (name) => name,
      getCurrentDirectory: () => root,
      getNewLine: () => "\n",
    }),
  );
  process.exit(1);
}
