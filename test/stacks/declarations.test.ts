import { beforeAll, describe, expect, test } from "vitest";
import type { Evaluation } from "../../offline/evaluate.ts";
import type { ResourceRecord } from "../../offline/record.ts";
import { compareWithDeclarations } from "../../testing/aws/declaration-faults.ts";
import {
  evaluateFullest,
  fullestSettings,
  otherSettings,
} from "../../testing/stacks/fullest-tenant.ts";

describe("what the providers declare", () => {
  let fullest: Evaluation;
  beforeAll(async () => {
    fullest = await evaluateFullest(fullestSettings);
  });

  test("every input of the fullest tenant has a declared name and kind, and a published value", async () => {
    const other = await evaluateFullest(otherSettings);
    const { names, values, faults } = compareWithDeclarations([
      ...fullest.records,
      ...other.records,
    ]);
    process.stdout.write(`${names} inputs and ${values} texts compared with declarations\n`);
    expect(faults).toEqual([]);
    expect(names).toBeGreaterThan(1_000);
    expect(values).toBeGreaterThan(100);
  });

  const changed = (type: string, change: (inputs: Record<string, unknown>) => void) => {
    const record = fullest.records.find((one) => one.type.endsWith(`:${type}`));
    const inputs = structuredClone(record?.inputs ?? {});
    change(inputs);
    return compareWithDeclarations([{ ...record, inputs } as ResourceRecord]).faults;
  };

  test.each<[string, string, (inputs: Record<string, unknown>) => void, string]>([
    ["an unknown name", "Table", (i) => (i.hashkey = "pk"), "hashkey: not declared"],
    ["a missing name", "UserPoolClient", (i) => delete i.userPoolId, "userPoolId: required"],
    [
      "an unknown name deep inside",
      "BucketLifecycleConfiguration",
      (i) => (i.rules = [{ id: "a", status: "Enabled", days: 1 }]),
      "rules.days: not declared",
    ],
    [
      "a word that the SDK does not know",
      "Table",
      (i) => (i.tableClass = "COLD"),
      '"COLD" is none',
    ],
    [
      "a word that the documentation does not know",
      "UserPool",
      (i) => (i.mfaConfiguration = "MAYBE"),
      '"MAYBE" is none of',
    ],
    ["a number as text", "Function", (i) => (i.memorySize = "512"), '"512" is no number'],
    ["one where a list belongs", "Table", (i) => (i.replicas = {}), "replicas: no list"],
  ])("%s is found", (_, type, change, fault) => {
    expect(changed(type, change).join("\n")).toContain(fault);
  });
});
