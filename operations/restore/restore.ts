/** Restoring a tenant's table to a new one, comparing the two, and having the stack adopt the new one. */
import type { S3Client } from "@aws-sdk/client-s3";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { S3ObjectStore } from "../../app/objects/s3.ts";
import { evaluateStack } from "../../offline/project.ts";
import { UsageError } from "../../offline/usage-error.ts";
import { findBucket } from "../aws/find-bucket.ts";
import { describeTable, type OnProgress } from "../aws/tables.ts";
import { type Adoption, planAdoption, writeAdoption } from "./adoption.ts";
import { type Comparison, compareTables } from "./compare.ts";
import { type DocumentChanges, restoreDocuments } from "./documents.ts";
import { findPoint } from "./find-point.ts";
import type { RestoreOptions, SinceOptions } from "./options.ts";
import { type Protection, protectTable } from "./protect.ts";
import { timeText } from "./recovery-point.ts";
import { type RestoreClients, restoreTable, targetName } from "./restore-table.ts";
import type { Changes } from "./since/changes.ts";
import { changesSince } from "./since/since.ts";
import { bucketName, tableSettings } from "./table-settings.ts";

export interface Clients extends RestoreClients {
  /** Undefined where the tenant's bucket is not to be looked at. */
  readonly s3: S3Client | undefined;
}

export interface Restore {
  readonly source: string;
  readonly target: string;
  /** The time restored to: ISO 8601, in UTC. */
  readonly at: string;
  /** Whether an earlier run had begun it. */
  readonly resumed: boolean;
  readonly protections: readonly Protection[];
  /** Absent where it was not asked for, or there is no source to compare with. */
  readonly comparison?: Comparison;
  /** What was written to the source since; absent as `comparison` is. */
  readonly since?: Changes & { readonly mode: SinceOptions["mode"] };
  /** Absent where the bucket was not looked at. */
  readonly documents?: DocumentChanges & { readonly mode: "list" | "restore" };
  /** Why the bucket was not looked at, though it was wanted. */
  readonly documentsUnread?: string;
  /** The edit of the stack's file at this path. */
  readonly adoption: Pick<Adoption, "lines" | "losses"> & { readonly path: string };
  /** Why the stack's file must not be written, beside `adoption.losses`. */
  readonly doubts: readonly string[];
  readonly written: boolean;
}

/**
 * Restores a tenant's table to a new one, protects that as the stack wants it, compares the two, finds what was
 * written since, and says what makes the stack adopt it. Nothing that exists is changed, but what is
 * asked for: the stack's file, and present versions of documents.
 *
 * @throws UsageError for what the user can put right, or what the engine cannot do.
 */
export async function restore(
  clients: Clients,
  options: RestoreOptions,
  onProgress: OnProgress,
): Promise<Restore> {
  const { tenant, root, stack } = options;
  const { records } = await evaluateStack(stack, { root });
  const settings = tableSettings(records, tenant);
  const { source, point } = await findPoint(clients, options, settings.logicalName);
  const target = options.target ?? targetName(source, point.at);
  const request = { source, target, point, settings };
  const { resumed } = await restoreTable(clients, request, onProgress);
  const protections = await protectTable(clients.dynamodb, request, onProgress);
  const place = { source, target, at: point.at };
  const bucket = await theBucket(clients, options, bucketName(records, tenant));
  const found = await look(clients, { ...options, ...place, ...bucket }, onProgress);

  const adoption = await planAdoption({ root, stack, tenant, table: target });
  const doubts = doubtsOf(found);
  const written = options.write && adoption.losses.length === 0 && doubts.length === 0;
  if (written) writeAdoption(adoption);
  const { source: file, lines, losses } = adoption;
  return {
    source,
    target,
    at: timeText(point.at),
    resumed,
    protections,
    ...found,
    adoption: { path: file.path, lines, losses },
    doubts,
    written,
  };
}

type Found = Pick<Restore, "comparison" | "since" | "documents" | "documentsUnread">;

interface LookRequest extends Pick<RestoreOptions, "compare" | "since" | "documents"> {
  readonly source: string;
  readonly target: string;
  readonly at: Date;
  readonly bucket?: string;
  readonly documentsUnread?: string;
}

/** @param logicalName Pulumi's name of the bucket, e.g. `acme-documents`. */
async function theBucket(
  { s3 }: Clients,
  { tenant, bucket, documents }: RestoreOptions,
  logicalName: string,
): Promise<Pick<LookRequest, "bucket" | "documentsUnread">> {
  if (s3 === undefined) return {};
  try {
    const found = bucket ?? (await findBucket(s3, tenant, logicalName));
    if (found !== undefined) return { bucket: found };
  } catch (error) {
    if (documents === "restore" || !isUnreadable(error)) throw error;
    return { documentsUnread: error.message };
  }
  const unknown = `no bucket ${logicalName}-… is tagged chatstack:tenant=${tenant}; name it with --bucket`;
  if (documents === "restore") throw new UsageError(`--restore-documents: ${unknown}.`);
  return { documentsUnread: unknown };
}

/** Credentials that may not read the bucket, and engines that keep no versions, restore the table all the same. */
const isUnreadable = (error: unknown): error is Error =>
  error instanceof Error &&
  (error.name === "AccessDenied" || error.message.startsWith("Not possible here"));

/** Compares first: what is carried over afterwards is no restored data. Documents follow their items. */
async function look(
  { dynamodb, s3 }: Clients,
  request: LookRequest,
  onProgress: OnProgress,
): Promise<Found> {
  if (!request.compare) return {};
  const { source, target, at, bucket } = request;
  const now = () => new Date();
  const client = DynamoDBDocumentClient.from(dynamodb, {
    // As the app's own client writes.
    marshallOptions: { removeUndefinedValues: true },
  });
  const objects =
    s3 && bucket !== undefined
      ? new S3ObjectStore({ client: s3, bucketName: bucket, now })
      : undefined;
  let found: Found = {};
  if ((await describeTable(dynamodb, source)) !== undefined) {
    const comparison = await compareTables(client, request, onProgress);
    const { mode, deletions, leave } = request.since ?? sinceDefaults;
    const since = await changesSince(
      client,
      { source, target, at, objects, mode, deletions, leave: new Set(leave), now },
      onProgress,
    );
    found = { comparison, since: { ...since, mode } };
  }
  const { documents: mode = "list", documentsUnread } = request;
  if (documentsUnread !== undefined) return { ...found, documentsUnread };
  if (s3 === undefined || bucket === undefined) return found;
  const table = { client, tableName: target, now };
  try {
    const documents = await restoreDocuments({ client: s3, bucket, table, at, mode }, onProgress);
    return { ...found, documents: { ...documents, mode } };
  } catch (error) {
    if (mode === "restore" || !isUnreadable(error)) throw error;
    return { ...found, documentsUnread: error.message };
  }
}

const sinceDefaults: SinceOptions = { mode: "list", deletions: "deleted", leave: [] };

function doubtsOf({ comparison, since }: Found): string[] {
  return [
    ...(comparison?.isSame === false ? ["messages differ or are missing"] : []),
    // Whose erasure is not repeated would be back.
    ...(since?.mode === "list" && since.erased.length > 0
      ? [`${since.erased.length} users were erased since: --bring-over erases them here too`]
      : []),
  ];
}
