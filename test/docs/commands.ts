/** Commands in the console blocks of a document. */
import { fencesOf } from "./markdown.ts";

export interface DocumentedCommand {
  readonly line: number;
  /** Without its comment; of several lines if a quote or a backslash goes on. */
  readonly text: string;
}

export interface DocumentedCall {
  readonly line: number;
  /** What stands behind `chatstack`, taken apart as a shell does. */
  readonly args: readonly string[];
}

/** A step of a tutorial: a command, a file that a block shows, or what the command before it prints. */
export type Step =
  | (DocumentedCommand & { readonly kind: "command" })
  | { readonly kind: "file"; readonly line: number; readonly file: string; readonly text: string }
  | {
      readonly kind: "prints";
      readonly line: number;
      readonly text: string;
      readonly code: number;
    };

/** `<!-- writes -->` stands before a file whose first line names it, `<!-- prints -->` before output. */
export const stepsOf = (markdown: string): Step[] =>
  fencesOf(markdown).flatMap(({ line, language, comment, text }): Step[] => {
    if (["console", "bash", "sh", "shell"].includes(language))
      return commandsOf(text, line + 1).map((one) => ({ kind: "command", ...one }));
    const [, code] = /^prints(?:, exit code (\d))?$/.exec(comment) ?? [];
    if (comment.startsWith("prints"))
      return [{ kind: "prints", line, text, code: Number(code ?? 0) }];
    const [, file = ""] = /^(?:\/\/|#) (\S+)\n/.exec(text) ?? [];
    // JSON has no comments.
    const content = language === "json" ? text.slice(text.indexOf("\n")) : text;
    return comment === "writes" ? [{ kind: "file", line, file, text: content }] : [];
  });

/** Lines that a document shows; … stands for any text, and alone in a line for any lines. */
export const printedPattern = (text: string): RegExp =>
  new RegExp(
    text
      .split("\n")
      .map((line) =>
        line
          .split("…")
          .map((part) => part.replaceAll(/[^\w\s]/g, "\\$&"))
          .join(line.trim() === "…" ? "[^]*" : ".*"),
      )
      .join("\n"),
  );

export const documentedCommands = (markdown: string): DocumentedCommand[] =>
  stepsOf(markdown).flatMap((step) => (step.kind === "command" ? [step] : []));

/** Calls of `chatstack`; npm's scripts are called by the command's own names. */
export const documentedCalls = (markdown: string): DocumentedCall[] =>
  documentedCommands(markdown).flatMap(({ line, text }) =>
    callsIn(text).map((args) => ({ line, args })),
  );

function commandsOf(block: string, first: number): DocumentedCommand[] {
  const commands: DocumentedCommand[] = [];
  let unfinished = "";
  for (const [index, line] of block.split("\n").entries()) {
    const text = unfinished + line.replace(/(^|\s)#.*$/, "");
    const goesOn = text.endsWith("\\") || (text.split("'").length - 1) % 2 === 1;
    unfinished = goesOn ? `${text.replace(/\\$/, "")} ` : "";
    if (!goesOn && text.trim() !== "")
      commands.push({ line: first + index, text: text.trim().replace(/\s+/g, " ") });
  }
  return commands;
}

/** As npm's scripts are called, or the command itself, also within `$(…)`. */
export function callsIn(command: string): string[][] {
  const text = command.replace(/npm (run )?(start|check)( --)?(?=\s|$)/g, "chatstack $2");
  return [...text.matchAll(/(?:^|[\s(])chatstack(?=[\s)]|$)((?: +[^|&;)>\n]+)*)/g)].map(
    ([, args = ""]) => words(args),
  );
}

const words = (text: string): string[] =>
  [...text.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, bare]) => double ?? single ?? bare ?? "",
  );
