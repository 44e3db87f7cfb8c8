/** Calls of `chatstack` in the console blocks of a document. */

export interface DocumentedCall {
  readonly line: number;
  /** What stands behind `chatstack`, taken apart as a shell does. */
  readonly args: readonly string[];
}

export function documentedCalls(markdown: string): DocumentedCall[] {
  const calls: DocumentedCall[] = [];
  let isConsole = false;
  let unfinished = "";
  for (const [index, line] of markdown.split("\n").entries()) {
    const fence = /^\s*```(\w*)/.exec(line);
    if (fence) isConsole = ["console", "bash", "sh"].includes(fence[1] ?? "");
    if (fence || !isConsole) continue;
    if (line.endsWith("\\")) {
      unfinished += `${line.slice(0, -1)} `;
      continue;
    }
    for (const text of callsIn(unfinished + line))
      calls.push({ line: index + 1, args: words(text) });
    unfinished = "";
  }
  return calls;
}

/** As npm's scripts are called, or the command itself, also within `$(…)`. */
function callsIn(line: string): string[] {
  const code = line
    .replace(/(^|\s)#.*$/, "")
    .replace(/npm (run )?(start|check)( --)?(?=\s|$)/g, "chatstack $2");
  return [...code.matchAll(/(?:^|[\s(])chatstack(?=[\s)]|$)((?: +[^|&;)>\n]+)*)/g)].map(
    ([, args = ""]) => args,
  );
}

const words = (text: string): string[] =>
  [...text.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, bare]) => double ?? single ?? bare ?? "",
  );
