import { globSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import ts from "typescript";

export const root = resolve(import.meta.dirname, "../../..");

export interface Pattern {
  /** File and line. */
  readonly place: string;
  readonly file: string;
  readonly text: string;
  /** Undefined where the source puts it together: then what it is made of must be looked at. */
  readonly pattern: { readonly source: string; readonly flags: string } | undefined;
}

/** Every regular expression that these folders hold, as the compiler reads their sources. */
export function patternsIn(folders: readonly string[]): Pattern[] {
  return folders
    .flatMap((folder) => globSync(`${folder}/**/*.ts`, { cwd: root }))
    .filter((file) => !file.endsWith(".test.ts") && !file.includes("node_modules"))
    .toSorted()
    .flatMap(patternsOf);
}

function patternsOf(file: string): Pattern[] {
  const text = readFileSync(join(root, file), "utf8");
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest);
  const found: Pattern[] = [];
  const visit = (node: ts.Node): void => {
    const line = source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
    const add = (pattern: Pattern["pattern"]) =>
      found.push({ place: `${file}:${line}`, file, text: node.getText(source), pattern });
    if (ts.isRegularExpressionLiteral(node)) {
      const end = node.text.lastIndexOf("/");
      add({ source: node.text.slice(1, end), flags: node.text.slice(end + 1) });
    } else if (ts.isNewExpression(node) && node.expression.getText(source) === "RegExp") {
      const [pattern, flags] = node.arguments ?? [];
      const isPlain = pattern !== undefined && ts.isStringLiteralLike(pattern);
      const hasPlainFlags = flags === undefined || ts.isStringLiteralLike(flags);
      add(
        isPlain && hasPlainFlags
          ? { source: pattern.text, flags: flags === undefined ? "" : flags.text }
          : undefined,
      );
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}
