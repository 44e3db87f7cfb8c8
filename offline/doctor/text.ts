/** The doctor's findings for people: a table and below it what to do, with commands to copy. */
import { counted, type Style, type TextOptions, table, wordLines } from "../text.ts";
import type { Check, DoctorReport, StackReport, State } from "./report.ts";

export function doctorText(report: DoctorReport, options: TextOptions): string {
  const { machine, stacks, outcome } = report;
  const sections = [
    section("This machine", machine, options),
    ...stacks.map((one) => section(titleOf(one), one.checks, options)),
  ];
  const all = [...machine, ...stacks.flatMap(({ checks }) => checks)];
  const number = (state: State) => all.filter((check) => check.state === state).length;
  const sum = `${counted(number("missing"), "thing is", "things are")} missing, ${number("unknown")} unknown, ${number("ok")} ok.`;
  const isUnread = stacks.some(({ account }) => account === undefined);
  const hint = isUnread ? "\nNothing was read of an account: --account does." : "";
  return [...sections, options.paint(outcome === "ok" ? "green" : "red", sum) + hint].join("\n\n");
}

const titleOf = ({ stack, region, account }: StackReport): string =>
  `Stack ${stack}, ${region}, ${account === undefined ? "from its records" : `account ${account}`}`;

function section(title: string, checks: readonly Check[], options: TextOptions): string {
  const { paint } = options;
  const rows = checks.map(({ state, subject, why }) => [paint(styles[state], state), subject, why]);
  const lines = [paint("bold", title), table(["state", "check", "what was found"], rows, options)];
  const open = checks.filter(({ state, todo }) => state !== "ok" && todo !== undefined);
  if (open.length > 0)
    lines.push("", paint("bold", "To do"), ...open.flatMap((one) => todoLines(one, options.width)));
  return lines.join("\n");
}

function todoLines({ subject, state, todo }: Check, width: number): string[] {
  const text = `${subject} (${state}): ${todo?.text ?? ""}`;
  const commands = (todo?.commands ?? []).flatMap((command) => command.split("\n"));
  return [
    ...wordLines(text, Math.min(width, 80) - 4).map((line, at) =>
      at === 0 ? `- ${line}` : `  ${line}`,
    ),
    ...commands.map((line) => `    ${line}`),
  ];
}

const styles: Record<State, Style> = { ok: "green", missing: "red", unknown: "yellow" };
