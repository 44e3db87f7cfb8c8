/** The summary of a fleet run for people. */
import { counted, type Style, type TextOptions, table } from "../../offline/text.ts";
import { type Changes, changeKinds } from "./engine/engine.ts";
import type { FleetReport, StackResult, WaveResult } from "./report.ts";

const styles: Readonly<Record<StackResult["result"], Style>> = {
  succeeded: "green",
  failed: "red",
  refused: "red",
  interrupted: "yellow",
  skipped: "dim",
};

export function fleetText(report: FleetReport, options: TextOptions): string {
  const { stacks, waves, summary, operation, run } = report;
  const { paint } = options;
  const counts = (["succeeded", "failed", "refused", "interrupted", "skipped"] as const)
    .filter((result) => summary[result] > 0)
    .map((result) => `${summary[result]} ${result}`);
  const style = report.outcome === "succeeded" ? "green" : "red";
  const parts = [
    ...(waves.length > 1
      ? waves.flatMap((wave) => [
          waveHeading(wave, options),
          stacksTable(inWave(wave, stacks), report, options),
        ])
      : [stacksTable(stacks, report, options)]),
    refusedNote(stacks),
    lockNote(stacks),
    `${paint(style, `${operation} ${report.outcome}`)}: ${counts.join(", ")} in ${summary.seconds.toFixed(1)} s`,
    report.outcome === "failed" &&
      run !== "" &&
      `To finish it: chatstack fleet ${operation} --resume`,
  ];
  return parts.filter(Boolean).join("\n");
}

/** What the previews say, for the question whether to go on. */
export const previewText = (previewed: readonly StackResult[], options: TextOptions): string => {
  const rows = previewed.map(({ stack, result, preview, causes, losses = [] }) => [
    stack,
    options.paint(styles[result], result === "succeeded" ? "may go on" : result),
    preview ? changesText(preview) : "",
    [...folded(causes), ...(result === "succeeded" ? losses.map(lossLine) : [])].join("\n"),
  ]);
  return table(["stack", "preview", "would change", "cause"], rows, options);
};

function stacksTable(
  stacks: readonly StackResult[],
  { operation }: FleetReport,
  options: TextOptions,
): string {
  const { paint } = options;
  const rows = stacks.map((stack) => [
    stack.stack,
    paint(styles[stack.result], stack.result) + (stack.earlier ? "\nearlier" : ""),
    changesTold(stack, operation),
    stack.seconds.toFixed(1) + (stack.tries > 1 ? `\n${stack.tries} tries` : ""),
    folded(stack.causes).join("\n"),
  ]);
  const head = ["stack", "result", "changes", "seconds", "cause"];
  return table(head, rows, options, ["seconds", "changes"]);
}

function changesTold({ result, changes }: StackResult, operation: string): string {
  if (result === "skipped") return "";
  return result === "refused" && operation !== "preview" ? "nothing touched" : changesText(changes);
}

const inWave = (wave: WaveResult, stacks: readonly StackResult[]): StackResult[] =>
  stacks.filter(({ stack }) => wave.stacks.includes(stack));

function waveHeading({ name, stacks, outcome, check }: WaveResult, { paint }: TextOptions): string {
  const style = { succeeded: "green", failed: "red", skipped: "dim" } as const;
  return [
    paint("bold", name),
    counted(stacks.length, "stack", "stacks"),
    paint(style[outcome], outcome),
    check && `check after it ${check}`,
  ]
    .filter(Boolean)
    .join(" · ");
}

const lossLine = ({ type, resource, reason }: { type: string; resource: string; reason: string }) =>
  `${type} ${resource}: ${reason}`;

/** As many causes of one kind are told in full; of more, the resources' names. */
const fewCauses = 3;

/** One line for the many resources of which the engine says the same, as of all that a stack protects. */
function folded(causes: readonly string[]): string[] {
  const groups = Map.groupBy(causes, (cause) => /^\S+ \S+?: (.+)$/s.exec(cause)?.[1] ?? cause);
  return [...groups].flatMap(([message, alike]) => {
    if (alike.length <= fewCauses) return alike;
    const names = alike.slice(0, fewCauses).map((cause) => cause.slice(0, -message.length - 2));
    const more = alike.length - fewCauses;
    return [`${message}: ${alike.length} resources (${names.join(", ")} and ${more} more)`];
  });
}

function refusedNote(stacks: readonly StackResult[]): string {
  const losing = stacks.filter(({ result, losses }) => result === "refused" && losses?.length);
  const names = losing.map(({ stack }) => stack).join(" ");
  return losing.length > 0
    ? `To give up the data that would be lost: --allow-data-loss ${names}`
    : "";
}

/** What an operation that was cut short leaves behind, and how to be rid of it. */
function lockNote(stacks: readonly StackResult[]): string {
  const locked = stacks.filter(({ mayHoldLock }) => mayHoldLock);
  if (locked.length === 0) return "";
  const commands = locked.map(({ stack }) => `  pulumi cancel --stack ${stack}`);
  return [
    "These may hold a lock. If no update of them runs anywhere, clear it, or resume with --cancel-interrupted:",
    ...commands,
  ].join("\n");
}

/** `2 create, 40 same` */
export function changesText(changes: Changes): string {
  const made = changeKinds.filter((kind) => changes[kind] > 0);
  if (made.length === 0) return "no resources";
  return made.map((kind) => `${changes[kind]} ${kind}`).join(", ");
}
