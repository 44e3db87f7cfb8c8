/** A recovery point of AWS Backup, as something to restore from. */
import {
  type BackupClient,
  DescribeRecoveryPointCommand,
  type DescribeRecoveryPointOutput,
  GetRecoveryPointRestoreMetadataCommand,
} from "@aws-sdk/client-backup";
import { vaultTags } from "../../components/chat-table/vault-tags.ts";
import { UsageError } from "../../offline/usage-error.ts";
import { backupTags, tenantVaults, type Vault } from "../backup/vaults.ts";
import { parseBackupArn, requireAccount } from "./arn.ts";

export interface VaultPoint {
  readonly from: "aws-backup";
  /** When the copy was taken. */
  readonly at: Date;
  readonly backupArn: string;
  /** Role that AWS Backup restores as. */
  readonly roleArn: string;
  /** Whether the role is the stack's own, which reaches `<table>-at-…` alone. */
  readonly isOwnRole: boolean;
  /** Whether the point carries the tenant's tag. */
  readonly isTagged: boolean;
  /** ARN of the table that the copy is of; the table may be gone. */
  readonly sourceArn: string;
  /** ARN of the KMS key that encrypted the table; undefined for a key of AWS's. */
  readonly kmsKeyArn: string | undefined;
}

export interface VaultPointRequest {
  readonly tenant: string;
  readonly backupArn: string;
  /** Role to restore as. Default: the one that the vault's tag names. */
  readonly roleArn: string | undefined;
  /** Name of the vault. Default: the tenant's own. */
  readonly vault: string | undefined;
}

/** @throws UsageError when the point is not there, not the tenant's, or not to be restored from. */
export async function vaultPoint(
  client: BackupClient,
  { tenant, backupArn, roleArn, vault }: VaultPointRequest,
): Promise<VaultPoint> {
  const named = (text: string) => new UsageError(`--backup ${backupArn}: ${text}`);
  const parsed = parseBackupArn(backupArn, await client.config.region());
  const vaults = await tenantVaults(client, tenant);
  const names = vault === undefined ? vaults.map(({ name }) => name) : [vault];
  const point = await findIn(client, names, backupArn);
  if (point === undefined) {
    const searched = names.length === 0 ? `no vault of tenant ${tenant}'s` : names.join(", ");
    throw named(
      `found in ${searched}: nothing. \`chatstack backup ${tenant} --list\` shows those there are; ` +
        "--vault names the vault of one that another plan made.",
    );
  }
  const { BackupVaultArn = "", ResourceArn = "", ResourceType, CreationDate } = point;
  requireAccount(backupArn, parsed, BackupVaultArn.split(":")[4] ?? "");
  if (ResourceType !== "DynamoDB") throw named(`is a backup of ${ResourceType}, not of a table.`);
  const refusal = refusals[point.Status ?? ""];
  if (!["COMPLETED", "AVAILABLE"].includes(point.Status ?? "")) {
    throw named(`is ${point.Status}${refusal ? `: ${refusal}` : ""}.`);
  }
  if (CreationDate === undefined) throw named("has no time of creation.");
  const owner = (await backupTags(client, backupArn)).get("chatstack:tenant");
  if (owner !== undefined && owner !== tenant)
    throw named(`is tenant ${owner}'s, not ${tenant}'s.`);
  const ownRole = roleOf(vaults, point);
  const role = roleArn ?? ownRole;
  if (role === undefined) {
    throw named(
      `its vault has no tag ${vaultTags.restoreRole}. Run \`pulumi up\` once, which sets it, or name ` +
        "a role that AWS Backup may assume with --role.",
    );
  }
  return {
    from: "aws-backup",
    at: CreationDate,
    backupArn,
    roleArn: role,
    isOwnRole: role === ownRole,
    isTagged: owner === tenant,
    sourceArn: ResourceArn,
    kmsKeyArn: await keyOf(client, point),
  };
}

/** Why a point in this state cannot be restored from, where its name does not say it. */
const refusals: Readonly<Record<string, string>> = {
  CREATING: "wait until the backup job is done",
  PARTIAL: "its backup job ran out of time; choose another",
  EXPIRED: "its time is over, and AWS Backup is about to delete it; choose another",
  DELETING: "it is being deleted; choose another",
  STOPPED: "its continuous backup was stopped; choose another",
};

async function findIn(
  client: BackupClient,
  vaults: readonly string[],
  RecoveryPointArn: string,
): Promise<DescribeRecoveryPointOutput | undefined> {
  for (const BackupVaultName of vaults) {
    try {
      return await client.send(
        new DescribeRecoveryPointCommand({ BackupVaultName, RecoveryPointArn }),
      );
    } catch (error) {
      if (!(error instanceof Error && error.name === "ResourceNotFoundException")) throw error;
    }
  }
  return undefined;
}

const roleOf = (vaults: readonly Vault[], point: DescribeRecoveryPointOutput) =>
  vaults.find(({ arn }) => arn === point.BackupVaultArn)?.tags.get(vaultTags.restoreRole);

/** What AWS Backup noted of the table's encryption; the point itself is encrypted with its vault's key. */
async function keyOf(
  client: BackupClient,
  { BackupVaultName, RecoveryPointArn }: DescribeRecoveryPointOutput,
): Promise<string | undefined> {
  const { RestoreMetadata = {} } = await client.send(
    new GetRecoveryPointRestoreMetadataCommand({ BackupVaultName, RecoveryPointArn }),
  );
  // Their letters' case means nothing ("Restore a DynamoDB table").
  const key = Object.entries(RestoreMetadata).find(([name]) => /^kmsMasterKeyArn$/i.test(name));
  return key?.[1]?.startsWith("arn:") ? key[1] : undefined;
}
