import { Ajv } from "ajv";
import { describe, expect, test } from "vitest";
import { baselineOf, readBaseline, weigh } from "../../offline/check/baseline.ts";
import {
  type CheckReport,
  type Finding,
  outcomeOf,
  type StackReport,
  summarize,
} from "../../offline/check/report.ts";
import { junitReport } from "../../offline/check/reports/junit.ts";
import { sarifReport } from "../../offline/check/reports/sarif.ts";
import { shortReport } from "../../offline/check/reports/short.ts";
import { textReport } from "../../offline/check/reports/text.ts";
import { sarifSchema } from "./sarif-schema.ts";

const finding = (more: Partial<Finding> = {}): Finding => ({
  rule: "ddb-pitr",
  level: "mandatory",
  severity: "critical",
  verdict: "violation",
  stack: "prod",
  tenant: "acme",
  urn: "urn:pulumi:prod::chatstack::aws:dynamodb/table:Table::acme-chat",
  type: "aws:dynamodb/table:Table",
  resource: "acme-chat",
  message: 'pointInTimeRecovery.enabled is "<absent>" & gone; allowed: true.',
  fix: "set pointInTimeRecovery: { enabled: true }.",
  file: "Pulumi.prod.yaml",
  line: 9,
  ...more,
});

function reportOf(findings: readonly Finding[], failures: readonly string[] = []): CheckReport {
  const stack: StackReport = {
    stack: "prod",
    file: "Pulumi.prod.yaml",
    environment: "production",
    resources: 3,
    findings,
    exemptions: [
      {
        rule: "ddb-pitr",
        resource: "acme-chat",
        reason: "a cache",
        owner: "platform@example.com",
        expires: "2027-01-31",
        state: "used",
        line: 12,
      },
    ],
    remediations: [],
    unjudged: [
      { type: "aws:ec2/instance:Instance", resources: 2, why: "no-rule" },
      { type: "awsx:ec2:Vpc", resources: 1, why: "opaque" },
    ],
    unanswered: [{ function: "aws:ec2/getAmi:getAmi", calls: 1 }],
    failures,
  };
  const rule = (id: string, level: "mandatory" | "advisory") => ({
    id,
    description: `${id} must be so. Otherwise data is lost.`,
    fix: "set pointInTimeRecovery: { enabled: true }.",
    service: "DynamoDB",
    severity: "critical" as const,
    kind: "resource" as const,
    frameworks: ["cdk-nag:AwsSolutions-DDB3"],
    levels: { prod: level },
  });
  const rules = [rule("ddb-pitr", "mandatory"), rule("ddb-cost-ceiling", "advisory")];
  return {
    version: 1,
    folder: "",
    outcome: outcomeOf([stack], []),
    summary: summarize([stack], [], rules.length, 1.5),
    stacks: [stack],
    rules,
    failures: [],
  };
}

const advisory = finding({ rule: "ddb-cost-ceiling", level: "advisory", message: "x is 1." });
const exempt = finding({ verdict: "exempt", message: "exempt until 2027-01-31 by a (b): x is 1" });

const gaps = [
  "not judged: 2 resources of 1 type that no rule is about: aws:ec2/instance:Instance (2)",
  "not judged: what these components are made of: awsx:ec2:Vpc",
  "unknown: what AWS answers to aws:ec2/getAmi:getAmi",
];

describe("the outcome", () => {
  test.each([
    ["clean", [], []],
    ["clean", [advisory, exempt], []],
    ["violations", [finding(), advisory], []],
    ["could-not-judge", [finding({ verdict: "cannot-tell", level: "advisory" })], []],
    ["could-not-judge", [finding()], ["the pack died"]],
  ] as const)("is %s (%#)", (outcome, findings, failures) => {
    expect(reportOf(findings, failures).outcome).toBe(outcome);
  });
});

