/**
 * `offline/check/reports/`: the formats that `chatstack check` writes.
 *
 * JUnit XML, for CI systems that show tests: one suite a stack, one case a rule that found nothing and
 * one a finding.
 */
import type { CheckReport, Finding, RuleInfo, StackReport } from "../report.ts";
import { gapTexts } from "./unjudged.ts";

export function junitReport(report: CheckReport): string {
  const suites = report.stacks.map((stack) => suite(stack, report.rules));
  if (report.failures.length > 0) {
    const unique = uniqueNames();
    const cases = report.failures.map((failure) =>
      testCase("chatstack", unique("chatstack", "check"), error(failure)),
    );
    suites.push(element("testsuite", { name: "chatstack check", ...counts(cases) }, cases));
  }
  const attributes = { name: "chatstack check", time: report.summary.seconds };
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element("testsuites", attributes, suites)}\n`;
}

function suite(stack: StackReport, rules: readonly RuleInfo[]): string {
  const { findings, failures } = stack;
  const name = stack.stack;
  const found = new Set(findings.map(({ rule }) => rule));
  const unique = uniqueNames();
  const cases = [
    ...failures.map((failure) => testCase(name, unique(name, "judged"), error(failure))),
    ...findings.map((finding) => {
      const classname = [name, finding.tenant].filter(Boolean).join(".");
      const own = `${finding.rule} ${finding.resource} ${propertyOf(finding)}`.trim();
      return testCase(classname, unique(classname, own), outcome(finding));
    }),
    ...rules
      .filter(({ id, levels }) => !found.has(id) && levels[name] !== "disabled")
      .map(({ id }) => testCase(name, id, [])),
  ];
  const gaps = gapTexts(stack).map((value) => element("property", { name: "gap", value }, []));
  const properties = gaps.length > 0 ? [element("properties", {}, gaps)] : [];
  return element("testsuite", { name, ...counts(cases) }, [...properties, ...cases]);
}

/** GitLab keeps one of several cases that have class and name in common. */
function uniqueNames() {
  const counts = new Map<string, number>();
  return (classname: string, name: string): string => {
    const key = `${classname} ${name}`;
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    return count === 1 ? name : `${name} (${count})`;
  };
}

/** What the message begins with: `pointInTimeRecovery.enabled is …`. */
const propertyOf = ({ message }: Finding): string =>
  /^(?:(?:exempt until [^:]*|cannot tell): )?(\S+) is /.exec(message)?.[1] ?? "";

function outcome({ verdict, level, message, fix, urn, file, line, known }: Finding): string[] {
  const text = `${message}${fix ? `\nFix: ${fix}` : ""}\n${urn}\n${file}:${line}`;
  if (verdict === "cannot-tell") return error(text);
  if (verdict === "exempt") return [element("skipped", { message }, [])];
  if (known) return [element("skipped", { message: `in the baseline: ${message}` }, [])];
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
