import { Ajv } from "ajv";
import { describe, expect, test } from "vitest";
import {
  type CheckReport,
  type Finding,
  outcomeOf,
  type StackReport,
  summarize,
} from "../../offline/check/report.ts";
import { junitReport } from "../../offline/check/reports/junit.ts";
import { sarifReport } from "../../offline/check/reports/sarif.ts";
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
    outcome: outcomeOf([stack], []),
    summary: summarize([stack], [], rules.length, 1.5),
    stacks: [stack],
    rules,
    failures: [],
  };
}

const advisory = finding({ rule: "ddb-cost-ceiling", level: "advisory", message: "x is 1." });
const exempt = finding({ verdict: "exempt", message: "exempt until 2027-01-31 by a (b): x is 1" });

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
      toolExecutionNotifications: [{ message: { text: "prod: the pack died" } }],
    });
  });
});

describe("JUnit", () => {
  const xml = junitReport(reportOf([finding(), advisory, exempt], ["the pack died"]));

  test("counts a failure for a violation and an error for what was not judged", () => {
    expect(xml).toContain('<testsuite name="prod" tests="4" failures="1" errors="1" skipped="1">');
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
