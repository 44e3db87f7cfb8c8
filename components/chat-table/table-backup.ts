/**
 * Scheduled backups of a tenant's table in a vault of its own. Point-in-time recovery ends after 35
 * days and with the table; a locked vault outlives both, and whoever deletes the table by accident
 * or out of malice cannot delete its backups.
 */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { TenantComponent, type TenantComponentArgs, type Transform } from "../component.ts";
import { type Encryption, kmsKeyArn } from "../encryption.ts";
import { retainOptions } from "../retain.ts";
import {
  createRestoreRole,
  createRestoreTesting,
  type RestoreRole,
  type RestoreTest,
  type RestoreTesting,
  type RestoreTransform,
} from "./backup-restore.ts";
import { backupFaults } from "./backup-rules.ts";
import { vaultTags } from "./vault-tags.ts";

/**
 * No monthly fee, but each backup is a full copy at $0.10 per GB-month (AWS Backup pricing, DynamoDB,
 * US East): a weekly one kept 90 days costs at most $1.30 per GB of table and month, a daily one kept
 * 35 days $3.50.
 */
export interface BackupSettings {
  /**
   * When backups begin, in UTC, as AWS Backup writes it; once an hour at most. Default
   * `"cron(0 5 ? * SUN *)"`: weekly.
   * (AWS Backup Developer Guide, "Backup plan options and configuration".)
   */
  readonly schedule?: `cron(${string})`;
  /** Minutes within which a backup must begin, at least 60. Default 60. */
  readonly startWindowMinutes?: number;
  /** Minutes within which a backup must be done, at least 60 more than `startWindowMinutes`. Default 180. */
  readonly completionWindowMinutes?: number;
  /** Days to keep each backup, 1–36500. Default 90. */
  readonly retentionDays?: number;
  /** Lock that keeps backups from being deleted early. Default `{ mode: "governance" }`. */
  readonly vaultLock?: "off" | VaultLock;
  /**
   * How often AWS Backup restores the newest backup to a table of its own, and deletes that table again.
   * Default `"off"`: AWS bills each test, and the restored gigabytes. (AWS Backup Developer Guide,
   * "Restore testing".)
   */
  readonly restoreTest?: RestoreTest;
}

/**
 * If its bounds change, the stack replaces the lock: for a moment the vault has none.
 *
 * - `"governance"`: principals with permission on the lock can still remove it.
 * - `"compliance"`: irreversible. Once `changeableForDays` are over, nobody, not even AWS, can delete a
 *   backup before its time, or the vault while it has one.
 */
export type VaultLock =
  | (RetentionBounds & { readonly mode: "governance" })
  | (RetentionBounds & {
      readonly mode: "compliance";
      /** Days until the lock closes for good, 3–36500. */
      readonly changeableForDays: number;
      /**
       * Say `"closed"` once those days are over: AWS then refuses to change or remove the lock, and the
       * stack leaves it to its vault instead of failing on it. Default `"changeable"`: the stack
       * replaces or removes the lock, which works until it closes.
       */
      readonly state?: "changeable" | "closed";
    });

export interface RetentionBounds {
  /** Days before which no backup of the vault can be deleted, 1–36500. Default `retentionDays`. */
  readonly minRetentionDays?: number;
  /** Days beyond which no backup of the vault may be kept. Default `retentionDays`, at least 365. */
  readonly maxRetentionDays?: number;
}

export interface TableBackupArgs extends TenantComponentArgs, BackupSettings {
  tableArn: pulumi.Input<string>;
  /** Encrypts the vault. Default `"aws-owned"`: the account's AWS Backup key. */
  encryption?: Encryption;
  transform?: TableBackupTransform;
}

export interface TableBackupTransform extends RestoreTransform {
  vault?: Transform<aws.backup.VaultArgs>;
  vaultLock?: Transform<aws.backup.VaultLockConfigurationArgs>;
  plan?: Transform<aws.backup.PlanArgs>;
  selection?: Transform<aws.backup.SelectionArgs>;
  role?: Transform<aws.iam.RoleArgs>;
}

/**
 * The vault outlives the stack with the table. Plan, selection, role and lock go: backups that were made
 * stay in the vault, and those that expire without their role are deleted by hand.
 * (AWS Backup Developer Guide, "Deleting backups".)
 */
export class TableBackup extends TenantComponent {
  readonly vaultArn: pulumi.Output<string>;
  /** Role that AWS Backup restores as. `chatstack restore` finds it by a tag of the vault. */
  readonly restoreRoleArn: pulumi.Output<string>;
  readonly nodes: {
    readonly vault: aws.backup.Vault;
    /** Absent where the lock is off. */
    readonly vaultLock?: aws.backup.VaultLockConfiguration;
    readonly plan: aws.backup.Plan;
    readonly selection: aws.backup.Selection;
    readonly role: aws.iam.Role;
    readonly policyAttachment: aws.iam.RolePolicyAttachment;
    readonly restore: RestoreRole;
    /** Absent while restore tests are off. */
    readonly restoreTesting?: RestoreTesting;
  };

