import { describe, expect, test } from "vitest";
import { ChatTable, type ChatTableArgs } from "../../../components/chat-table/chat-table.ts";
import type { BackupSettings } from "../../../components/chat-table/table-backup.ts";
import { recordsOf, statements } from "../../../testing/stacks/records.ts";

const backupTypes = ["Vault", "VaultLockConfiguration", "Plan", "Selection"] as const;

const tableRecords = (args: Partial<ChatTableArgs> = {}) =>
  recordsOf(() => new ChatTable("chat", { tenant: "acme", ...args }));
const backupRecords = (backups: BackupSettings = {}) => tableRecords({ backups });

test("by default there are none", async () => {
  const records = await tableRecords();
  for (const type of backupTypes) expect(records.all(type)).toEqual([]);
});

describe("backups without further settings", () => {
  test("C: are taken weekly, within three hours, and kept for 90 days", async () => {
    const records = await backupRecords();
    expect(records.one("Plan").inputs.rules).toEqual([
      {
        ruleName: "scheduled",
        targetVaultName: records.one("Vault").outputs.name,
        schedule: "cron(0 5 ? * SUN *)",
        scheduleExpressionTimezone: "Etc/UTC",
        startWindow: 60,
        completionWindow: 180,
        lifecycle: { deleteAfter: 90 },
        recoveryPointTags: { "chatstack:tenant": "acme", "chatstack:tier": "custom" },
      },
    ]);
  });

  test("cannot be deleted before their time, but the lock can be removed", async () => {
    const records = await backupRecords();
    expect(records.one("VaultLockConfiguration").inputs).toEqual({
      backupVaultName: records.one("Vault").outputs.name,
      minRetentionDays: 90,
      maxRetentionDays: 365,
    });
  });

  test("are of exactly this table, by a role that only AWS Backup assumes", async () => {
    const records = await backupRecords();
    const role = records.one("Role", "chat");
    expect(records.one("Selection").inputs).toMatchObject({
      planId: records.one("Plan").id,
      iamRoleArn: role.outputs.arn,
      resources: [records.one("Table").outputs.arn],
    });
    expect(JSON.parse(String(role.inputs.assumeRolePolicy)).Statement).toMatchObject([
      { Principal: { Service: "backup.amazonaws.com" }, Action: "sts:AssumeRole" },
    ]);
    expect(records.one("RolePolicyAttachment", "chat").inputs).toEqual({
      role: role.outputs.name,
      policyArn: "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup",
    });
  });

  test("stay in their vault, which outlives the stack; what makes new ones goes with it", async () => {
    const records = await backupRecords();
    for (const type of [...backupTypes, "Role", "RolePolicyAttachment"]) {
      const isKept = type === "Vault";
      const { protect, retainOnDelete } = records.one(type, "chat").options;
      expect({ type, protect, retainOnDelete }).toEqual({
        type,
        protect: isKept,
        retainOnDelete: isKept,
      });
    }
    expect(records.one("Vault").inputs.forceDestroy).toBe(false);
  });
});

test("schedule, windows and retention follow the settings", async () => {
  const records = await backupRecords({
    schedule: "cron(0 1 * * ? *)",
    startWindowMinutes: 120,
    completionWindowMinutes: 600,
    retentionDays: 400,
  });
  expect(records.one("Plan").inputs.rules).toMatchObject([
    {
      schedule: "cron(0 1 * * ? *)",
      startWindow: 120,
      completionWindow: 600,
      lifecycle: { deleteAfter: 400 },
    },
  ]);
  expect(records.one("VaultLockConfiguration").inputs).toMatchObject({
    minRetentionDays: 400,
    maxRetentionDays: 400,
  });
});

test("a compliance lock says when it closes for good", async () => {
  const records = await backupRecords({
    vaultLock: {
      mode: "compliance",
      changeableForDays: 7,
      minRetentionDays: 30,
      maxRetentionDays: 100,
    },
  });
  expect(records.one("VaultLockConfiguration").inputs).toMatchObject({
    changeableForDays: 7,
    minRetentionDays: 30,
    maxRetentionDays: 100,
  });
});

test("only the word off leaves the vault without a lock", async () => {
  const records = await backupRecords({ vaultLock: "off" });
  expect(records.all("VaultLockConfiguration")).toEqual([]);
  expect(records.all("Vault")).toHaveLength(1);
});

test("the table's key encrypts the vault; without one AWS Backup's own does", async () => {
  const kmsKeyArn = "arn:aws:kms:us-east-1:123456789012:key/k";
  const records = await tableRecords({ backups: {}, encryption: { kmsKeyArn } });
  expect(records.one("Vault").inputs.kmsKeyArn).toBe(kmsKeyArn);
  expect((await backupRecords()).one("Vault").inputs).not.toHaveProperty("kmsKeyArn");
});

test.each([
  [
    { schedule: "cron(0 5 * *)" },
    'schedule: found "cron(0 5 * *)"; allowed: "cron(…)" with minutes',
  ],
  [{ startWindowMinutes: 30 }, "startWindowMinutes: found 30; allowed: a whole number from 60"],
  [
    { startWindowMinutes: 120, completionWindowMinutes: 150 },
    "completionWindowMinutes: found 150; allowed: a whole number from 180",
  ],
  [{ retentionDays: 0 }, "retentionDays: found 0; allowed: a whole number from 1 to 36500"],
  [
    { retentionDays: 35, vaultLock: { mode: "governance", minRetentionDays: 36 } },
    "vaultLock.minRetentionDays: found 36; allowed: a whole number from 1 to 35",
  ],
  [
    { retentionDays: 35, vaultLock: { mode: "governance", maxRetentionDays: 34 } },
    "vaultLock.maxRetentionDays: found 34; allowed: a whole number from 35 to 36500",
  ],
  [
    { vaultLock: { mode: "compliance", changeableForDays: 2 } },
    "vaultLock.changeableForDays: found 2; allowed: a whole number from 3 to 36500",
  ],
] satisfies [BackupSettings, string][])("%j is refused", async (backups, message) => {
  await expect(backupRecords(backups)).rejects.toThrow(`TableBackup "chat": ${message}`);
});

