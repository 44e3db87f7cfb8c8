/**
 * `offline/check/reports/`: the formats that `chatstack check` writes.
 *
 * JUnit XML, for CI systems that show tests: one suite a stack, one case a rule that found nothing and
 * one a finding.
 */
import type { CheckReport, Finding, RuleInfo, StackReport } from "../report.ts";

export function junitReport(report: CheckReport): string {
  const suites = report.stacks.map((stack) => suite(stack, report.rules));
  if (report.failures.length > 0) {
    const cases = report.failures.map((failure) => testCase("chatstack", "check", error(failure)));
    suites.push(element("testsuite", { name: "chatstack check", ...counts(cases) }, cases));
  }
  const attributes = { name: "chatstack check", time: report.summary.seconds };
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element("testsuites", attributes, suites)}\n`;
}

function suite({ stack, findings, failures }: StackReport, rules: readonly RuleInfo[]): string {
  const found = new Set(findings.map(({ rule }) => rule));
  const cases = [
    ...failures.map((failure) => testCase(stack, "judged", error(failure))),
    ...findings.map((finding) =>
      testCase(
        [stack, finding.tenant].filter(Boolean).join("."),
        `${finding.rule} ${finding.resource}`,
        outcome(finding),
      ),
    ),
    ...rules
      .filter(({ id, levels }) => !found.has(id) && levels[stack] !== "disabled")
      .map(({ id }) => testCase(stack, id, [])),
  ];
  return element("testsuite", { name: stack, ...counts(cases) }, cases);
}

function outcome({ verdict, level, message, fix, urn }: Finding): string[] {
  const text = `${message}${fix ? `\nFix: ${fix}` : ""}\n${urn}`;
  if (verdict === "cannot-tell") return error(text);
  if (verdict === "exempt") return [element("skipped", { message }, [])];
  if (level === "advisory") return [element("system-out", {}, [escapeXml(`advisory: ${text}`)])];
  return [element("failure", { message, type: level }, [escapeXml(text)])];
}

const error = (text: string): string[] => [
  element("error", { message: text.split("\n")[0] ?? "", type: "could-not-judge" }, [
    escapeXml(text),
  ]),
];

const testCase = (classname: string, name: string, content: readonly string[]): string =>
  element("testcase", { classname, name }, content);

const counts = (cases: readonly string[]) => ({
  tests: cases.length,
  failures: cases.filter((one) => one.includes("<failure ")).length,
  errors: cases.filter((one) => one.includes("<error ")).length,
  skipped: cases.filter((one) => one.includes("<skipped ")).length,
});

function element(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  content: readonly string[],
): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeXml(value)}"`);
  return `<${name}${written.join("")}>${content.join("\n")}</${name}>`;
}

/** XML 1.0 has no way to write most control characters: they are dropped. */
function escapeXml(value: string | number): string {
  const entities: Record<string, string> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
  };
  return String(value)
    .replace(/[^\P{Cc}\t\n\r]/gu, "")
    .replace(/[&<>"]/g, (character) => entities[character] ?? character);
}
