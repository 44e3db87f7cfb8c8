/** `scripts/package/`: what the package holds beside compiled modules. */
import { rmSync, writeFileSync } from "node:fs";
import { relative, sep } from "node:path";
import ts from "typescript";

/**
 * The declarations that the package's entries need, rid of zod: its types need a newer compiler and module
 * resolution than a project may have, and say nothing that the types that are inferred from schemas do not
 * say. Declarations that no entry reaches are removed.
 *
 * @param ofSchemas paths below `dist` of modules whose schemas users have from an entry: these keep zod's types.
 * @returns texts by the path below `dist`.
 */
export function publicDeclarations(
  dist: string,
  entries: readonly string[],
  ofSchemas: ReadonlySet<string>,
): ReadonlyMap<string, string> {
  const options: ts.CompilerOptions = {
    module: ts.ModuleKind.NodeNext,
    target: ts.ScriptTarget.ESNext,
    strict: true,
    skipLibCheck: true,
    types: [],
  };
  // What is inferred from schemas needs zod's types and ours, and reading everybody else's takes ten times as long.
  const host: ts.CompilerHost = {
    ...ts.createCompilerHost(options),
    resolveModuleNameLiterals: (names, from) =>
      names.map(({ text }) =>
        /^(\.|zod$|zod\/)/.test(text)
          ? ts.resolveModuleName(
              text,
              from,
              options,
              ts.sys,
              undefined,
              undefined,
              ts.ModuleKind.ESNext,
            )
          : { resolvedModule: undefined },
      ),
  };
  const program = ts.createProgram(entries, options, host);
  const texts = new Map<string, string>();
  for (const file of program.getSourceFiles()) {
    if (!file.fileName.startsWith(dist + sep)) continue;
    const path = relative(dist, file.fileName);
    const kept = ofSchemas.has(path) ? file.text : withoutZod(file, program.getTypeChecker());
    const text = asBuilt(kept);
    if (text !== file.text) writeFileSync(file.fileName, text);
    texts.set(path, text);
  }
  for (const path of ts.sys.readDirectory(dist, [".d.ts"])) {
    if (!texts.has(relative(dist, path))) rmSync(path);
  }
  return texts;
}

/** The compiler writes names of modules into declarations as the sources have them. */
const asBuilt = (text: string) => text.replaceAll(/(from |import\()"(\.[^"]+)\.ts"/g, '$1"$2.js"');

interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** Types inferred from schemas are written out, and the schemas left out. */
function withoutZod(file: ts.SourceFile, checker: ts.TypeChecker): string {
  const imports = file.statements.filter(
    (one) =>
      ts.isImportDeclaration(one) &&
      ts.isStringLiteral(one.moduleSpecifier) &&
      /^zod(\/|$)/.test(one.moduleSpecifier.text),
  );
  const names = new Set(imports.flatMap(namesIn));
  if (names.size === 0) return file.text;
  const edits = file.statements.flatMap((one): Edit[] => {
    if (imports.includes(one)) return [{ from: one.getStart(), to: one.end, text: "" }];
    if (!namesIn(one).some((name) => names.has(name))) return [];
    if (!ts.isTypeAliasDeclaration(one)) return [{ from: one.pos, to: one.end, text: "" }];
    const written = writtenOut(checker.getTypeAtLocation(one.type), names, file, checker);
    return [{ from: one.type.getStart(), to: one.type.end, text: written }];
  });
  return edits.reduceRight(
    (text, edit) => text.slice(0, edit.from) + edit.text + text.slice(edit.to),
    file.text,
  );
}

function namesIn(node: ts.Node): string[] {
  if (ts.isIdentifier(node)) return [node.text];
  const names: string[] = [];
  node.forEachChild((child) => {
    names.push(...namesIn(child));
  });
  return names;
}

const flags =
  ts.NodeBuilderFlags.NoTruncation |
  ts.NodeBuilderFlags.InTypeAlias |
  ts.NodeBuilderFlags.MultilineObjectLiterals;

/** @param names of zod's: its own types, unlike those that it inferred, are `unknown`. */
function writtenOut(
  type: ts.Type,
  names: ReadonlySet<string>,
  file: ts.SourceFile,
  checker: ts.TypeChecker,
): string {
  const node = checker.typeToTypeNode(type, file, flags);
  if (node === undefined) throw new Error(`${file.fileName}: a type that cannot be written out`);
  const visit = (one: ts.Node): ts.Node =>
    ts.isTypeReferenceNode(one) && names.has(firstName(one.typeName))
      ? ts.factory.createKeywordTypeNode(ts.SyntaxKind.UnknownKeyword)
      : ts.visitEachChild(one, visit, undefined);
  return ts.createPrinter().printNode(ts.EmitHint.Unspecified, visit(node), file);
}

const firstName = (name: ts.EntityName): string =>
  ts.isIdentifier(name) ? name.text : firstName(name.left);
