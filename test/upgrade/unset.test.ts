/** A setting that is turned off is off on AWS: what the provider keeps when it is left out is said instead. */
import { beforeAll, expect, test } from "vitest";
import { evaluate } from "../../offline/evaluate.ts";
import { fieldsOf } from "../../offline/fields.ts";
import type { ResourceRecord } from "../../offline/record.ts";
import { placeOf } from "../../offline/upgrade/identity.ts";
import { keepsUnset } from "../../offline/upgrade/provider.ts";
import program from "../../stacks/index.ts";
import { changeableTenant } from "../../testing/engine/setting-changes.ts";
import { production } from "../../testing/engine/stacks.ts";
import { everyCompanion } from "../../testing/stacks/full-components.ts";
import { fullestSettings, otherSettings } from "../../testing/stacks/fullest-tenant.ts";

const tier = "enterprise";
const tenants = [
  { tier: "basic" },
  { tier: "standard" },
  { tier },
  { tier, ...fullestSettings, ...everyCompanion },
  { tier, ...otherSettings },
  { tier: "basic", ...otherSettings, ...everyCompanion, table: {}, auth: { mfa: "optional" } },
  changeableTenant,
  {
    ...changeableTenant,
    encryption: "aws-owned",
    documents: {},
    auth: {},
    api: {},
    archive: "off",
    table: { stream: "off" },
  },
  {
    ...changeableTenant,
    table: {
      ...changeableTenant.table,
      recoveryDays: "off",
      capacity: {
        mode: "on-demand",
        maxReadUnits: 5,
      },
    },
  },
];

/** By type and path: why the old value may stay. */
const mayStay: Readonly<Record<string, string>> = {
  "Vault kmsKeyArn":
    "its backups are encrypted by this key, and another one would be another vault",
  "Queue sqsManagedSseEnabled": "a key of one's own takes its place",
  "Table readCapacity": "means nothing on demand",
  "Table writeCapacity": "means nothing on demand",
  "Table globalSecondaryIndexes[].readCapacity": "means nothing on demand",
  "Table globalSecondaryIndexes[].writeCapacity": "means nothing on demand",
  "Table globalSecondaryIndexes[].onDemandThroughput": "DynamoDB drops it with the billing mode",
  "Table warmThroughput": "DynamoDB never lowers it",
  "Table globalSecondaryIndexes[].warmThroughput": "DynamoDB never lowers it",
  "Table streamViewType": "means nothing while the stream is off",
};

let programs: readonly (readonly ResourceRecord[])[];

beforeAll(async () => {
  programs = await Promise.all(
    tenants.map(async (settings) => {
      const config = production([{ ...settings, id: "full", retain: "retain" }]);
      const secret = "chatstack:fullDirectorySecret";
      const hasSecret = JSON.stringify(settings).includes("fullDirectorySecret");
      const texts = Object.entries({ ...config, ...(hasSecret && { [secret]: "s3cret" }) }).map(
        ([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)] as const,
      );
      const { records } = await evaluate(program, {
        stack: "full",
        config: Object.fromEntries(texts),
        secretConfigKeys: hasSecret ? [secret] : [],
      });
      return records;
    }),
  );
});

const pairs = () =>
  programs.flatMap((before, from) =>
    programs
      .filter((_, to) => to !== from)
      .flatMap((after) => {
        const now = new Map(after.map((record) => [placeOf(record.urn), record]));
        return before.flatMap((was) => {
          const is = now.get(placeOf(was.urn));
          return is && was.custom ? [{ was, is }] : [];
        });
      }),
  );

test("no argument is left out that the provider would then keep", () => {
  const kept = pairs().flatMap(({ was, is }) =>
    gone(was.inputs, is.inputs)
      // Blocks go as a whole; entries of lists keep what is left out of them.
      .filter((path) => /^\w+$|\[\]/.test(path) && keepsUnset(was.type, path.split("[")[0]!))
      .map((path) => `${was.type.split(":").at(-1)} ${path}`),
  );
  expect([...new Set(kept)].sort()).toEqual(Object.keys(mayStay).sort());
});

test("an on-demand table always says its ceilings", () => {
  const tables = programs.flatMap((records) =>
    records.filter(({ type }) => type === "aws:dynamodb/table:Table"),
  );
  const onDemand = tables.filter(({ inputs }) => inputs.billingMode === "PAY_PER_REQUEST");
  expect(onDemand.length).toBeGreaterThan(3);
  for (const { inputs } of onDemand) {
    const ceilings = Object.values(fieldsOf(inputs.onDemandThroughput));
    expect(ceilings).toHaveLength(2);
    for (const units of ceilings) expect(units).toBeGreaterThan(0);
  }
});

/** Paths that the second has no more; of entries of lists without their index. */
function gone(before: unknown, after: unknown, at = ""): string[] {
  if (before === undefined) return [];
  if (after === undefined) return [at];
  if (Array.isArray(before) && Array.isArray(after)) {
    return before.flatMap((entry, i) => (i < after.length ? gone(entry, after[i], `${at}[]`) : []));
  }
  const [left, right] = [before, after].map(recordIn);
  if (!left || !right) return [];
  return Object.entries(left).flatMap(([key, value]) =>
    gone(value, right[key], at === "" ? key : `${at}.${key}`),
  );
}

const recordIn = (value: unknown) =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? fieldsOf(value)
    : undefined;
