import {
  type DynamoDBClient,
  RestoreTableFromBackupCommand,
  RestoreTableToPointInTimeCommand,
  type TableDescription,
} from "@aws-sdk/client-dynamodb";
import { UsageError } from "../../offline/usage-error.ts";
import { describeTable, type OnProgress, waitUntilActive } from "../aws/tables.ts";
import { type RecoveryPoint, timeText } from "./recovery-point.ts";
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
  `${source.replace(/-at-\d{8}T\d{6}Z$/, "")}-at-${timeText(at).replace(/[-:]/g, "")}`;

/**
 * Restores to a new table and waits until it is there, which takes AWS from minutes to hours. A rerun
 * that finds the table goes on waiting for it.
 *
 * @throws UsageError when there is a table by the target's name that comes from elsewhere.
 */
export async function restoreTable(
  client: DynamoDBClient,
  request: RestoreRequest,
  onProgress: OnProgress,
): Promise<Restored> {
  const begun = await describeTable(client, request.target);
  if (begun === undefined) await begin(client, request);
  else requireSameRestore(begun, request);
  const table = await waitUntilActive(client, request.target, onProgress);
  return { resumed: begun !== undefined, table };
}

async function begin(client: DynamoDBClient, request: RestoreRequest): Promise<void> {
  const { source, target, point, settings } = request;
  const kmsKeyArn = (await describeTable(client, source))?.SSEDescription?.KMSMasterKeyArn;
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
    await client.send(new RestoreTableFromBackupCommand({ ...overrides, BackupArn }));
  } else {
    await client.send(
      new RestoreTableToPointInTimeCommand({
        ...overrides,
        SourceTableName: source,
        RestoreDateTime: point.at,
      }),
    );
  }
}

function requireSameRestore(
  { RestoreSummary: summary }: TableDescription,
  { source, target, point }: RestoreRequest,
): void {
  const isSame =
    point.from === "backup"
      ? summary?.SourceBackupArn === point.backupArn
      : summary?.SourceTableArn?.endsWith(`table/${source}`) &&
        summary.RestoreDateTime?.getTime() === point.at.getTime();
  if (isSame) return;
  throw new UsageError(
    `There is a table ${target} already, and it is no restore of ${source} to ${timeText(point.at)}. ` +
      "Name another with --to; nothing is ever overwritten.",
  );
}
