/** The vaults of AWS Backup that hold a tenant's backups, and the tags that say what they are for. */
import {
  type BackupClient,
  paginateListBackupVaults,
  paginateListTags,
} from "@aws-sdk/client-backup";

export interface Vault {
  readonly name: string;
  readonly arn: string;
  readonly tags: ReadonlyMap<string, string>;
  /** Days that a locked vault keeps each backup at least; 0 without a lock. */
  readonly minRetentionDays: number;
}

/** Those tagged with the tenant. Pulumi names them after the table, e.g. `acme-chat-1a2b3c4`. */
export async function tenantVaults(client: BackupClient, tenant: string): Promise<Vault[]> {
  const vaults: Vault[] = [];
  for await (const { BackupVaultList = [] } of paginateListBackupVaults({ client }, {})) {
    for (const { BackupVaultName: name = "", BackupVaultArn: arn, ...vault } of BackupVaultList) {
      // Tags cost a call each: only vaults whose name may be this tenant's are asked for them.
      if (!name.startsWith(`${tenant}-`) || arn === undefined) continue;
      const tags = await backupTags(client, arn);
      if (tags.get("chatstack:tenant") !== tenant) continue;
      vaults.push({ name, arn, tags, minRetentionDays: vault.MinRetentionDays ?? 0 });
    }
  }
  return vaults;
}

/** Tags of a vault or a recovery point; none of a recovery point that DynamoDB keeps. */
export async function backupTags(
  client: BackupClient,
  ResourceArn: string,
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for await (const { Tags = {} } of paginateListTags({ client }, { ResourceArn })) {
    for (const [key, value] of Object.entries(Tags)) found.set(key, value ?? "");
  }
  return found;
}