test("transforms reach each resource behind the backups", async () => {
  const records = await tableRecords({
    backups: {},
    transform: {
      backup: {
        vault: (args) => {
          args.name = "vault";
        },
        vaultLock: (args) => {
          args.maxRetentionDays = 1000;
        },
        plan: (args) => {
          args.name = "plan";
        },
        selection: (args) => {
          args.name = "selection";
        },
        role: (args) => {
          args.path = "/backup/";
        },
        restoreRole: (args) => {
          args.path = "/restore/";
        },
        restorePolicy: (args) => {
          args.name = "restores";
        },
      },
    },
  });
  expect(records.one("Vault").inputs.name).toBe("vault");
  expect(records.one("VaultLockConfiguration").inputs.maxRetentionDays).toBe(1000);
  expect(records.one("Plan").inputs.name).toBe("plan");
  expect(records.one("Selection").inputs.name).toBe("selection");
  expect(records.one("Role", "chat").inputs.path).toBe("/backup/");
  expect(records.one("Role", "chat-restore").inputs.path).toBe("/restore/");
  expect(records.one("Policy", "chat-restore").inputs.name).toBe("restores");
});

describe("the role that restores from them", () => {
  const policyOf = async (args: Partial<ChatTableArgs>) => {
    const records = await tableRecords(args);
    return { records, allowed: statements(records.one("Policy", "chat-restore").inputs.policy) };
  };

  test("is AWS Backup's alone, and the vault's tag names it", async () => {
    const { records } = await policyOf({ backups: {} });
    const role = records.one("Role", "chat-restore");
    expect(JSON.parse(String(role.inputs.assumeRolePolicy)).Statement).toMatchObject([
      { Principal: { Service: "backup.amazonaws.com" }, Action: "sts:AssumeRole" },
    ]);
    expect(records.one("Vault").inputs.tags).toMatchObject({
      "chatstack:restore-role": role.outputs.arn,
    });
    expect(records.one("RolePolicyAttachment", "chat-restore").inputs).toEqual({
      role: role.outputs.name,
      policyArn: records.one("Policy", "chat-restore").outputs.arn,
    });
  });

  test("reaches tables restored from this table, and never the table itself", async () => {
    const { records, allowed } = await policyOf({ backups: {} });
    const arn = String(records.one("Table").outputs.arn);
    expect(allowed.map(({ Resource }) => Resource)).toEqual([[`${arn}-at-*`]]);
    expect(allowed[0]!.Action).toContain("dynamodb:RestoreTableFromAwsBackup");
  });

  test("reaches the same tables once a restored table is adopted", async () => {
    const adopt = "chat-1a2b3c4-at-20261120T083000Z";
    const { allowed } = await policyOf({ backups: {}, adopt });
    expect(allowed[0]!.Resource).toEqual([expect.stringMatching(/:table\/chat-1a2b3c4-at-\*$/)]);
  });

  test("uses the table's key, through the two services that restore", async () => {
    const kmsKeyArn = "arn:aws:kms:us-east-1:123456789012:key/k";
    const { allowed } = await policyOf({ backups: {}, encryption: { kmsKeyArn } });
    expect(allowed.slice(1)).toMatchObject([
      { Action: ["kms:DescribeKey"], Resource: [kmsKeyArn] },
      {
        Action: ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"],
        Condition: {
          StringEquals: {
            "kms:ViaService": [
              "dynamodb.us-east-1.amazonaws.com",
              "backup.us-east-1.amazonaws.com",
            ],
          },
        },
      },
      {
        Action: ["kms:CreateGrant"],
        Condition: { Bool: { "kms:GrantIsForAWSResource": "true" } },
      },
    ]);
  });
});

describe("restore tests", () => {
  test("are off by default", async () => {
    const records = await backupRecords();
    expect(records.all("RestoreTestingPlan")).toEqual([]);
    expect(records.all("RestoreTestingSelection")).toEqual([]);
  });

  test("restore the newest backup of this table from its vault, with its key", async () => {
    const kmsKeyArn = "arn:aws:kms:us-east-1:123456789012:key/k";
    const records = await tableRecords({
      backups: { restoreTest: "weekly", retentionDays: 400 },
      encryption: { kmsKeyArn },
    });
    const plan = records.one("RestoreTestingPlan");
    expect(plan.inputs).toMatchObject({
      name: expect.stringMatching(/^\w{1,50}$/),
      scheduleExpression: "cron(0 12 ? * MON *)",
      recoveryPointSelection: {
        algorithm: "LATEST_WITHIN_WINDOW",
        includeVaults: [records.one("Vault").outputs.arn],
        recoveryPointTypes: ["SNAPSHOT"],
        selectionWindowDays: 365,
      },
    });
    expect(records.one("RestoreTestingSelection").inputs).toMatchObject({
      restoreTestingPlanName: plan.outputs.name,
      protectedResourceType: "DynamoDB",
      protectedResourceArns: [records.one("Table").outputs.arn],
      iamRoleArn: records.one("Role", "chat-restore").outputs.arn,
      restoreMetadataOverrides: { encryptionType: "KMS", kmsMasterKeyArn: kmsKeyArn },
    });
    const [restore] = statements(records.one("Policy", "chat-restore").inputs.policy);
    expect(restore!.Resource).toContainEqual(
      expect.stringMatching(/:table\/awsbackup-restore-test-\*$/),
    );
  });
});
