/**
 * What a restored table comes without, though its source had it. (DynamoDB Developer Guide,
 * "Point-in-time recovery: How it works": auto scaling, IAM policies, alarms, tags, stream, TTL and
 * PITR are to be set up by hand.) Here are those of the table itself, so that it is never weaker than
 * its source; the rest are resources of the stack and follow when it adopts the table.
 */
import { isDeepStrictEqual } from "node:util";
import {
  ContinuousBackupsUnavailableException,
  DescribeTimeToLiveCommand,
  type DynamoDBClient,
  TagResourceCommand,
  UpdateContinuousBackupsCommand,
  UpdateTableCommand,
  type UpdateTableCommandInput,
  UpdateTimeToLiveCommand,
} from "@aws-sdk/client-dynamodb";
import { isNotImplemented } from "../../offline/not-implemented.ts";
import { restoredFromTag, tagsOf } from "../aws/find-table.ts";
import { describeTable, type OnProgress, pause, waitUntilActive } from "../aws/tables.ts";
import type { TableSettings } from "./table-settings.ts";

export interface Protection {
  readonly setting:
    | "deletion protection"
    | "point-in-time recovery"
    | "time to live"
    | "stream"
    | "table class"
    | "ceilings"
    | "tags";
  /** `none`: the stack wants none either. */
  readonly outcome: "set" | "as wanted" | "none" | "not possible here";
}

export interface ProtectRequest {
  readonly source: string;
  readonly target: string;
  readonly settings: TableSettings;
}

/** Sets, on a restored table, what the stack wants of the tenant's; what is set already stays. */
export async function protectTable(
  client: DynamoDBClient,
  request: ProtectRequest,
  onProgress: OnProgress,
): Promise<Protection[]> {
  const { target, settings } = request;
  const table = await describeTable(client, target);
  const isOnDemand = settings.BillingMode === "PAY_PER_REQUEST";
  const ceilings = isOnDemand ? settings.OnDemandThroughput : undefined;
  // DynamoDB makes one change of a table at a time.
  const update = async (change: Omit<UpdateTableCommandInput, "TableName">) => {
    await client.send(new UpdateTableCommand({ TableName: target, ...change }));
    await waitUntilActive(client, target, onProgress);
  };
  const steps: readonly Step[] = [
    {
      setting: "deletion protection",
      isWanted: settings.DeletionProtectionEnabled === true,
      isThere: table?.DeletionProtectionEnabled === true,
      set: () => update({ DeletionProtectionEnabled: true }),
    },
    {
      setting: "point-in-time recovery",
      isWanted: settings.recoveryDays !== "off",
      isThere: false,
      set: () => enableRecovery(client, target, settings.recoveryDays),
    },
    {
      setting: "time to live",
      isWanted: settings.timeToLive !== undefined,
      isThere: await hasTimeToLive(client, target),
      set: () =>
        client.send(
          new UpdateTimeToLiveCommand({
            TableName: target,
            TimeToLiveSpecification: { Enabled: true, AttributeName: settings.timeToLive },
          }),
        ),
    },
    {
      setting: "stream",
      isWanted: settings.StreamSpecification?.StreamEnabled === true,
      isThere: table?.StreamSpecification?.StreamEnabled === true,
      set: () => update({ StreamSpecification: settings.StreamSpecification }),
    },
    {
      setting: "table class",
      isWanted: settings.TableClass !== undefined,
      isThere: (table?.TableClassSummary?.TableClass ?? "STANDARD") === settings.TableClass,
      set: () => update({ TableClass: settings.TableClass }),
    },
    {
      // AWS Backup takes no overrides: what it restores has those of the day of the backup, or none.
      setting: "ceilings",
      isWanted: ceilings !== undefined,
      isThere: isDeepStrictEqual(ceilings, table?.OnDemandThroughput),
      set: () => update({ BillingMode: "PAY_PER_REQUEST", OnDemandThroughput: ceilings }),
    },
    {
      setting: "tags",
      isWanted: true,
      isThere: false,
      set: () => tag(client, request, table?.TableArn),
    },
  ];
  const done: Protection[] = [];
  for (const { setting, isWanted, isThere, set } of steps) {
    onProgress(`${target}: ${setting}`);
    const outcome = !isWanted ? "none" : isThere ? "as wanted" : await attempt(set);
    done.push({ setting, outcome });
  }
  return done;
}

interface Step {
  readonly setting: Protection["setting"];
  readonly isWanted: boolean;
  readonly isThere: boolean;
  readonly set: () => Promise<unknown>;
}

async function attempt(set: () => Promise<unknown>): Promise<Protection["outcome"]> {
  try {
    await set();
    return "set";
  } catch (error) {
    if (!isNotImplemented(error)) throw error;
    return "not possible here";
  }
}

/** A new table refuses it until its backups are set up, which takes moments. */
async function enableRecovery(
  client: DynamoDBClient,
  TableName: string,
  days: TableSettings["recoveryDays"],
): Promise<void> {
  const update = new UpdateContinuousBackupsCommand({
    TableName,
    PointInTimeRecoverySpecification: {
      PointInTimeRecoveryEnabled: true,
      ...(typeof days === "number" && { RecoveryPeriodInDays: days }),
    },
  });
  for (let looks = 0; ; looks++) {
    try {
      await client.send(update);
      return;
    } catch (error) {
      if (!(error instanceof ContinuousBackupsUnavailableException)) throw error;
      await pause(looks);
    }
  }
}

/** Enabling what is enabled is an error (API reference, UpdateTimeToLive). */
async function hasTimeToLive(client: DynamoDBClient, TableName: string): Promise<boolean> {
  const { TimeToLiveDescription } = await client.send(new DescribeTimeToLiveCommand({ TableName }));
  return TimeToLiveDescription?.TimeToLiveStatus?.startsWith("ENABL") ?? false;
}

/** Those that the source carries beside the stack's own, e.g. somebody's for cost allocation. */
async function tag(
  client: DynamoDBClient,
  { source, settings }: ProtectRequest,
  ResourceArn: string | undefined,
): Promise<void> {
  const ofSource = (await describeTable(client, source)) ? await tagsOf(client, source) : [];
  const wanted = (settings.Tags ?? []).map(({ Key = "", Value = "" }) => [Key, Value] as const);
  const tags = new Map([...ofSource, ...wanted, [restoredFromTag, source] as const]);
  const Tags = [...tags]
    // Reserved for AWS, which refuses them from anybody else.
    .filter(([Key]) => !Key.startsWith("aws:"))
    .map(([Key, Value]) => ({ Key, Value }));
  await client.send(new TagResourceCommand({ ResourceArn, Tags }));
}
