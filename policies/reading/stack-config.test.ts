import { describe, expect, test } from "vitest";
import { defaultValues } from "../quotas/account-values.ts";
import { readStackConfig } from "./stack-config.ts";

const now = new Date("2026-11-20T23:30:00Z");
const read = (config: Record<string, string>, env: Record<string, string> = {}) =>
  readStackConfig({ PULUMI_CONFIG: JSON.stringify(config), ...env }, now);
const entry = {
  rule: "ddb-pitr",
  resource: "acme-chat",
  reason: "load test",
  owner: "platform@example.org",
  expires: "2027-01-31",
};
const withExemptions = (exemptions: unknown) =>
  read({ "chatstack:exemptions": JSON.stringify(exemptions) });

describe("the stack's config", () => {
  test("is empty when the engine passes none, as on `policy publish`", () => {
    expect(readStackConfig({}, now)).toEqual({
      environment: undefined,
      exemptions: [],
      malformed: [],
      hasTenants: false,
      tenants: [],
      quotas: defaultValues,
      today: "2026-11-20",
      preview: false,
    });
  });

  test("has the tenants' ids in their order, and what is said of the account's quotas", () => {
    const tenants = JSON.stringify([{ id: "globex", tier: "basic" }, { id: "acme" }, {}]);
    expect(read({ "chatstack:tenants": tenants }).tenants).toEqual(["globex", "acme"]);
    expect(read({ "chatstack:tenants": "[secret]" }).tenants).toEqual([]);
    for (const key of ["chatstack:tenants", "chatstack:tenantsFolder", "chatstack:config:tenants"])
      expect(read({ [key]: "tenants" }).hasTenants).toBe(true);
    expect(read({ "chatstack:environment": "production" }).hasTenants).toBe(false);
    const { quotas } = read({ "chatstack:quotas": '{"L-B99A9384":5000}' });
    expect([...quotas.limits]).toEqual([["L-B99A9384", 5_000]]);
    expect(read({ "chatstack:quotas": "many" }).quotas.faults).toHaveLength(1);
  });

  test.each(["chatstack:environment", "chatstack:config:environment"])("has %s", (key) => {
    expect(read({ [key]: "production" }).environment).toBe("production");
  });

  test.each(["PULUMI_DRY_RUN", "PULUMI_NODEJS_DRY_RUN"])("knows a preview by %s", (key) => {
    expect(read({}, { [key]: "true" }).preview).toBe(true);
    expect(read({}, { [key]: "false" }).preview).toBe(false);
  });

  test("does not show secrets when it cannot be read", () => {
    expect(() => readStackConfig({ PULUMI_CONFIG: '{"db:password": "hunter2"' }, now)).toThrow(
      /^PULUMI_CONFIG is not a JSON object$/,
    );
  });
});

describe("exemptions", () => {
  test("are read", () => {
    expect(withExemptions([entry])).toMatchObject({ exemptions: [entry], malformed: [] });
  });

  test.each(Object.keys(entry))("without %s are malformed", (field) => {
    expect(withExemptions([entry, { ...entry, [field]: " " }])).toMatchObject({
      exemptions: [entry],
      malformed: [`entry 1 has no ${field}`],
    });
  });

  test.each([
    "2027-01-31 00:00:00 +0000 UTC",
    "2027-01-31T00:00:00Z",
  ])("until %s, as the engine hands a day without quotes over, are until that day", (expires) => {
    const { exemptions } = withExemptions([{ ...entry, expires }]);
    expect(exemptions).toEqual([{ ...entry, expires: "2027-01-31" }]);
  });

  test.each([
    "soon",
    "2027-02-30",
    "31.01.2027",
    "2027-1-31",
  ])("until %s are malformed", (expires) => {
    expect(withExemptions([{ ...entry, expires }]).malformed).toEqual([
      `entry 0 expires on "${expires}", which is no date like 2027-01-31`,
    ]);
  });

  test.each([{ rule: "x" }, "all", 7])("that are no list are malformed: %j", (value) => {
    expect(withExemptions(value).malformed).toEqual(["it is not a list"]);
  });

  test("that are no JSON are malformed", () => {
    expect(read({ "chatstack:exemptions": "[" }).malformed).toEqual(["it is not a list"]);
  });
});
