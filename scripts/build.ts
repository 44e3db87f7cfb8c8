import { cpSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import ts from "typescript";
import { buildLambdaBundle } from "../app/bundle.ts";

/**
 * Builds what the package ships into dist/: JavaScript and declarations of the files that
 * tsconfig.build.json names, the policy pack's manifest, and the Lambda bundle. What they import
 * beyond that, such as the app's sources, is checked but not written.
 */
const root = resolve(import.meta.dirname, "..");
const dist = join(root, "dist");
for (const folder of ["app", "components", "stacks", "policies", "offline"]) {
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
for (const name of config.fileNames) {
  const file = program.getSourceFile(name);
  if (!file || file.isDeclarationFile) continue;
  diagnostics.push(
    ...program.getSyntacticDiagnostics(file),
    ...program.getSemanticDiagnostics(file),
  );
  diagnostics.push(...program.emit(file).diagnostics);
}
if (diagnostics.length > 0) fail(diagnostics);

for (const file of ["PulumiPolicy.yaml", "package.json"]) {
  cpSync(join(root, "policies", file), join(dist, "policies", file));
}
buildLambdaBundle();
// To stderr: stdout is `npm pack`'s, which names its file there.
console.error(`${config.fileNames.length} files in ${dist}`);

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
