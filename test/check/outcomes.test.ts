import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { type CheckOptions, check } from "../../offline/check/check.ts";
import { isViolation } from "../../offline/check/report.ts";

const repository = resolve(import.meta.dirname, "../..");
const root = join(import.meta.dirname, "project");
const packs = join(import.meta.dirname, "packs");

/** Checks stacks of the small project by the real pack, started as the CLI starts it. */
const checkStack = (stack: string, options: CheckOptions = {}) =>
  check({ root, stacks: [stack], pack: join(repository, "policies"), ...options });

/** Everything that the report gives as a reason for not having judged. */
const reasons = (report: Awaited<ReturnType<typeof check>>) =>
  [...report.failures, ...report.stacks.flatMap(({ failures }) => failures)].join("\n");

test("a stack of secure components is clean, whatever is advised", async () => {
  const report = await checkStack("clean");

  expect(reasons(report)).toBe("");
  expect(report.outcome).toBe("clean");
  expect(report.summary.advisories).toBeGreaterThan(0);
  expect(report.summary.rules).toBeGreaterThan(50);
});

test("so are the stacks that ship, by every rule", async () => {
  const report = await check({ root: repository });

  const violations = report.stacks.flatMap(({ findings }) => findings.filter(isViolation));
  expect(violations).toEqual([]);
  expect(reasons(report)).toBe("");
  expect(report.outcome).toBe("clean");
  expect(report.stacks.map(({ environment }) => environment)).toEqual([
    "development",
    "production",
  ]);
});

test("a mandatory violation names rule, resource, what was found, what is allowed, and the fix", async () => {
  const report = await checkStack("violation");

  expect(report.outcome).toBe("violations");
  const finding = report.stacks[0]?.findings.find(({ rule }) => rule === "ddb-pitr");
  expect(finding).toMatchObject({
    level: "mandatory",
    severity: "critical",
    verdict: "violation",
    stack: "violation",
    resource: "bare",
    type: "aws:dynamodb/table:Table",
    message: "pointInTimeRecovery.enabled is absent; allowed: true.",
    fix: "set pointInTimeRecovery: { enabled: true }.",
  });
});

describe("what could not be judged is never a pass:", () => {
  test("a rule that throws, even an advisory one", async () => {
    const report = await checkStack("clean", { pack: join(packs, "throws") });

    expect(report.outcome).toBe("could-not-judge");
    expect(reasons(report)).toContain("table-thrower");
    expect(reasons(report)).toContain("this rule has a fault");
  });

  test("a pack that dies while it judges", async () => {
    const report = await checkStack("clean", { pack: join(packs, "dies") });

    expect(report.outcome).toBe("could-not-judge");
    expect(reasons(report)).toContain('policy pack "dies" ended: exit code 3');
    expect(reasons(report)).toContain("last words of the pack");
  });

  test("a pack that does not start", async () => {
    const report = await checkStack("clean", { pack: join(packs, "broken") });

    expect(report.outcome).toBe("could-not-judge");
    expect(reasons(report)).toContain("this pack cannot even be loaded");
  });

  test("a value that nobody knows before the update", async () => {
    const report = await checkStack("unknown", { rules: ["ddb-pitr"] });

    expect(report.outcome).toBe("could-not-judge");
    expect(report.stacks[0]?.findings).toMatchObject([
      { resource: "other", verdict: "violation" },
      {
        resource: "unclear",
        verdict: "cannot-tell",
        level: "mandatory",
        message: "cannot tell: pointInTimeRecovery.enabled is unknown until the update runs",
      },
    ]);
  });

  test("two resources with one URN", async () => {
    const report = await checkStack("duplicate");

    expect(report.outcome).toBe("could-not-judge");
    expect(reasons(report)).toContain("duplicate resource URN");
    expect(reasons(report)).toContain("twin");
  });

  test("a program that throws", async () => {
    const report = await checkStack("error");

    expect(report.outcome).toBe("could-not-judge");
    expect(reasons(report)).toContain("the program has a fault");
  });

  test("a stack that is not there, while the others are judged", async () => {
    const report = await checkStack("nowhere", { stacks: ["violation", "nowhere"] });

    expect(report.outcome).toBe("could-not-judge");
    expect(report.failures[0]).toContain("Pulumi.nowhere.yaml");
    expect(report.summary.violations).toBeGreaterThan(0);
  });

  test("a rule that is asked for and not there", async () => {
    const report = await checkStack("clean", { rules: ["ddb-pitr", "ddb-pitrr"] });

    expect(report.outcome).toBe("could-not-judge");
    expect(report.failures).toEqual([
      "--rule ddb-pitrr: no such rule; `chatstack check --list` names them",
    ]);
  });

  test("a pack whose every rule is disabled", async () => {
    const policyConfig = { all: { enforcementLevel: "disabled" as const } };
    const report = await checkStack("violation", { policyConfig });

    expect(report.outcome).toBe("could-not-judge");
    expect(report.failures).toEqual(["violation: every rule is disabled, so nothing was judged"]);
  });

  test.each([
    ["a setting of the wrong type", { "ddb-pitr-days": { days: "many" } }, "ddb-pitr-days.days"],
    ["a setting out of bounds", { "ddb-pitr-days": { days: 36 } }, "must be <= 35"],
    ["an unknown setting", { "ddb-pitr-days": { day: 7 } }, '"day"'],
    ["an unknown rule", { "ddb-pitr-day": { days: 7 } }, "ddb-pitr-day: no such rule"],
  ])("policy config with %s", async (_, policyConfig, cause) => {
    const report = await checkStack("clean", { policyConfig });

    expect(report.outcome).toBe("could-not-judge");
    expect(reasons(report)).toContain(cause);
  });
});

describe("policy config works as in the engine:", () => {
  test("a rule's setting replaces its default, the others keep theirs", async () => {
    const policyConfig = { "own-parent": { enforcementLevel: "disabled" as const } };
    const report = await checkStack("violation", { policyConfig });

    const rules = report.stacks[0]?.findings.map(({ rule }) => rule);
    expect(rules).toContain("ddb-pitr");
    expect(rules).not.toContain("own-parent");
  });

  test("`all` sets every rule's level but those that name their own", async () => {
    const policyConfig = {
      all: { enforcementLevel: "advisory" as const },
      "ddb-pitr": { enforcementLevel: "mandatory" as const },
    };
    const report = await checkStack("violation", { policyConfig });

    const mandatory = report.stacks[0]?.findings.filter(({ level }) => level === "mandatory");
    expect(mandatory?.map(({ rule }) => rule)).toEqual(["ddb-pitr"]);
  });

  test("what a remediation would change is told, and the resource judged as it is", async () => {
    const policyConfig = { "ddb-pitr": { enforcementLevel: "remediate" as const } };
    const report = await checkStack("violation", { policyConfig, rules: ["ddb-pitr"] });

    expect(report.stacks[0]?.remediations).toMatchObject([
      { rule: "ddb-pitr", resource: "bare", properties: ["pointInTimeRecovery"] },
    ]);
    expect(report.outcome).toBe("violations");
  });
});
