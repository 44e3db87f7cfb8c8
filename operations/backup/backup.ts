/** On-demand backups of a tenant's table, by DynamoDB itself. */
import {
  type BackupSummary,
  CreateBackupCommand,
  DescribeBackupCommand,
  type DynamoDBClient,
  ListBackupsCommand,
} from "@aws-sdk/client-dynamodb";
import { type OnProgress, orNotPossibleHere, pause } from "../aws/tables.ts";

export interface Backup {
  /** Whose backup it is: DynamoDB's own, or a recovery point of AWS Backup. */
  readonly kind: "dynamodb" | "aws-backup";
  readonly arn: string;
  /** What DynamoDB calls it; of a recovery point, the table it is of. */
  readonly name: string;
  /** In the service's own words, e.g. `AVAILABLE`, `COMPLETED`. */
  readonly status: string;
  /** ISO 8601, in UTC. */
  readonly createdAt: string;
  /** ISO 8601, in UTC; null for one that stays until somebody deletes it. */
  readonly expiresAt: string | null;
  /** Name of AWS Backup's vault; null outside of one. */
  readonly vault: string | null;
  readonly bytes: number;
}

/**
 * A full copy of a tenant's table as it is now, kept until somebody deletes it, even if the table goes.
 * Its name says tenant and time: DynamoDB's own backups take no tags.
 *
 * @throws UsageError where the engine has no backups.
 */
export async function createBackup(
  client: DynamoDBClient,
  { tenant, tableName, now }: { tenant: string; tableName: string; now: Date },
  onProgress: OnProgress,
): Promise<Backup> {
  const name = `${tenant}-${now.toISOString().replace(/[-:]|\.\d+/g, "")}`;
  const create = new CreateBackupCommand({ TableName: tableName, BackupName: name });
  const { BackupDetails } = await orNotPossibleHere("on-demand backups", client.send(create));
  const BackupArn = BackupDetails?.BackupArn;
  for (let looks = 0; ; looks++) {
    const { BackupDescription } = await client.send(new DescribeBackupCommand({ BackupArn }));
    const backup = described(BackupDescription?.BackupDetails ?? {});
    if (backup.status === "AVAILABLE") return backup;
    if (backup.status !== "CREATING") throw new Error(`Backup ${name} is ${backup.status}.`);
    onProgress(`${name}: ${backup.status}`);
    await pause(looks);
  }
}

/** What DynamoDB lists for a table, in no order. */
export async function listBackups(client: DynamoDBClient, tableName: string): Promise<Backup[]> {
  const backups: Backup[] = [];
  let after: string | undefined;
  do {
    const list = new ListBackupsCommand({
      TableName: tableName,
      BackupType: "ALL",
      ExclusiveStartBackupArn: after,
    });
    const page = await orNotPossibleHere("on-demand backups", client.send(list));
    backups.push(...(page.BackupSummaries ?? []).map(described));
    after = page.LastEvaluatedBackupArn;
  } while (after !== undefined);
  return backups;
}

const described = (summary: BackupSummary): Backup => ({
  kind: "dynamodb",
  arn: summary.BackupArn ?? "",
  name: summary.BackupName ?? "",
  status: summary.BackupStatus ?? "UNKNOWN",
  createdAt: summary.BackupCreationDateTime?.toISOString() ?? "",
  expiresAt: summary.BackupExpiryDateTime?.toISOString() ?? null,
  vault: null,
  bytes: summary.BackupSizeBytes ?? 0,
});
