import { describe, expect, test } from "vitest";
import { ChatTable, type ChatTableArgs } from "../../../components/chat-table/chat-table.ts";
import type { BackupSettings } from "../../../components/chat-table/table-backup.ts";
import { recordsOf } from "../../../testing/stacks/records.ts";

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
    const role = records.one("Role");
    expect(records.one("Selection").inputs).toMatchObject({
      planId: records.one("Plan").id,
      iamRoleArn: role.outputs.arn,
      resources: [records.one("Table").outputs.arn],
    });
    expect(JSON.parse(String(role.inputs.assumeRolePolicy)).Statement).toMatchObject([
      { Principal: { Service: "backup.amazonaws.com" }, Action: "sts:AssumeRole" },
    ]);
    expect(records.one("RolePolicyAttachment").inputs).toEqual({
      role: role.outputs.name,
      policyArn: "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup",
    });
  });

  test("outlive the stack with the table, the role that deletes them included", async () => {
    const records = await backupRecords();
    for (const type of [...backupTypes, "Role", "RolePolicyAttachment"]) {
      expect({ type, ...records.one(type).options }).toMatchObject({
        type,
        protect: true,
        retainOnDelete: true,
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
  [{ schedule: "cron(0 5 * *)" }, 'schedule: found "cron(0 5 * *)"; allowed: "cron(…)" with six'],
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
      },
    },
  });
  expect(records.one("Vault").inputs.name).toBe("vault");
  expect(records.one("VaultLockConfiguration").inputs.maxRetentionDays).toBe(1000);
  expect(records.one("Plan").inputs.name).toBe("plan");
  expect(records.one("Selection").inputs.name).toBe("selection");
  expect(records.one("Role").inputs.path).toBe("/backup/");
});
