import type { BackupClient } from "@aws-sdk/client-backup";
import {
  type DynamoDBClient,
  RestoreTableFromBackupCommand,
  RestoreTableToPointInTimeCommand,
  type TableDescription,
} from "@aws-sdk/client-dynamodb";
import { UsageError } from "../../offline/usage-error.ts";
import { restoredFromTag, tagsOf } from "../aws/find-table.ts";
import { baseName } from "../aws/table-names.ts";
import { describeTable, type OnProgress, waitUntilActive } from "../aws/tables.ts";
import { type RecoveryPoint, timeText } from "./recovery-point.ts";
import { isMadeFrom, runRestoreJob } from "./restore-job.ts";
import type { TableSettings } from "./table-settings.ts";

export interface RestoreRequest {
  /** Name of the table to go back with; of a backup, the one it was made of, which may be gone. */
  readonly source: string;
  /** Name of the table to make. */
  readonly target: string;
  readonly point: RecoveryPoint;
  readonly settings: TableSettings;
}

export interface Restored {
  /** Whether an earlier run had begun it. */
  readonly resumed: boolean;
  readonly table: TableDescription;
}

/** `acme-chat-1a2b3c4-at-20261120T083000Z`: the same for the same second, so that a rerun finds it. */
export const targetName = (source: string, at: Date): string =>
  `${baseName(source)}-at-${timeText(at).replace(/[-:]/g, "")}`;

/** Where a restore is begun: DynamoDB, and AWS Backup where there is one. */
export interface RestoreClients {
  readonly dynamodb: DynamoDBClient;
  readonly backup: BackupClient | undefined;
}

/**
 * Restores to a new table and waits until it is there, which takes AWS from minutes to hours. A rerun
 * that finds the table goes on waiting for it.
 *
 * @throws UsageError when there is a table by the target's name that comes from elsewhere.
 */
export async function restoreTable(
  clients: RestoreClients,
  request: RestoreRequest,
  onProgress: OnProgress,
): Promise<Restored> {
  const begun = await describeTable(clients.dynamodb, request.target);
  if (begun === undefined) await begin(clients, request, onProgress);
  else await requireSameRestore(clients, begun, request, onProgress);
  const table = await waitUntilActive(clients.dynamodb, request.target, onProgress);
  return { resumed: begun !== undefined, table };
}

async function begin(
  clients: RestoreClients,
  request: RestoreRequest,
  onProgress: OnProgress,
): Promise<void> {
  const { source, target, point, settings } = request;
  const { dynamodb } = clients;
  const kmsKeyArn = (await describeTable(dynamodb, source))?.SSEDescription?.KMSMasterKeyArn;
  if (point.from === "aws-backup") {
    requireReach(request);
    const job = { point, target, kmsKeyArn: kmsKeyArn ?? point.kmsKeyArn };
    return runRestoreJob(awsBackup(clients), job, onProgress);
  }
  const overrides = {
    TargetTableName: target,
    // Provisioned throughput and indexes come as the source has them now, moved by auto scaling; ceilings
    // do not come by themselves.
    ...(settings.BillingMode === "PAY_PER_REQUEST" && {
      BillingModeOverride: settings.BillingMode,
      ...(settings.OnDemandThroughput && {
        OnDemandThroughputOverride: settings.OnDemandThroughput,
      }),
    }),
    // The tenant's own key, by name: with whatever else encrypted, revoking it would not.
    ...(kmsKeyArn !== undefined && {
      SSESpecificationOverride: {
        Enabled: true,
        SSEType: "KMS" as const,
        KMSMasterKeyId: kmsKeyArn,
      },
    }),
  };
  if (point.from === "backup") {
    const { backupArn: BackupArn } = point;
    await dynamodb.send(new RestoreTableFromBackupCommand({ ...overrides, BackupArn }));
  } else {
    await dynamodb.send(
      new RestoreTableToPointInTimeCommand({
        ...overrides,
        SourceTableName: source,
        RestoreDateTime: point.at,
      }),
    );
  }
}

/** AWS Backup is where its recovery points are looked up: who has one has a client. */
function awsBackup({ backup }: RestoreClients): BackupClient {
  if (backup === undefined) throw new Error("no client of AWS Backup for a point of AWS Backup's");
  return backup;
}

/** The stack's role makes tables of one name only; AWS Backup would say so minutes later. */
function requireReach({ source, target, point }: RestoreRequest): void {
  const prefix = `${baseName(source)}-at-`;
  if (point.from !== "aws-backup" || !point.isOwnRole || target.startsWith(prefix)) return;
  throw new UsageError(
    `--to ${target}: the stack's role restores to names that begin with ${prefix}. ` +
      "Name such a table, or another role with --role.",
  );
}

async function requireSameRestore(
  clients: RestoreClients,
  table: TableDescription,
  request: RestoreRequest,
  onProgress: OnProgress,
): Promise<void> {
  const { source, target, point } = request;
  if (!(await isSameRestore(clients, table, request, onProgress))) {
    throw new UsageError(
      `There is a table ${target} already, and it is no restore of ${source} to ${timeText(point.at)}. ` +
        "Name another with --to; nothing is ever overwritten.",
    );
  }
  const tags = await tagsOf(clients.dynamodb, target);
  if (tags.has("chatstack:tenant") && !tags.has(restoredFromTag)) {
    throw new UsageError(
      `Table ${target} is that restore, and the stack has adopted it: users write there. ` +
        "Name another table with --to.",
    );
  }
}

async function isSameRestore(
  clients: RestoreClients,
  { RestoreSummary: summary, TableArn = "" }: TableDescription,
  { source, point }: RestoreRequest,
  onProgress: OnProgress,
): Promise<boolean> {
  switch (point.from) {
    case "backup":
      return summary?.SourceBackupArn === point.backupArn;
    case "aws-backup":
      return isMadeFrom(awsBackup(clients), point, TableArn, onProgress);
    case "point-in-time":
      return (
        summary?.SourceTableArn?.endsWith(`table/${source}`) === true &&
        summary.RestoreDateTime?.getTime() === point.at.getTime()
      );
  }
}
