import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { UsageError } from "../../offline/usage-error.ts";
import { findTable, restoredFromTag, tagsOf } from "../aws/find-table.ts";
import { isNamedAfter } from "../aws/table-names.ts";
import { describeTable } from "../aws/tables.ts";
import { parseBackupArn } from "./arn.ts";
import type { RestoreOptions } from "./options.ts";
import { backupPoint, pointInTime, type RecoveryPoint } from "./recovery-point.ts";
import type { RestoreClients } from "./restore-table.ts";
import { vaultPoint } from "./vault-point.ts";

interface Found {
  /** Name of the table to go back with. */
  readonly source: string;
  readonly point: RecoveryPoint;
}

/**
 * What to restore, and the table to go back with, which is the tenant's.
 *
 * @param logicalName Pulumi's name of the table, e.g. `acme-chat`.
 */
export async function findPoint(
  clients: RestoreClients,
  options: RestoreOptions,
  logicalName: string,
): Promise<Found> {
  const { tenant, source, point } = options;
  if ("backupArn" in point) {
    const found = await findBackup(clients, options, point.backupArn);
    if (!found.isOwn) await requireOwn(clients.dynamodb, tenant, found.sourceTable, logicalName);
    if (source !== undefined) await requireOwn(clients.dynamodb, tenant, source, logicalName);
    // The backup may be of a table that the tenant has left: what users write to is what counts.
    const live = source ?? (await liveTable(clients.dynamodb, tenant)) ?? found.sourceTable;
    return { source: live, point: found.point };
  }
  // What an earlier restore made is no source until the stack has adopted it.
  const table =
    source ?? (await findTable(clients.dynamodb, tenant, (tags) => !tags.has(restoredFromTag)));
  await requireOwn(clients.dynamodb, tenant, table, logicalName);
  return { source: table, point: await pointInTime(clients.dynamodb, table, point.at) };
}

/** Undefined where the tenant's tag is on no table, or on several. */
async function liveTable(client: DynamoDBClient, tenant: string): Promise<string | undefined> {
  try {
    return await findTable(client, tenant, (tags) => !tags.has(restoredFromTag));
  } catch (error) {
    if (error instanceof UsageError) return undefined;
    throw error;
  }
}

interface FoundBackup {
  readonly sourceTable: string;
  readonly point: RecoveryPoint;
  /** Whether the backup itself says that it is the tenant's. */
  readonly isOwn: boolean;
}

async function findBackup(
  { dynamodb, backup }: RestoreClients,
  { tenant, roleArn, vault }: RestoreOptions,
  backupArn: string,
): Promise<FoundBackup> {
  const { service } = parseBackupArn(backupArn, await dynamodb.config.region());
  if (service === "dynamodb") {
    const { sourceTable, ...point } = await backupPoint(dynamodb, backupArn);
    return { sourceTable, point, isOwn: false };
  }
  if (backup === undefined) {
    throw new UsageError(
      "Not possible here: this engine has no AWS Backup. On AWS (--region) it is, and on an engine that " +
        "AWS_ENDPOINT_URL_BACKUP names.",
    );
  }
  const point = await vaultPoint(backup, { tenant, backupArn, roleArn, vault });
  const sourceTable = point.sourceArn.split(":table/").at(-1) ?? "";
  return { sourceTable, point, isOwn: point.isTagged };
}

/** Another tenant's data must never get into a tenant's table, however the table was named. */
async function requireOwn(
  client: DynamoDBClient,
  tenant: string,
  table: string,
  logicalName: string,
): Promise<void> {
  const isThere = (await describeTable(client, table)) !== undefined;
  // Of a table that is gone, only its name says whose it was: Pulumi's, `acme-chat-1a2b3c4`.
  const isOwn = isThere
    ? (await tagsOf(client, table)).get("chatstack:tenant") === tenant
    : isNamedAfter(table, logicalName);
  if (!isOwn) throw new UsageError(`Table ${table} is not tenant ${tenant}'s.`);
}
