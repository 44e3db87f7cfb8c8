/** Rules about backups and their vaults. */
import { hipaa, securityHub } from "../frameworks.ts";
import { protectRule } from "../reading/protect.ts";
import { at, listAt, numberAt, textAt } from "../reading/read.ts";
import type { AnyRule } from "../rule.ts";
import { resourceRule, stackRule } from "../rule.ts";

const vaults = "aws:backup/vault:Vault";
const locks = "aws:backup/vaultLockConfiguration:VaultLockConfiguration";

export const vaultLock = stackRule({
  id: "vault-lock",
  service: "Backup",
  description: "Backup vaults must be locked and must not be emptied on deletion.",
  reason: "Who can delete the data can delete its backups, unless the vault refuses.",
  fix: "name the vault in an aws.backup.VaultLockConfiguration with minRetentionDays, and remove forceDestroy.",
  severity: "high",
  level: "mandatory-in-production",
  exemptible: "to-remove",
  frameworks: hipaa("164.308(a)(7)(ii)(A)"),
  types: [vaults],
  judge(vault, report, _config, stack) {
    if (at(vault.props, "forceDestroy") === true) report("forceDestroy", true, "false");
    const found = stack.namedBy(vault, "backupVaultName", locks);
    if (found.length === 0) report("VaultLockConfiguration", undefined, "one that names the vault");
    for (const lock of found)
      if (!numberAt(lock.props, "minRetentionDays"))
        report("minRetentionDays", undefined, "at least 1", lock);
  },
});

export const vaultCmk = resourceRule({
  id: "vault-cmk",
  service: "Backup",
  description: "Backup vaults must be encrypted with a customer-managed key.",
  reason: "A backup holds what its table holds; revoking the tenant's key must close both.",
  fix: "set kmsKeyArn to the tenant's key when the vault is made; changing it makes a new vault.",
  severity: "high",
  level: "mandatory-in-production",
  frameworks: [...securityHub("Backup.1"), ...hipaa("164.312(a)(2)(iv)")],
  types: [vaults],
  judge({ props }, report) {
    const key = textAt(props, "kmsKeyArn");
    if (!key) report("kmsKeyArn", key, "the ARN of a customer-managed key");
  },
});

export const retention = resourceRule({
  id: "backup-retention",
  service: "Backup",
  description: "Backups must be kept, and locked, long enough.",
  reason: "What was lost or falsified before the oldest backup is lost for good.",
  fix: "raise lifecycle.deleteAfter of the plan's rules and copies, and minRetentionDays of the vault's lock.",
  severity: "high",
  level: "mandatory-in-production",
  frameworks: hipaa("164.308(a)(7)(ii)(A)"),
  config: {
    days: {
      type: "integer",
      // That of AWS Config's rule "backup-recovery-point-minimum-retention-check".
      default: 35,
      minimum: 1,
      maximum: 36_500,
      description: "Shortest retention, in days.",
    },
  },
  types: ["aws:backup/plan:Plan", locks],
  judge({ type, props }, report, { days }) {
    const check = (path: string) => {
      const found = numberAt(props, path);
      // 0 is read as absent: for ever in a plan, and of a lock that keeps nothing `vault-lock` speaks.
      if (found && found < days) report(path, found, `at least ${days}`);
    };
    if (type === locks) return check("minRetentionDays");
    for (const [index, rule] of listAt(props, "rules").entries()) {
      check(`rules.${index}.lifecycle.deleteAfter`);
      for (const copy of listAt(rule, "copyActions").keys())
        check(`rules.${index}.copyActions.${copy}.lifecycle.deleteAfter`);
    }
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

export const backupRules: readonly AnyRule[] = [
  vaultLock,
  vaultCmk,
  retention,
  protectRule("vault-protect", "Backup", "Backup vaults", "backup"),
  restoreTest,
];
