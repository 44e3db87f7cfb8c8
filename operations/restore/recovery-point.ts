import {
  DescribeBackupCommand,
  DescribeContinuousBackupsCommand,
  type DynamoDBClient,
} from "@aws-sdk/client-dynamodb";
import { UsageError } from "../../offline/usage-error.ts";
import { orNotPossibleHere } from "../aws/tables.ts";
import { parseBackupArn, requireAccount } from "./arn.ts";
import type { VaultPoint } from "./vault-point.ts";

/**
 * What to restore: a second that point-in-time recovery reaches, a backup of DynamoDB's, or a recovery
 * point of AWS Backup's.
 */
export type RecoveryPoint =
  | { readonly from: "point-in-time"; readonly at: Date }
  | { readonly from: "backup"; readonly at: Date; readonly backupArn: string }
  | VaultPoint;

/**
 * The second to restore to, within what the table's point-in-time recovery reaches.
 *
 * @param at ISO 8601 with its zone, or `"latest"`, which is about five minutes ago.
 * @throws UsageError when recovery is off, the time is outside of its reach, or the engine has none.
 */
export async function pointInTime(
  client: DynamoDBClient,
  tableName: string,
  at: string,
): Promise<RecoveryPoint> {
  const wanted = at === "latest" ? undefined : parseTime(at);
  const describe = new DescribeContinuousBackupsCommand({ TableName: tableName });
  const { ContinuousBackupsDescription } = await orNotPossibleHere(
    "point-in-time recovery",
    client.send(describe),
  );
  const { PointInTimeRecoveryDescription: recovery } = ContinuousBackupsDescription ?? {};
  const { EarliestRestorableDateTime: earliest, LatestRestorableDateTime: latest } = recovery ?? {};
  if (recovery?.PointInTimeRecoveryStatus !== "ENABLED" || !earliest || !latest) {
    throw new UsageError(
      `Point-in-time recovery of table ${tableName} is off: there is no second to go back to. ` +
        "Name a backup with --backup; `chatstack backup <tenant> --list` shows those there are.",
    );
  }
  const time = wanted ?? wholeSecond(latest);
  if (time < wholeSecond(earliest) || time > latest) {
    throw new UsageError(
      `--at ${at}: table ${tableName} can be restored to any second from ` +
        `${timeText(earliest)} to ${timeText(latest)}.`,
    );
  }
  return { from: "point-in-time", at: time };
}

/** @throws UsageError when the backup is not there to be restored, or the engine has none. */
export async function backupPoint(
  client: DynamoDBClient,
  backupArn: string,
): Promise<RecoveryPoint & { readonly sourceTable: string }> {
  const parsed = parseBackupArn(backupArn, await client.config.region());
  const describe = new DescribeBackupCommand({ BackupArn: backupArn });
  const { BackupDescription } = await orNotPossibleHere("on-demand backups", client.send(describe));
  const { BackupDetails: details, SourceTableDetails: source } = BackupDescription ?? {};
  requireAccount(backupArn, parsed, source?.TableArn?.split(":")[4] ?? parsed.account);
  const { BackupStatus, BackupCreationDateTime: at } = details ?? {};
  if (BackupStatus !== "AVAILABLE" || !at || !source?.TableName) {
    throw new UsageError(`--backup ${backupArn}: is ${BackupStatus ?? "missing"}, not AVAILABLE.`);
  }
  return { from: "backup", at, backupArn, sourceTable: source.TableName };
}

/** `2026-11-20T08:30:00Z` */
export const timeText = (time: Date): string => time.toISOString().replace(/\.\d+/, "");

/** A time without a zone would mean another second on another machine. */
function parseTime(text: string): Date {
  const time = new Date(text);
  if (!/^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/.test(text) || Number.isNaN(time.getTime())) {
    throw new UsageError(`--at ${text}: "latest", or a time with its zone: 2026-11-20T08:30:00Z`);
  }
  return wholeSecond(time);
}

/** DynamoDB restores to whole seconds. */
const wholeSecond = (time: Date): Date => new Date(Math.floor(time.getTime() / 1000) * 1000);
