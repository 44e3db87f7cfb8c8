import { beforeAll, describe, expect, test } from "vitest";
import { type Evaluation, evaluate } from "../../offline/evaluate.ts";
import { evaluateStack } from "../../offline/project.ts";
import type { ResourceRecord } from "../../offline/record.ts";
import program from "../../stacks/index.ts";
import type { Settings } from "../../stacks/settings.ts";
import type { Tier } from "../../stacks/tiers.ts";
import { lookUp, type Records, statements } from "../../testing/stacks/records.ts";

const boundary = "arn:aws:iam::123456789012:policy/boundary";

const tenantOf = (tier: Tier, settings: Settings = {}, config: Record<string, string> = {}) =>
  evaluate(program, {
    config: {
      "chatstack:environment": "production",
      "chatstack:tenants": JSON.stringify([{ id: "acme", tier, ...settings }]),
      ...config,
    },
  });

/** Types whose mere existence is billed by the month (AWS KMS pricing, AWS WAF pricing). */
const withMonthlyFee = ["aws:kms/key:Key", "aws:wafv2/webAcl:WebAcl"];
const feesOf = ({ records }: Evaluation) =>
  records.map(({ type }) => type).filter((type) => withMonthlyFee.includes(type));

test("a basic tenant has nothing with a fixed monthly fee; the others a key and a firewall", async () => {
  expect(feesOf(await tenantOf("basic"))).toEqual([]);
  for (const tier of ["standard", "enterprise"] as const) {
    expect(feesOf(await tenantOf(tier)).sort()).toEqual(withMonthlyFee);
  }
});

test("the dev stack has nothing with a fixed monthly fee, whatever its tenants' tiers", async () => {
  expect(feesOf(await evaluateStack("dev"))).toEqual([]);
});

describe.each(["standard", "enterprise"] as const)("the %s tier", (tier) => {
  let records: Records;
  beforeAll(async () => {
    records = lookUp(await tenantOf(tier));
  });

  test("encrypts table, vault, documents, environment, queue and every log group with the tenant's key", () => {
    const key = records.one("Key").outputs.arn;
    expect(records.one("Table").inputs.serverSideEncryption).toEqual({
      enabled: true,
      kmsKeyArn: key,
    });
    expect(records.one("Vault").inputs.kmsKeyArn).toBe(key);
    expect(records.one("Function").inputs.kmsKeyArn).toBe(key);
    expect(records.one("Queue").inputs.kmsMasterKeyId).toBe(key);
    const documents = "acme-documents";
    const { rules } = records.one("BucketServerSideEncryptionConfiguration", documents).inputs;
    expect(rules).toMatchObject([
      { applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: key } },
    ]);
    const logGroups = records.all("LogGroup").map(({ inputs }) => inputs.kmsKeyId);
    expect(logGroups).toEqual([key, key, key, key]);
  });

  test("backs the table up, logs access to documents and puts a firewall before the API", () => {
    expect(records.one("Selection").inputs.resources).toEqual([records.one("Table").outputs.arn]);
    expect(records.one("VaultLockConfiguration").inputs).not.toHaveProperty("changeableForDays");
    expect(records.one("BucketLogging").inputs.bucket).toBe(
      records.one("Bucket", "acme-documents").outputs.bucket,
    );
    expect(records.one("WebAclAssociation").inputs.resourceArn).toBe(
      records.one("Stage").outputs.arn,
    );
  });

  test("reserves concurrency, keeps failed events and enforces threat protection with a second factor", () => {
    expect(records.one("Function").inputs.reservedConcurrentExecutions).toBeGreaterThan(0);
    expect(records.all("FunctionEventInvokeConfig")).toHaveLength(1);
    expect(records.one("UserPool").inputs).toMatchObject({
      userPoolTier: "PLUS",
      userPoolAddOns: { advancedSecurityMode: "ENFORCED" },
      mfaConfiguration: "ON",
    });
  });

  test("grants nothing but exact actions on the tenant's own ARNs", () => {
    const own = [
      ...["Key", "Table", "Queue", "Function"].map((type) => records.one(type).outputs.arn),
      records.one("Bucket", "acme-documents").outputs.arn,
      records.one("LogGroup", "acme-api").outputs.arn,
    ].map(String);
    for (const { inputs } of records.all("Policy")) {
      for (const { Action, Resource } of statements(inputs.policy)) {
        expect(Action.filter((action) => action.includes("*"))).toEqual([]);
        const traces = Action.every((action) => action.startsWith("xray:"));
        for (const arn of Resource) {
          expect(traces ? arn === "*" : own.some((prefix) => arn.startsWith(prefix))).toBe(true);
        }
      }
    }
  });
});

test("the key is kept with the data: retain applies to it", async () => {
  for (const [retain, kept] of [["protect", true] as const, ["destroy", false] as const]) {
    const records = lookUp(await tenantOf("standard", { retain }));
    for (const type of ["Key", "Vault"]) {
      expect(records.one(type).options).toMatchObject({ protect: kept, retainOnDelete: kept });
    }
  }
});

test("a key from elsewhere takes the place of the tenant's own", async () => {
  const kmsKeyArn = "arn:aws:kms:us-east-1:123456789012:key/k";
  const records = lookUp(await tenantOf("standard", { encryption: { kmsKeyArn } }));
  expect(records.all("Key")).toEqual([]);
  expect(records.one("Table").inputs.serverSideEncryption).toMatchObject({ kmsKeyArn });
});

test.each<[string, Settings, Settings]>([
  ["backups", { table: { backups: "off" } }, { table: { backups: {} } }],
  ["access logs", { documents: { accessLogs: "off" } }, { documents: { accessLogs: "on" } }],
  ["firewall", { api: { firewall: "off" } }, { api: { firewall: "on" } }],
])("turning %s on changes no record that was there before", async (_, off, on) => {
  const before = (await tenantOf("standard", off)).records;
  const after = new Map((await tenantOf("standard", on)).records.map((r) => [r.urn, r]));
  expect(after.size).toBeGreaterThan(before.length);
  for (const record of before.filter(({ custom }) => custom)) {
    expect(after.get(record.urn)).toEqual(record);
  }
});

test("every role of the stack is within the permissions boundary, the account's own included", async () => {
  const config = { "chatstack:permissionsBoundaryArn": boundary };
  const roles = lookUp(await tenantOf("enterprise", {}, config)).all("Role");
  expect(roles.map(({ name }) => name).sort()).toEqual([
    "acme-api",
    "acme-api-maintenance",
    "acme-chat",
    "acme-chat-restore",
    "api-gateway-logs",
  ]);
  for (const { inputs } of roles) expect(inputs.permissionsBoundary).toBe(boundary);
});

test("without a boundary no role names one", async () => {
  for (const { inputs } of lookUp(await tenantOf("enterprise")).all("Role")) {
    expect(inputs).not.toHaveProperty("permissionsBoundary");
  }
});

test("every role of the prod stack is within its boundary", async () => {
  const roles = lookUp(await evaluateStack("prod")).all("Role");
  expect(roles.length).toBeGreaterThan(2);
  for (const { inputs } of roles) expect(inputs.permissionsBoundary).toMatch(/^arn:aws:iam::/);
});

test("what tenants share is tagged as shared", async () => {
  const isShared = ({ type, name }: ResourceRecord) =>
    type === "aws:iam/role:Role" && name === "api-gateway-logs";
  const role = (await tenantOf("basic")).records.find(isShared);
  expect(role?.inputs.tags).toMatchObject({
    "chatstack:tenant": "shared",
    "chatstack:tier": "shared",
  });
});