describe("SARIF", () => {
  const log = sarifReport(reportOf([finding(), advisory, exempt], ["the pack died"]), "1.2.3");
  const run = log.runs[0]!;

  test("has what version 2.1.0 requires, and nothing that it forbids", () => {
    const validate = new Ajv({ allErrors: true, strict: false }).compile(sarifSchema);
    expect([validate(log), validate.errors]).toEqual([true, null]);
  });

  test("points at the tenant's line in the stack file", () => {
    expect(run.results[0]!.locations[0]!.physicalLocation).toEqual({
      artifactLocation: { uri: "Pulumi.prod.yaml", uriBaseId: "%SRCROOT%" },
      region: { startLine: 9 },
    });
  });

  test("points at the program's file as the repository sees it", () => {
    const file = "src/a #1 file.ts";
    const report = { ...reportOf([finding({ file, line: 4 })]), folder: "infra" };
    const [located] = sarifReport(report, "1").runs[0]!.results[0]!.locations;
    expect(located!.physicalLocation).toEqual({
      artifactLocation: { uri: "infra/src/a%20%231%20file.ts", uriBaseId: "%SRCROOT%" },
      region: { startLine: 4 },
    });
  });

  test("has a name for each rule that is not its id", () => {
    expect(run.tool.driver.rules.map(({ name }) => name)).toEqual(["DdbPitr", "DdbCostCeiling"]);
  });

  test("tells what was not judged, as notes that fail nothing", () => {
    const { invocations } = sarifReport(reportOf([]), "1").runs[0]!;
    expect(invocations[0]).toEqual({
      executionSuccessful: true,
      toolExecutionNotifications: gaps.map((text) => ({
        level: "note",
        message: { text: `prod: ${text}` },
      })),
    });
  });

  test("names the rule by id and index, with help and the number that GitHub sorts by", () => {
    const { ruleId, ruleIndex, level } = run.results[0]!;
    const rule = run.tool.driver.rules[ruleIndex!]!;
    expect([ruleId, level, rule.id]).toEqual(["ddb-pitr", "error", "ddb-pitr"]);
    expect(rule.help.text).toContain("Fix: set pointInTimeRecovery");
    expect(rule.properties["security-severity"]).toBe("9.5");
    expect(rule.properties.tags).toContain("cdk-nag:AwsSolutions-DDB3");
  });

  test("keeps a result's fingerprint while rule, resource and property stay", () => {
    const fingerprint = (one: Finding): string =>
      sarifReport(reportOf([one]), "1").runs[0]!.results[0]!.partialFingerprints
        .primaryLocationLineHash;
    const moved = finding({ line: 20, message: "pointInTimeRecovery.enabled is false; allowed" });
    expect(fingerprint(moved)).toBe(fingerprint(finding()));
    expect(fingerprint(finding({ urn: "another" }))).not.toBe(fingerprint(finding()));
    expect(fingerprint(finding({ message: "hashKey is 1" }))).not.toBe(fingerprint(finding()));
  });

  test("hands exempt findings over as suppressed, advisories as notes, failures as such", () => {
    expect(run.results.map(({ level }) => level)).toEqual(["error", "note", "error"]);
    expect(run.results[2]!.suppressions![0]!.justification).toContain("2027-01-31");
    expect(run.invocations[0]).toMatchObject({
      executionSuccessful: false,
      toolExecutionNotifications: [
        { level: "error", message: { text: "prod: the pack died" } },
        ...gaps.map(() => ({ level: "note" })),
      ],
    });
  });
});

describe("what fails a check", () => {
  const low = finding({ level: "advisory", severity: "low" });
  const high = finding({ level: "advisory", severity: "high" });

  test.each([
    ["mandatory", [low, high], "clean"],
    ["advisory", [low], "violations"],
    ["high", [low], "clean"],
    ["high", [high], "violations"],
    ["critical", [high], "clean"],
    ["low", [low], "violations"],
    ["critical", [finding()], "violations"],
  ] as const)("on %s (%#)", (failOn, findings, outcome) => {
    expect(weigh(reportOf(findings), { failOn }).outcome).toBe(outcome);
  });
});

describe("a baseline", () => {
  const old = finding();
  const baseline = baselineOf(reportOf([old, finding({ resource: "b", urn: "gone" })]));

  test("lets what it lists pass, in every report, and fails on what is new", () => {
    const moved = finding({ line: 77 });
    const report = weigh(reportOf([moved]), { baseline });
    expect(report).toMatchObject({
      outcome: "clean",
      summary: { violations: 0, known: 1 },
      mended: 1,
    });
    expect(sarifReport(report, "1").runs[0]!.results[0]).toMatchObject({
      baselineState: "unchanged",
    });
    expect(junitReport(report)).toContain('failures="0" errors="0" skipped="1"');
    const more = weigh(reportOf([old, finding({ urn: "new" })]), { baseline });
    expect(more).toMatchObject({ outcome: "violations", summary: { violations: 1, known: 1 } });
    expect(sarifReport(more, "1").runs[0]!.results.map((one) => one.baselineState)).toEqual([
      "unchanged",
      "new",
    ]);
  });

  test("is not of other stacks, and holds nothing that cannot be told", () => {
    const elsewhere = {
      ...baseline,
      findings: baseline.findings.map((one) => ({ ...one, stack: "dev" })),
    };
    expect(weigh(reportOf([old]), { baseline: elsewhere }).outcome).toBe("violations");
    const unclear = reportOf([finding({ verdict: "cannot-tell" }), exempt]);
    expect(baselineOf(unclear).findings).toEqual([]);
  });

  test("that is missing or something else is refused by name", () => {
    expect(() => readBaseline("nowhere.json")).toThrow("nowhere.json: no such baseline");
    expect(() => readBaseline("package.json")).toThrow("package.json: found no baseline");
  });
});

