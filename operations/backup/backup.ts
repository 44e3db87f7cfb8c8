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
  readonly arn: string;
  readonly name: string;
  readonly status: string;
  /** ISO 8601, in UTC. */
  readonly createdAt: string;
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

/** Of a table, newest first; those of AWS Backup, which stand in its vaults, among them. */
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
  return backups.sort((one, other) => (one.createdAt < other.createdAt ? 1 : -1));
}

const described = (summary: BackupSummary): Backup => ({
  arn: summary.BackupArn ?? "",
  name: summary.BackupName ?? "",
  status: summary.BackupStatus ?? "UNKNOWN",
  createdAt: summary.BackupCreationDateTime?.toISOString() ?? "",
  bytes: summary.BackupSizeBytes ?? 0,
});
