/** Which file of this repository takes what from which other file or package, read from the sources. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import ts from "typescript";

export interface Import {
  /** The file that imports, from the repository's root: `cli/program.ts`. */
  readonly from: string;
  /** A file from the repository's root, a package as it is written (`node:net`), or a global: `fetch`. */
  readonly to: string;
  readonly line: number;
  /** `type`: nothing of it is left at run time. */
  readonly kind: "type" | "value";
  /** Whether `to` is a file of the repository. */
  readonly isFile: boolean;
}

const isSource = (path: string) => /\.([mc]?ts|[mc]?js)$/.test(path);

/** Every file that git knows or would add, from the repository's root. */
export function filesOf(root: string): string[] {
  const listed = execFileSync("git", ["ls-files", "-z", "-co", "--exclude-standard"], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  const isThere = (path: string) => path !== "" && existsSync(join(root, path));
  return listed.split("\0").filter(isThere).sort();
}

export const readSources = (root: string): Map<string, string> =>
  new Map(
    filesOf(root)
      .filter(isSource)
      .map((path) => [path, readFileSync(join(root, path), "utf8")]),
  );

/**
 * Static, dynamic and type imports, `require`, and every text that leads to another source from where
 * it stands: workers, `new URL("./x.ts", import.meta.url)`, `join(import.meta.dirname, "x.ts")`.
 */
export function importsOf(sources: ReadonlyMap<string, string>): Import[] {
  return [...sources].flatMap(([path, text]) => importsOfFile(path, text, sources));
}

function importsOfFile(from: string, text: string, sources: ReadonlyMap<string, string>): Import[] {
  const file = ts.createSourceFile(from, text, ts.ScriptTarget.Latest, true);
  const found: Import[] = [];
  const add = (node: ts.Node, to: string, kind: Import["kind"], isFile: boolean) => {
    const { line } = file.getLineAndCharacterOfPosition(node.getStart(file));
    found.push({ from, to, line: line + 1, kind, isFile });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node)) {
      const target = posix.join(posix.dirname(from), node.text);
      const isLocal = /^\.\.?\//.test(node.text) || isBesideDirname(node);
      if (isLocal && sources.has(target)) add(node, target, kindOf(node), true);
      else if (isLoaded(node) && !/^\.\.?\//.test(node.text)) {
        add(node, node.text, kindOf(node), false);
      }
    }
    const callee = ts.isCallExpression(node) || ts.isNewExpression(node) ? node.expression : node;
    if (callee !== node && ts.isIdentifier(callee) && openers.has(callee.text)) {
      add(node, callee.text, "value", false);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

/** Globals that open a socket. */
const openers = new Set(["fetch", "WebSocket", "EventSource"]);

/** The text names a module: of an import or export, `import("…")`, `require("…")`, `createRequire(…)("…")`. */
function isLoaded({ parent }: ts.StringLiteralLike): boolean {
  if (ts.isImportDeclaration(parent) || ts.isExportDeclaration(parent)) return true;
  if (ts.isLiteralTypeNode(parent)) return ts.isImportTypeNode(parent.parent);
  if (!ts.isCallExpression(parent)) return false;
  const { expression } = parent;
  return (
    expression.kind === ts.SyntaxKind.ImportKeyword ||
    (ts.isIdentifier(expression) && expression.text === "require") ||
    (ts.isCallExpression(expression) && expression.expression.getText() === "createRequire")
  );
}

/** `join(import.meta.dirname, "worker.ts")` */
const isBesideDirname = ({ parent }: ts.StringLiteralLike): boolean =>
  ts.isCallExpression(parent) &&
  parent.arguments.length === 2 &&
  parent.arguments[0]?.getText() === "import.meta.dirname";

function kindOf({ parent }: ts.StringLiteralLike): Import["kind"] {
  if (ts.isLiteralTypeNode(parent)) return "type";
  if (ts.isExportDeclaration(parent)) return parent.isTypeOnly ? "type" : "value";
  if (!ts.isImportDeclaration(parent)) return "value";
  const { importClause: clause } = parent;
  if (!clause) return "value";
  if (clause.isTypeOnly) return "type";
  const named = clause.namedBindings;
  const onlyTypes =
    !clause.name &&
    named !== undefined &&
    ts.isNamedImports(named) &&
    named.elements.length > 0 &&
    named.elements.every(({ isTypeOnly }) => isTypeOnly);
  return onlyTypes ? "type" : "value";
}

/** Files that import each other, one list for each knot, each in an order in which it can be walked. */
export function circlesOf(imports: readonly Import[]): string[][] {
  const next = new Map<string, Set<string>>();
  for (const { from, to, isFile } of imports) {
    if (isFile && from !== to) next.set(from, (next.get(from) ?? new Set()).add(to));
  }
  return knotsOf(next).map((knot) => circleIn(knot, next));
}

/** Tarjan's strongly connected components of more than one file. */
function knotsOf(next: ReadonlyMap<string, ReadonlySet<string>>): Set<string>[] {
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const knots: Set<string>[] = [];
  const lowOf = (file: string) => low.get(file) ?? 0;
  const visit = (file: string): void => {
    index.set(file, index.size);
    low.set(file, index.size - 1);
    stack.push(file);
    for (const other of next.get(file) ?? []) {
      if (!index.has(other)) visit(other);
      if (stack.includes(other)) low.set(file, Math.min(lowOf(file), lowOf(other)));
    }
    if (lowOf(file) !== index.get(file)) return;
    const knot = new Set(stack.splice(stack.indexOf(file)));
    if (knot.size > 1) knots.push(knot);
  };
  for (const file of next.keys()) if (!index.has(file)) visit(file);
  return knots;
}

/** The shortest way from the knot's first file back to itself. */
function circleIn(
  knot: ReadonlySet<string>,
  next: ReadonlyMap<string, ReadonlySet<string>>,
): string[] {
  const [start = ""] = [...knot].sort();
  let ways = [[start]];
  for (;;) {
    ways = ways.flatMap((way) =>
      [...(next.get(way.at(-1) ?? "") ?? [])]
        .filter((file) => knot.has(file) && (file === start || !way.includes(file)))
        .map((file) => [...way, file]),
    );
    const closed = ways.find((way) => way.at(-1) === start);
    if (closed) return closed;
  }
}
