import { resource, settingOf, testRule, unknown } from "../testing.ts";
import { backupRules, restoreTest, retention, vaultCmk, vaultLock } from "./rules.ts";

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

testRule(backupRules.find(({ id }) => id === "vault-protect")!, {
  passes: {
    "a vault with the option": [
      resource("aws:backup/vault:Vault", {}, { opts: { protect: true, ignoreChanges: [] } }),
    ],
  },
  objects: { "the option is absent": [[acme], "protect"] },
});

testRule(vaultCmk, {
  passes: { "a key": [vault({ kmsKeyArn: "arn:aws:kms:eu-west-1:123456789012:key/1" })] },
  objects: {
    "the key is absent": [[vault()], "kmsKeyArn"],
    "the key is empty": [[vault({ kmsKeyArn: "" })], "kmsKeyArn"],
    "the key is unknown": [[vault({ kmsKeyArn: unknown })], "cannot tell: kmsKeyArn"],
  },
});

const planOf = (...rules: object[]) => resource("aws:backup/plan:Plan", { rules });
const keeping = (deleteAfter?: number) => ({ lifecycle: { deleteAfter } });

testRule(retention, {
  passes: {
    "five weeks": [planOf(keeping(35)), lock({ minRetentionDays: 35 })],
    "no end": [planOf(keeping(), keeping(0), {}), lock({})],
    "copies as long": [planOf({ ...keeping(35), copyActions: [keeping(35), {}] })],
  },
  objects: {
    "backups go too soon": [[planOf(keeping(34))], "rules.0.lifecycle.deleteAfter"],
    "those of one rule do": [[planOf(keeping(90), keeping(7))], "rules.1.lifecycle.deleteAfter"],
    "a copy does": [
      [planOf({ ...keeping(90), copyActions: [keeping(90), keeping(7)] })],
      "rules.0.copyActions.1.lifecycle.deleteAfter",
    ],
    "the lock opens too soon": [[lock({ minRetentionDays: 34 })], "minRetentionDays"],
    "the lock is unknown": [[lock({ minRetentionDays: unknown })], "cannot tell: minRetentionDays"],
  },
});

testRule(retention, {
  config: { days: 7 },
  passes: { "a week": [planOf(keeping(7)), lock({ minRetentionDays: 7 })] },
  objects: { "six days": [[planOf(keeping(6))], "rules.0.lifecycle.deleteAfter"] },
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
