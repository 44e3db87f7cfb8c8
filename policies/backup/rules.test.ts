import { resource, settingOf, testRule } from "../testing.ts";
import { restoreTest, vaultLock } from "./rules.ts";

const vault = (props: object = {}) =>
  resource("aws:backup/vault:Vault", { name: "acme", ...props }, { name: "acme" });
const acme = vault();
const lock = (props: Record<string, unknown>) =>
  settingOf(
    acme,
    "aws:backup/vaultLockConfiguration:VaultLockConfiguration",
    props,
    "backupVaultName",
  );

testRule(vaultLock, {
  passes: { "a locked vault": [acme, lock({ minRetentionDays: 7 })] },
  objects: {
    "there is no lock": [[acme], "VaultLockConfiguration"],
    "the lock keeps nothing": [[acme, lock({})], "minRetentionDays"],
    "the vault would be emptied": [
      [vault({ forceDestroy: true }), lock({ minRetentionDays: 7 })],
      "forceDestroy",
    ],
  },
});

const plan = resource("aws:backup/plan:Plan", {});
const testing = resource("aws:backup/restoreTestingPlan:RestoreTestingPlan", { name: "monthly" });

testRule(restoreTest, {
  passes: {
    "a testing plan with a selection": [
      plan,
      testing,
      resource("aws:backup/restoreTestingSelection:RestoreTestingSelection", {
        restoreTestingPlanName: "monthly",
      }),
    ],
    "one testing plan of two with a selection": [
      plan,
      resource("aws:backup/restoreTestingPlan:RestoreTestingPlan", { name: "weekly" }),
      testing,
      resource("aws:backup/restoreTestingSelection:RestoreTestingSelection", {
        restoreTestingPlanName: "monthly",
      }),
    ],
    "a stack without backups": [],
  },
  objects: {
    "there is no testing plan": [[plan], "RestoreTestingPlan"],
    "the testing plan tests nothing": [[plan, testing], "RestoreTestingSelection"],
  },
});
