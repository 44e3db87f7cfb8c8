import { describe, expect, test } from "vitest";
import { deletionProtection } from "./dynamodb/protection.ts";
import { pitr } from "./dynamodb/recovery.ts";
import { indexStack, judgeStack } from "./judge.ts";
import type { Exemption } from "./reading/stack-config.ts";
import { resourceRule, stackRule } from "./rule.ts";
import { tlsOnly as queueTls } from "./sqs/rules.ts";
import { judge, plainStack, resource, settingOf, unknown } from "./testing.ts";

const table = resource("aws:dynamodb/table:Table", {}, { name: "acme-chat" });

describe("a finding", () => {
  test("names resource, property, what was found, what is allowed, and the fix", () => {
    expect(judge(deletionProtection, [table])).toEqual([
      {
        rule: "ddb-deletion-protection",
        urn: "urn:pulumi:test::chatstack::aws:dynamodb/table:Table::acme-chat",
        property: "deletionProtectionEnabled",
        verdict: "violation",
        message:
          "deletionProtectionEnabled is absent; allowed: true. Fix: set deletionProtectionEnabled: true.",
      },
    ]);
  });

  test("never shows what a block holds", () => {
    const rule = resourceRule({
      ...base(),
      judge: (_, report) => report("block", { password: "hunter2" }, "none"),
    });
    expect(judge(rule, [table])[0]?.message).toBe("block is set; allowed: none. Fix: fix.");
  });

  test("tells what is empty from what is absent", () => {
    const rule = resourceRule({ ...base(), judge: (_, report) => report("text", "", "some") });
    expect(judge(rule, [table])[0]?.message).toBe("text is empty; allowed: some. Fix: fix.");
  });

  test("says that the rule could not judge the resource when it throws", () => {
    const rule = resourceRule({
      ...base(),
      judge: () => {
        throw new TypeError("a bug");
      },
    });
    expect(judge(rule, [table])).toEqual([
      {
        rule: "base",
        urn: table.urn,
        property: "",
        verdict: "cannot-tell",
        message: "cannot tell: a bug",
        isFault: true,
      },
    ]);
  });

  test("never quotes a text that is not JSON", () => {
    const rule = resourceRule({ ...base(), judge: () => JSON.parse("hunter2") });
    expect(judge(rule, [table])[0]?.message).toBe("cannot tell: a text is not JSON");
  });
});

describe("an exemption", () => {
  const exemption: Exemption = {
    rule: "ddb-pitr",
    resource: "acme-chat",
    reason: "load test",
    owner: "platform@example.org",
    expires: "2026-11-01",
  };
  const verdicts = (change: Partial<Exemption>) =>
    judge(pitr, [table], {
      stack: { ...plainStack, exemptions: [{ ...exemption, ...change }] },
    }).map(({ verdict }) => verdict);

  test.each([
    ["names the resource", {}],
    ["names it by URN", { resource: table.urn }],
    ["names it by pattern", { resource: "acme-*" }],
  ])("that %s holds until the end of its last day", (_, change) => {
    expect(verdicts(change)).toEqual(["exempt"]);
  });

  test.each([
    ["expired yesterday", { expires: "2026-10-31" }],
    ["is of another rule", { rule: "ddb-sse-cmk" }],
    ["names another resource", { resource: "globex-*" }],
  ])("that %s changes nothing", (_, change) => {
    expect(verdicts(change)).toEqual(["violation"]);
  });

  test("shows who answers for it, and why", () => {
    const [finding] = judge(pitr, [table], { stack: { ...plainStack, exemptions: [exemption] } });
    expect(finding?.message).toMatch(
      /^exempt until 2026-11-01 by platform@example.org \(load test\): pointInTimeRecovery.enabled is absent/,
    );
  });
});

describe("a stack rule", () => {
  const rule = stackRule({
    ...base(),
    judge: ({ props }, report) => {
      if (props.ok !== true) report("ok", undefined, "true");
    },
  });

  test("judges every subject, though one before it cannot be judged", () => {
    const tables = [unknown, false, true].map((ok, index) =>
      resource("aws:dynamodb/table:Table", { ok }, { name: `${index}` }),
    );
    const findings = judgeStack(rule, indexStack(tables, plainStack));
    expect(findings.map(({ urn, verdict }) => [urn.split("::").at(-1), verdict])).toEqual([
      ["0", "cannot-tell"],
      ["1", "violation"],
    ]);
  });

  test("judges every subject, though one before it has a policy that is no JSON", () => {
    const queues = ["oops", "null", '"hunter2"', "{}"].map((policy, index) =>
      resource("aws:sqs/queue:Queue", { policy }, { name: `${index}` }),
    );
    const findings = judgeStack(queueTls, indexStack(queues, plainStack));
    expect(findings.map(({ urn, message }) => [urn.split("::").at(-1), message])).toEqual([
      ["0", "cannot tell: policy document is not JSON"],
      ["1", "cannot tell: policy document is not JSON"],
      ["2", "cannot tell: policy document is not JSON"],
      ["3", expect.stringContaining("policy is absent")],
    ]);
  });

  test("finds settings by dependency, by literal name and in lists, once each", () => {
    const bucket = resource(
      "aws:s3/bucket:Bucket",
      { bucket: "docs", id: "docs" },
      { name: "docs" },
    );
    const byId = settingOf(bucket, "a:b:Setting", {});
    const byName = resource("a:b:Setting", { bucket: "docs" });
    const inList = resource("a:b:Setting", { bucket: [unknown, "docs"] });
    const stack = indexStack(
      [bucket, byId, byName, inList, resource("a:b:Setting", {})],
      plainStack,
    );
    expect(stack.namedBy(bucket, "bucket", "a:b:*")).toEqual([byId, byName, inList]);
    expect(stack.namedBy(bucket, "bucket", "a:b:Other")).toEqual([]);
  });
});

function base() {
  return {
    id: "base",
    service: "Test",
    description: "description",
    reason: "reason",
    fix: "fix.",
    severity: "low",
    level: "mandatory",
    frameworks: [],
    types: ["aws:dynamodb/table:Table"],
  } as const;
}
