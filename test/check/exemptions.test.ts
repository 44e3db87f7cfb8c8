import { join, resolve } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { check } from "../../offline/check/check.ts";
import type { CheckReport, StackReport } from "../../offline/check/report.ts";

let report: CheckReport;
let stack: StackReport;

beforeAll(async () => {
  report = await check({
    root: join(import.meta.dirname, "project"),
    stacks: ["exempt"],
    pack: resolve(import.meta.dirname, "../../policies"),
  });
  stack = report.stacks[0]!;
});

const findings = (rule: string) => stack.findings.filter((finding) => finding.rule === rule);

describe("exemptions of a stack's config", () => {
  test("take a violation out of the verdict, and leave it in the report", () => {
    expect(findings("ddb-pitr")).toMatchObject([{ resource: "bare", verdict: "exempt" }]);
    expect(report.summary.exempt).toBe(1);
  });

  test("hold for one rule and one resource, not for others", () => {
    expect(findings("tenant-tags").every(({ verdict }) => verdict === "violation")).toBe(true);
  });

  test("no longer hold once they have expired, and are violations themselves", () => {
    expect(findings("own-parent")).toMatchObject([{ verdict: "violation", level: "mandatory" }]);
    const expired = findings("own-exemption").find(({ message }) => message.includes("expired"));
    expect(expired?.message).toContain("own-parent of bare");
  });

  test("are violations when nobody answers for them, at the line of the entry", () => {
    const malformed = findings("own-exemption").find(({ message }) => message.includes("owner"));
    expect(malformed).toMatchObject({ level: "mandatory", line: 21 });
  });

  test("are all listed, with expiry, owner, state and line", () => {
    expect(stack.exemptions).toEqual([
      {
        rule: "ddb-pitr",
        resource: "bare",
        reason: "holds only what can be computed again",
        owner: "platform@example.com",
        expires: "2999-12-31",
        state: "used",
        line: 6,
      },
      expect.objectContaining({ rule: "own-parent", expires: "2020-01-31", state: "expired" }),
      expect.objectContaining({ rule: "ddb-sse-cmk", state: "unused" }),
      expect.objectContaining({
        rule: "ddb-protect",
        state: "malformed",
        fault: "has no owner",
        line: 21,
      }),
    ]);
  });
});