describe("JUnit", () => {
  const xml = junitReport(reportOf([finding(), advisory, exempt], ["the pack died"]));

  test("counts a failure for a violation and an error for what was not judged", () => {
    expect(xml).toContain('<testsuite name="prod" tests="4" failures="1" errors="1" skipped="1">');
  });

  test("names every case differently, also two findings of a rule on a resource", () => {
    const several = junitReport(
      reportOf(
        [finding(), finding({ message: "streamEnabled is 1." }), finding({ urn: "other" })],
        ["one", "two"],
      ),
    );
    const names = [...several.matchAll(/<testcase classname="([^"]*)" name="([^"]*)"/g)].map(
      ([, classname, name]) => `${classname} ${name}`,
    );
    expect(names).toHaveLength(6);
    expect(new Set(names).size).toBe(names.length);
  });

  test("tells what was not judged, as properties of the suite", () => {
    for (const gap of gaps) expect(xml).toContain(`<property name="gap" value="${gap}">`);
  });

  test("escapes what XML reserves", () => {
    expect(xml).toContain("&quot;&lt;absent&gt;&quot; &amp; gone");
    expect(xml).not.toContain("<absent>");
  });

  test("has a passing case for a rule that found nothing", () => {
    const clean = junitReport(reportOf([]));
    expect(clean).toContain('<testcase classname="prod" name="ddb-pitr"></testcase>');
    expect(clean).toContain('failures="0" errors="0"');
  });
});

describe("the table", () => {
  const options = { width: 120, paint: (_style: string, text: string) => text };
  const text = textReport(reportOf([finding(), advisory], ["the pack died"]), options);

  test("shows resource, rule, level, found, reason and fix under the tenant", () => {
    const shown = text.replaceAll(/[│\s]+/g, " ");
    expect(shown).toContain("prod (production) · tenant acme Pulumi.prod.yaml:9");
    expect(shown).toContain("acme-chat ddb-pitr");
    expect(shown).toContain("mandatory, critical");
    expect(shown).toContain("Why: ddb-pitr must be so. Otherwise data is lost.");
    expect(shown).toContain("Fix: set pointInTimeRecovery: { enabled: true }.");
  });

  test("tells what was not judged", () => {
    const shown = text.replaceAll(/\s+/g, " ");
    for (const gap of gaps) expect(shown).toContain(gap);
  });

  test("has a line for each finding, no wider than the terminal, where asked to be short", () => {
    const short = shortReport(reportOf([finding(), advisory], ["the pack died"]), {
      ...options,
      width: 80,
    }).split("\n");
    expect(short[0]).toMatch(
      /^Pulumi\.prod\.yaml:9 prod mandatory ddb-pitr acme-chat: pointInTime/,
    );
    expect(short.filter((line) => line.length > 80)).toEqual([]);
    expect(short.join(" ")).toContain("could not judge: prod: the pack died");
    expect(short.join(" ")).toContain("prod: not judged: 2 resources");
  });

  test("shows no control character of a name in a short line", () => {
    const odd = { ...finding(), resource: "acme\u001b[2J\nchat" };
    const [line = ""] = shortReport(reportOf([odd]), { ...options, width: 200 }).split("\n");
    expect(line).toContain("acme [2J chat: pointInTime");
  });

  test("keeps advisories apart and lists exemptions with their expiry", () => {
    expect(text.indexOf("advisories\n")).toBeGreaterThan(text.indexOf("ddb-pitr"));
    expect(text).toMatch(/2027-01-31/);
    expect(text).toContain("platform@example.com");
  });

  test("ends with why something was not judged, and one line of figures", () => {
    expect(text).toContain("prod: the pack died");
    expect(text.split("\n").at(-1)).toBe(
      "could not judge: prod · 1 violation, 1 advisory, 1 failure · 3 resources by 2 rules in 1.5 s",
    );
  });

  test.each([
    ["mandatory", "ddb-pitr", "ddb-cost-ceiling"],
    ["advisory", "ddb-cost-ceiling", "mandatory, critical"],
  ] as const)("shows only what is %s when asked", (level, shown, hidden) => {
    const one = textReport(reportOf([finding(), advisory]), { ...options, level });
    expect(one).toContain(shown);
    expect(one).not.toContain(hidden);
  });
});
