import { describe, expect, test } from "vitest";
import { judgeResource, withDefaults } from "./judge.ts";
import { rules } from "./rules.ts";
import { plainStack, resource } from "./testing.ts";

describe.each(rules)("rule $id", (rule) => {
  test("reads as one line each: what must be so, why, and what to do", () => {
    expect(rule.id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)+$/);
    expect(rule.description).toMatch(/^[A-Z].* (must|should)\b.*\.$/);
    expect(rule.reason).toMatch(/^[A-Z].*\.$/);
    expect(rule.fix).toMatch(/^[a-z].*\.$/);
    for (const text of [rule.description, rule.reason, rule.fix]) expect(text).not.toContain("\n");
  });

  test("says must where it is mandatory and should where it is advisory", () => {
    expect(rule.description).toMatch(rule.level === "advisory" ? /\bshould\b/ : /\bmust\b/);
  });

  test("has defaults that its own schema allows", () => {
    for (const setting of Object.values(rule.config ?? {})) {
      if (setting.type !== "integer" && setting.type !== "number") continue;
      expect(setting.default).toBeGreaterThanOrEqual(setting.minimum ?? Number.NEGATIVE_INFINITY);
      expect(setting.default).toBeLessThanOrEqual(setting.maximum ?? Number.POSITIVE_INFINITY);
    }
  });
});

test("ids are unique", () => {
  const ids = rules.map(({ id }) => id);
  expect(ids).toEqual([...new Set(ids)]);
});

const remediating = rules.flatMap((rule) =>
  rule.kind === "resource" && rule.remediate ? rule.types.map((type) => ({ rule, type })) : [],
);

describe.each(remediating)("the remediation of $rule.id for $type", ({ rule, type }) => {
  test("puts right what the rule objects to in an empty resource", () => {
    const violating: Record<string, unknown> = { forceDestroy: true, deletionWindowInDays: 7 };
    const found = () => judgeResource(rule, resource(type, violating), plainStack);
    expect(found()).not.toEqual([]);
    rule.remediate?.(violating, withDefaults(rule.config, {}));
    expect(found()).toEqual([]);
  });

  test("is not of a Lambda function, whose archive the engine would corrupt", () => {
    expect(type).not.toMatch(/^aws:lambda\/function:/);
  });
});