  constructor(name: string, args: TableBackupArgs, options?: pulumi.ComponentResourceOptions) {
    super("TableBackup", name, args, options);
    const { retentionDays = 90, restoreTest = "off", encryption = "aws-owned", transform } = args;
    const [fault] = backupFaults(args);
    if (fault) this.refuse(...fault);

    const { tags } = this;
    const shared = { ...args, encryption, restoreTest, retentionDays, tags, transform };
    const restore = createRestoreRole(
      `${name}-restore`,
      { ...shared, roleArgs: this.roleArgs("backup.amazonaws.com") },
      this.resource,
    );
    const role = new aws.iam.Role(
      name,
      ...this.resource(this.roleArgs("backup.amazonaws.com"), transform?.role),
    );
    const vault = this.#createVault(name, args, {
      [vaultTags.backupRole]: role.arn,
      [vaultTags.restoreRole]: restore.role.arn,
    });
    const vaultLock = this.#lockVault(name, args, retentionDays, vault);
    const plan = this.#createPlan(name, args, retentionDays, vault);
    const { partition } = aws.getPartitionOutput({}, { parent: this });
    const policyAttachment = new aws.iam.RolePolicyAttachment(
      name,
      ...this.resource({
        role: role.name,
        // The one that AWS keeps in step with what its backup jobs do (AWS Backup Developer Guide,
        // "IAM service roles").
        policyArn: pulumi.interpolate`arn:${partition}:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup`,
      }),
    );
    const selection = new aws.backup.Selection(
      name,
      ...this.resource(
        { planId: plan.id, iamRoleArn: role.arn, resources: [args.tableArn] },
        transform?.selection,
        { dependsOn: [policyAttachment] },
      ),
    );

    const restoreTesting =
      restoreTest === "off"
        ? undefined
        : createRestoreTesting(
            name,
            { ...shared, restoreTest, vault, role: restore },
            this.resource,
          );

    this.vaultArn = vault.arn;
    this.restoreRoleArn = restore.role.arn;
    this.nodes = {
      vault,
      vaultLock,
      plan,
      selection,
      role,
      policyAttachment,
      restore,
      ...(restoreTesting && { restoreTesting }),
    };
    this.register({ vaultArn: vault.arn, restoreRoleArn: restore.role.arn });
  }

  #createVault(
    name: string,
    { encryption, transform }: TableBackupArgs,
    roles: Readonly<Record<string, pulumi.Output<string>>>,
  ): aws.backup.Vault {
    const key = kmsKeyArn(encryption ?? "aws-owned");
    return new aws.backup.Vault(
      name,
      ...this.dataResource(
        {
          ...(key !== undefined && { kmsKeyArn: key }),
          forceDestroy: this.retain === "destroy",
          // So that commands know the roles without asking for them.
          tags: { ...this.tags, ...roles },
        },
        transform?.vault,
      ),
    );
  }

  #lockVault(
    name: string,
    { vaultLock = { mode: "governance" }, transform }: TableBackupArgs,
    retentionDays: number,
    vault: aws.backup.Vault,
  ): aws.backup.VaultLockConfiguration | undefined {
    if (vaultLock === "off") return undefined;
    const { minRetentionDays = retentionDays } = vaultLock;
    const { maxRetentionDays = Math.max(365, retentionDays) } = vaultLock;
    return new aws.backup.VaultLockConfiguration(
      name,
      ...this.resource(
        {
          backupVaultName: vault.name,
          minRetentionDays,
          maxRetentionDays,
          // Its presence alone makes the lock a compliance lock.
          ...(vaultLock.mode === "compliance" && {
            changeableForDays: vaultLock.changeableForDays,
          }),
        },
        transform?.vaultLock,
        {
          // A vault has one lock: deleting the old one afterwards would delete the new one.
          deleteBeforeReplace: true,
          ...(isClosed(vaultLock) && retainOptions(this.retain)),
        },
      ),
    );
  }

  #createPlan(
    name: string,
    args: TableBackupArgs,
    retentionDays: number,
    vault: aws.backup.Vault,
  ): aws.backup.Plan {
    const { schedule = "cron(0 5 ? * SUN *)" } = args;
    const { startWindowMinutes = 60, completionWindowMinutes = 180 } = args;
    return new aws.backup.Plan(
      name,
      ...this.resource(
        {
          rules: [
            {
              ruleName: "scheduled",
              targetVaultName: vault.name,
              schedule,
              scheduleExpressionTimezone: "Etc/UTC",
              startWindow: startWindowMinutes,
              completionWindow: completionWindowMinutes,
              lifecycle: { deleteAfter: retentionDays },
              recoveryPointTags: this.tags,
            },
          ],
          tags: this.tags,
        },
        args.transform?.plan,
      ),
    );
  }
}

const isClosed = (lock: VaultLock): boolean =>
  lock.mode === "compliance" && lock.state === "closed";
