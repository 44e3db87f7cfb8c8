import { cpSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import ts from "typescript";
import { buildLambdaBundle } from "../app/lambda/bundle.ts";
import { generateOpenApiJson } from "../app/openapi/openapi.ts";
import manifest from "../package.json" with { type: "json" };
import { writeCommonJs } from "./package/commonjs.ts";
import { publicDeclarations } from "./package/declarations.ts";

/**
 * Builds what the package ships into dist/: JavaScript and declarations of the files that
 * tsconfig.build.json names and of what they import at run time, the policy pack's manifest, the
 * API's OpenAPI document and the Lambda bundle. Types alone, and what is loaded in the repository only, are not written.
 * Declarations are those that the entries in package.json's `exports` need.
 */
const root = resolve(import.meta.dirname, "..");
const dist = join(root, "dist");
for (const folder of [
  "app",
  "cli",
  "client",
  "components",
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
const shipped = new Set(config.fileNames);
for (const name of shipped) {
  const file = program.getSourceFile(name);
  if (!file || file.isDeclarationFile) continue;
  diagnostics.push(
    ...program.getSyntacticDiagnostics(file),
    ...program.getSemanticDiagnostics(file),
  );
  diagnostics.push(...program.emit(file).diagnostics);
  for (const imported of runtimeImports(file)) shipped.add(imported);
}
if (diagnostics.length > 0) fail(diagnostics);

const entries = Object.values(manifest.exports)
  .filter((one) => typeof one !== "string")
  .map((one) => relative(dist, join(root, one.import.default)));
const declarations = publicDeclarations(
  dist,
  entries.map((entry) => join(dist, entry.replace(/\.js$/, ".d.ts"))),
);
writeCommonJs(dist, entries, declarations);

for (const file of ["PulumiPolicy.yaml", "package.json"]) {
  cpSync(join(root, "policies", file), join(dist, "policies", file));
}
writeFileSync(join(dist, "openapi.json"), generateOpenApiJson());
buildLambdaBundle();
// To stderr: stdout is `npm pack`'s, which names its file there.
console.error(`${shipped.size} files in ${dist}`);

/** Own files that a file imports for more than their types. */
function runtimeImports(file: ts.SourceFile): string[] {
  return file.statements
    .filter((one) => ts.isImportDeclaration(one) || ts.isExportDeclaration(one))
    .filter((one) => !(ts.isImportDeclaration(one) ? one.importClause : one)?.isTypeOnly)
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
