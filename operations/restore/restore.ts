/** Restoring a tenant's table to a new one, comparing the two, and having the stack adopt the new one. */
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { evaluateStack } from "../../offline/project.ts";
import { UsageError } from "../../offline/usage-error.ts";
import { findTable, restoredFromTag, tagsOf } from "../aws/find-table.ts";
import { describeTable, type OnProgress } from "../aws/tables.ts";
import { type Adoption, planAdoption, writeAdoption } from "./adoption.ts";
import { type Comparison, compareTables } from "./compare.ts";
import { type Protection, protectTable } from "./protect.ts";
import { backupPoint, pointInTime, timeText } from "./recovery-point.ts";
import { restoreTable, targetName } from "./restore-table.ts";
import { type TableSettings, tableSettings } from "./table-settings.ts";

export interface RestoreOptions {
  readonly tenant: string;
  /** Folder of `Pulumi.yaml`. */
  readonly root: string;
  /** Stack that has the tenant. */
  readonly stack: string;
  /** A time in ISO 8601, or `"latest"`; or the ARN of a backup. */
  readonly point: { readonly at: string } | { readonly backupArn: string };
  /** Table to go back with. Default: the tenant's. */
  readonly source?: string | undefined;
  /** Name of the table to make. Default: the source's, with the time. */
  readonly target?: string | undefined;
  /** Whether to read both tables and compare them. */
  readonly compare: boolean;
  /** Whether to write the stack's file, provided that nothing differs and nothing would be lost. */
  readonly write: boolean;
}

export interface Restore extends Finished {
  readonly source: string;
  readonly target: string;
  /** The time restored to: ISO 8601, in UTC. */
  readonly at: string;
  /** Whether an earlier run had begun it. */
  readonly resumed: boolean;
}

/**
 * Restores a tenant's table to a new one, protects that as the stack wants it, compares the two, and says
 * what makes the stack adopt it. Nothing that exists is changed, but the stack's file if that is asked.
 *
 * @throws UsageError for what the user can put right, or what the engine cannot do.
 */
export async function restore(
  client: DynamoDBClient,
  options: RestoreOptions,
  onProgress: OnProgress,
): Promise<Restore> {
  const { tenant, root, stack } = options;
  const settings = tableSettings((await evaluateStack(stack, { root })).records, tenant);
  const { source, point } = await findPoint(client, options, settings.logicalName);
  const target = options.target ?? targetName(source, point.at);
  const request = { source, target, point, settings };
  const { resumed } = await restoreTable(client, request, onProgress);
  const finish = { ...options, ...request, at: point.at };
  const finished = await finishRestore(client, finish, onProgress);
  return { source, target, at: timeText(point.at), resumed, ...finished };
}

export interface Finished {
  readonly protections: readonly Protection[];
  /** Absent where it was not asked for, or there is no source to compare with. */
  readonly comparison?: Comparison;
  /** The edit of the stack's file at this path. */
  readonly adoption: Pick<Adoption, "lines" | "losses"> & { readonly path: string };
  readonly written: boolean;
}

export interface FinishRequest extends Omit<RestoreOptions, "point" | "source" | "target"> {
  readonly source: string;
  readonly target: string;
  readonly at: Date;
  readonly settings: TableSettings;
}

/** What follows once the restored table is there, however it came about. */
export async function finishRestore(
  client: DynamoDBClient,
  request: FinishRequest,
  onProgress: OnProgress,
): Promise<Finished> {
  const { tenant, root, stack, source, target, settings } = request;
  const protections = await protectTable(client, { source, target, settings }, onProgress);
  const isComparable = request.compare && (await describeTable(client, source)) !== undefined;
  const comparison = isComparable
    ? await compareTables(DynamoDBDocumentClient.from(client), request, onProgress)
    : undefined;
  const adoption = await planAdoption({ root, stack, tenant, table: target });
  const isSafe = adoption.losses.length === 0 && comparison?.isSame !== false;
  const written = request.write && isSafe;
  if (written) writeAdoption(adoption);
  const { source: file, lines, losses } = adoption;
  return {
    protections,
    ...(comparison && { comparison }),
    adoption: { path: file.path, lines, losses },
    written,
  };
}

async function findPoint(
  client: DynamoDBClient,
  { tenant, source, point }: RestoreOptions,
  logicalName: string,
) {
  if ("backupArn" in point) {
    const { sourceTable, ...found } = await backupPoint(client, point.backupArn);
    await requireOwn(client, tenant, sourceTable, logicalName);
    return { source: source ?? sourceTable, point: found };
  }
  // What an earlier restore made is no source until the stack has adopted it.
  const table = source ?? (await findTable(client, tenant, (tags) => !tags.has(restoredFromTag)));
  await requireOwn(client, tenant, table, logicalName);
  return { source: table, point: await pointInTime(client, table, point.at) };
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
    : table.startsWith(`${logicalName}-`);
  if (!isOwn) throw new UsageError(`Table ${table} is not tenant ${tenant}'s.`);
}
