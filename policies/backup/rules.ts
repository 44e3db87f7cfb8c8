import { hipaa } from "../frameworks.ts";
import { at, numberAt } from "../read.ts";
import type { AnyRule } from "../rule.ts";
import { stackRule } from "../rule.ts";

export const vaultLock = stackRule({
  id: "vault-lock",
  service: "Backup",
  description: "Backup vaults must be locked and must not be emptied on deletion.",
  reason: "Who can delete the data can delete its backups, unless the vault refuses.",
  fix: "name the vault in an aws.backup.VaultLockConfiguration with minRetentionDays, and remove forceDestroy.",
  severity: "high",
  level: "mandatory-in-production",
  frameworks: hipaa("164.308(a)(7)(ii)(A)"),
  types: ["aws:backup/vault:Vault"],
  judge(vault, report, _config, stack) {
    if (at(vault.props, "forceDestroy") === true) report("forceDestroy", true, "false");
    const token = "aws:backup/vaultLockConfiguration:VaultLockConfiguration";
    const locks = stack.namedBy(vault, "backupVaultName", token);
    if (locks.length === 0) report("VaultLockConfiguration", undefined, "one that names the vault");
    for (const lock of locks)
      if (!numberAt(lock.props, "minRetentionDays"))
        report("minRetentionDays", undefined, "at least 1", lock);
  },
});

export const restoreTest = stackRule({
  id: "restore-test",
  service: "Backup",
  description: "Backups should be restored regularly as a test.",
  reason: "A backup that was never restored is a hope.",
  fix: "add an aws.backup.RestoreTestingPlan with a RestoreTestingSelection.",
  severity: "low",
  level: "advisory",
  frameworks: hipaa("164.308(a)(7)(ii)(D)"),
  types: ["aws:backup/plan:Plan"],
  judge(_plan, report, _config, stack) {
    const plans = stack.ofType("aws:backup/restoreTestingPlan:RestoreTestingPlan");
    if (plans.length === 0) return report("RestoreTestingPlan", undefined, "one in the stack");
    const token = "aws:backup/restoreTestingSelection:RestoreTestingSelection";
    if (!plans.some((plan) => stack.namedBy(plan, "restoreTestingPlanName", token).length > 0))
      report("RestoreTestingSelection", undefined, "one that names the testing plan");
  },
});

export const backupRules: readonly AnyRule[] = [vaultLock, restoreTest];
