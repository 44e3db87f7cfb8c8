/** Backups that AWS Backup makes and keeps: recovery points in a tenant's vault. */
import {
  type BackupClient,
  DescribeBackupJobCommand,
  DescribeRecoveryPointCommand,
  type DescribeRecoveryPointOutput,
  paginateListRecoveryPointsByBackupVault,
  paginateListRecoveryPointsByResource,
  type RecoveryPointByBackupVault,
  StartBackupJobCommand,
} from "@aws-sdk/client-backup";
import { vaultTags } from "../../components/chat-table/vault-tags.ts";
import { UsageError } from "../../offline/usage-error.ts";
import { baseName } from "../aws/table-names.ts";
import { type OnProgress, pause } from "../aws/tables.ts";
import type { Backup } from "./backup.ts";
import { tenantVaults, type Vault } from "./vaults.ts";

/**
 * The recovery points of a tenant's table and of the tables that it was restored from: those in the tenant's
 * vaults, and those that other plans of the account keep of the table.
 *
 * @param tableArn undefined for a table that is gone: then the tenant's vaults alone are asked.
 */
export async function listRecoveryPoints(
  client: BackupClient,
  tenant: string,
  tableName: string,
  tableArn: string | undefined,
): Promise<Backup[]> {
  const vaults = await tenantVaults(client, tenant);
  const own = baseName(tableName);
  const found: Backup[] = [];
  for (const { name } of vaults) {
    const request = { BackupVaultName: name, ByResourceType: "DynamoDB" };
    const pages = paginateListRecoveryPointsByBackupVault({ client }, request);
    for await (const { RecoveryPoints = [] } of pages) {
      const points = RecoveryPoints.filter(({ ResourceArn = "" }) => baseName(ResourceArn) === own);
      found.push(...points.map(described));
    }
  }
  if (tableArn === undefined) return found;
  const isOwn = new Set(vaults.map(({ name }) => name));
  const elsewhere = paginateListRecoveryPointsByResource({ client }, { ResourceArn: tableArn });
  for await (const { RecoveryPoints = [] } of elsewhere) {
    for (const { RecoveryPointArn, BackupVaultName = "" } of RecoveryPoints) {
      if (isOwn.has(BackupVaultName)) continue;
      // The list by resource says nothing of when a point expires.
      const describe = new DescribeRecoveryPointCommand({ RecoveryPointArn, BackupVaultName });
      found.push(described(await client.send(describe)));
    }
  }
  return found;
}

export interface VaultBackupRequest {
  readonly tenant: string;
  readonly tableArn: string;
  /** Days to keep it. Default: as long as the vault's lock asks for, or until somebody deletes it. */
  readonly keepDays: number | undefined;
}

/**
 * Backs the table up into the tenant's vault, as the scheduled plan does, and waits until it is there.
 *
 * @throws UsageError when the tenant has no vault, several, or one that a stack of today did not make.
 */
export async function createRecoveryPoint(
  client: BackupClient,
  { tenant, tableArn, keepDays }: VaultBackupRequest,
  onProgress: OnProgress,
): Promise<Backup> {
  const vault = onlyVault(await tenantVaults(client, tenant), tenant);
  const IamRoleArn = vault.tags.get(vaultTags.backupRole);
  if (IamRoleArn === undefined) {
    throw new UsageError(
      `Vault ${vault.name} has no tag ${vaultTags.backupRole}: run \`pulumi up\` once, which sets it.`,
    );
  }
  const days = keepDays ?? vault.minRetentionDays;
  const { BackupJobId } = await client.send(
    new StartBackupJobCommand({
      BackupVaultName: vault.name,
      ResourceArn: tableArn,
      IamRoleArn,
      ...(days > 0 && { Lifecycle: { DeleteAfterDays: days } }),
      RecoveryPointTags: { "chatstack:tenant": tenant },
    }),
  );
  for (let looks = 0; ; looks++) {
    const job = await client.send(new DescribeBackupJobCommand({ BackupJobId }));
    if (job.State === "COMPLETED") {
      const { RecoveryPointArn } = job;
      const BackupVaultName = vault.name;
      const describe = new DescribeRecoveryPointCommand({ RecoveryPointArn, BackupVaultName });
      return described(await client.send(describe));
    }
    if (!["CREATED", "PENDING", "RUNNING"].includes(job.State ?? "")) {
      throw new Error(`Backup job ${BackupJobId} is ${job.State}: ${job.StatusMessage ?? ""}`);
    }
    onProgress(`backup job ${BackupJobId}: ${job.State}`);
    await pause(looks);
  }
}

function onlyVault(vaults: readonly Vault[], tenant: string): Vault {
  const [vault, ...others] = vaults;
  if (vault !== undefined && others.length === 0) return vault;
  throw new UsageError(
    vault === undefined
      ? `No vault of AWS Backup is tagged chatstack:tenant=${tenant}: turn table.backups on, or leave --vault out.`
      : `Several vaults are tagged chatstack:tenant=${tenant}: ${vaults.map(({ name }) => name).join(", ")}.`,
  );
}

export const described = (
  point: RecoveryPointByBackupVault | DescribeRecoveryPointOutput,
): Backup => ({
  kind: "aws-backup",
  arn: point.RecoveryPointArn ?? "",
  name: point.ResourceName ?? point.ResourceArn?.split("/").at(-1) ?? "",
  status: point.Status ?? "UNKNOWN",
  createdAt: point.CreationDate?.toISOString() ?? "",
  expiresAt: point.CalculatedLifecycle?.DeleteAt?.toISOString() ?? null,
  vault: point.BackupVaultName ?? null,
  bytes: point.BackupSizeInBytes ?? 0,
});
