import { describe, expect, test } from "vitest";
import { evaluate } from "../../offline/evaluate.ts";
import { stackProgram } from "../../stacks/program.ts";
import type { TenantEntry } from "../../stacks/tenant-entry.ts";
import { lookUp } from "../../testing/stacks/records.ts";

const evaluated = (tenants: readonly TenantEntry[], config: Record<string, string> = {}) => {
  const program = stackProgram({
    tenants: async function* () {
      yield* tenants;
    },
  });
  return evaluate(program, { config: { "chatstack:environment": "development", ...config } });
};
const listed = { "chatstack:tenants": JSON.stringify([{ id: "acme", tier: "standard" }]) };

describe("a program that names its tenants itself", () => {
  test("has them beside those of the config, settings and all", async () => {
    const initech = { id: "initech", tier: "basic", table: { recoveryDays: 9 } } as const;
    const evaluation = await evaluated([initech], listed);
    expect(Object.keys(Object(evaluation.outputs.tenants))).toEqual(["acme", "initech"]);
    const days = lookUp(evaluation)
      .all("Table")
      .map(({ inputs }) => inputs.pointInTimeRecovery);
    expect(days).toContainEqual({ enabled: true, recoveryPeriodInDays: 9 });
  });

  test("needs none in the config, and one in all", async () => {
    const { outputs } = await evaluated([{ id: "initech", tier: "basic" }]);
    expect(Object.keys(Object(outputs.tenants))).toEqual(["initech"]);
    await expect(evaluated([])).rejects.toThrow(
      "chatstack:tenants: found nothing; allowed: a list",
    );
  });

  test("is told of an id that the config has, and of settings that are not allowed", async () => {
    await expect(evaluated([{ id: "acme", tier: "basic" }], listed)).rejects.toThrow(
      'the program\'s tenants[0].id: found "acme"; allowed: an id that no other tenant of the stack has, ' +
        'nor "shared": Pulumi.test.yaml: chatstack:tenants[0] has it',
    );
    const wrong = { id: "initech", tier: "basic", table: { recoveryDays: 99 } } as const;
    await expect(evaluated([wrong])).rejects.toThrow(
      "the program's tenants[0].table.recoveryDays: found 99; allowed: at most 35",
    );
  });
});
