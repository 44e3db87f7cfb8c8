import { describe, expect, test } from "vitest";
import { TenantKey, type TenantKeyArgs } from "../../../components/companions/tenant-key.ts";
import { FakeProvider } from "../../../offline/fake-provider.ts";
import { recordsOf } from "../../../testing/stacks/records.ts";

const keyRecords = (args: Partial<TenantKeyArgs> = {}, region?: string) =>
  recordsOf(() => new TenantKey("key", { tenant: "acme", ...args }), {
    provider: new FakeProvider(region),
  });

test("the key is symmetric, rotates every year and can be saved for 30 days", async () => {
  expect((await keyRecords()).one("Key").inputs).toMatchObject({
    keyUsage: "ENCRYPT_DECRYPT",
    customerMasterKeySpec: "SYMMETRIC_DEFAULT",
    enableKeyRotation: true,
    rotationPeriodInDays: 365,
    deletionWindowInDays: 30,
  });
});

test("rotation and deletion window follow the arguments", async () => {
  const records = await keyRecords({ rotationDays: 90, deletionWindowDays: 7 });
  expect(records.one("Key").inputs).toMatchObject({
    rotationPeriodInDays: 90,
    deletionWindowInDays: 7,
  });
});

test.each([
  [{ rotationDays: 89 }, "rotationDays: found 89; allowed: a whole number from 90 to 2560"],
  [{ deletionWindowDays: 31 }, "deletionWindowDays: found 31; allowed: a whole number from 7"],
])("%j is refused", async (args, message) => {
  await expect(keyRecords(args)).rejects.toThrow(`TenantKey "key": ${message}`);
});

test("the alias names the tenant and points at the key", async () => {
  const records = await keyRecords();
  const alias = records.one("Alias");
  expect(alias.inputs).toEqual({
    namePrefix: "alias/chatstack/acme-",
    targetKeyId: records.one("Key").id,
  });
  expect(alias.outputs.name).toMatch(/^alias\/chatstack\/acme-\w+$/);
});

describe("the key policy", () => {
  const statementsIn = async (region: string) =>
    JSON.parse(String((await keyRecords({}, region)).one("Key").inputs.policy)).Statement;

  test("lets the account administer the key, so that it never lacks an administrator", async () => {
    const [first] = await statementsIn("us-east-1");
    expect(first).toEqual({
      Sid: "AccountAdministers",
      Effect: "Allow",
      Principal: { AWS: "arn:aws:iam::123456789012:root" },
      Action: "kms:*",
      Resource: "*",
    });
  });

  test("lets CloudWatch Logs, CloudTrail and EventBridge use it for this account and region only", async () => {
    const [, ...others] = await statementsIn("eu-west-1");
    expect(others).toEqual([
      {
        Sid: "LogGroupsOfThisAccount",
        Effect: "Allow",
        Principal: { Service: "logs.eu-west-1.amazonaws.com" },
        Action: [
          "kms:Decrypt",
          "kms:DescribeKey",
          "kms:Encrypt",
          "kms:GenerateDataKey",
          "kms:GenerateDataKeyWithoutPlaintext",
          "kms:ReEncryptFrom",
          "kms:ReEncryptTo",
        ],
        Resource: "*",
        Condition: {
          ArnLike: {
            "kms:EncryptionContext:aws:logs:arn": "arn:aws:logs:eu-west-1:123456789012:log-group:*",
          },
        },
      },
      {
        Sid: "TrailsOfThisAccount",
        Effect: "Allow",
        Principal: { Service: "cloudtrail.amazonaws.com" },
        Action: ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"],
        Resource: "*",
        Condition: {
          ArnLike: { "aws:SourceArn": "arn:aws:cloudtrail:eu-west-1:123456789012:trail/*" },
        },
      },
      {
        Sid: "EventBusesOfThisAccount",
        Effect: "Allow",
        Principal: { Service: "events.amazonaws.com" },
        Action: ["kms:Decrypt", "kms:GenerateDataKey"],
        Resource: "*",
        Condition: {
          ArnLike: {
            "kms:EncryptionContext:aws:events:event-bus:arn":
              "arn:aws:events:eu-west-1:123456789012:event-bus/*",
          },
        },
      },
      {
        Sid: "EventBridgeValidates",
        Effect: "Allow",
        Principal: { Service: "events.amazonaws.com" },
        Action: ["kms:DescribeKey"],
        Resource: "*",
        Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
      },
    ]);
  });
});

test("transforms reach key and alias", async () => {
  const records = await keyRecords({
    transform: {
      key: (args) => {
        args.multiRegion = true;
      },
      alias: (_, options) => {
        options.ignoreChanges = ["namePrefix"];
      },
    },
  });
  expect(records.one("Key").inputs).toMatchObject({ multiRegion: true, enableKeyRotation: true });
  expect(records.one("Alias").options.ignoreChanges).toEqual(["namePrefix"]);
});
