/** The report of `--short`: a line a finding, no wider than the terminal. */
import { type TextOptions, wrapped } from "../../text.ts";
import { type CheckReport, type Finding, isAdvisory, isViolation } from "../report.ts";
import { type ReportOptions, summaryLine } from "./text.ts";
import { gapTexts } from "./unjudged.ts";

export function shortReport(report: CheckReport, options: ReportOptions): string {
  const findings = report.stacks.flatMap((stack) => stack.findings).filter(isShown(options));
  const failures = [
    ...report.failures,
    ...report.stacks.flatMap(({ stack, failures }) => failures.map((one) => `${stack}: ${one}`)),
  ];
  const gaps = report.stacks.flatMap((stack) =>
    gapTexts(stack).map((text) => cut(`${stack.stack}: ${text}`, options)),
  );
  return [
    ...findings.map((finding) => findingLine(finding, options)),
    ...failures.map((failure) => wrapped(`could not judge: ${failure}`, options)),
    ...gaps,
    wrapped(summaryLine(report, options), options),
  ].join("\n");
}

const isShown =
  ({ level }: ReportOptions) =>
  (finding: Finding): boolean =>
    finding.verdict === "cannot-tell" ||
    (level !== "advisory" && isViolation(finding)) ||
    (level !== "mandatory" && isAdvisory(finding));

function findingLine(finding: Finding, options: TextOptions): string {
  const { file, line, rule, resource, level, verdict, stack } = finding;
  const mark = verdict === "cannot-tell" ? verdict : level;
  return cut(`${file}:${line} ${stack} ${mark} ${rule} ${resource}: ${finding.message}`, options);
}

/** In one line. Control characters, which names of resources may have, would move the terminal's cursor. */
const cut = (text: string, { width }: TextOptions): string => {
  const line = text.replace(/\p{Cc}+/gu, " ");
  return line.length > width ? `${line.slice(0, Math.max(1, width - 1))}…` : line;
};
