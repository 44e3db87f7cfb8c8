import type { S3Client } from "@aws-sdk/client-s3";
import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import { bucketFolders } from "../../app/resources/bucket.ts";
import { contentsOf } from "../../app/store/dynamodb/erasing/orphans.ts";
import { documentPrefix, userPartition } from "../../app/store/dynamodb/table/keys.ts";
import type { TableAccess } from "../../app/store/dynamodb/table/table-access.ts";
import type { OnProgress } from "../aws/tables.ts";
import { bringBack, isBroughtBack, type KeyVersions, versionsByKey } from "./versions.ts";

/** Objects of the tenant's bucket that the restored table refers to. */
export interface DocumentChanges {
  /** Deleted since: the restored items point to nothing. */
  readonly deleted: number;
  /** Another content lies there now. */
  readonly overwritten: number;
  /** Of these, made current again by this run. */
  readonly restored: number;
  /** Documents of the restored table of which the bucket holds no version any more. */
  readonly gone: number;
  /** Keys of the first that are deleted, overwritten or gone. */
  readonly keys: readonly string[];
}

export interface DocumentRequest {
  readonly client: S3Client;
  readonly bucket: string;
  /** The restored table. */
  readonly table: TableAccess;
  /** The time restored to. */
  readonly at: Date;
  /** `list` changes nothing; `restore` puts a copy of the version of that time over the present one. */
  readonly mode: "list" | "restore";
}

const reported = 20;

/**
 * Compares the bucket as it is with the bucket as it was at the time restored to, for what the restored table
 * refers to: bytes of documents, what was read of them, contents of large messages. Lists all versions
 * of three folders. Nothing is deleted; a run that was stopped is simply repeated.
 */
export async function restoreDocuments(
  request: DocumentRequest,
  onProgress: OnProgress,
): Promise<DocumentChanges> {
  const { client, bucket, table, at, mode } = request;
  const counts = { deleted: 0, overwritten: 0, restored: 0, gone: 0 };
  const keys: string[] = [];
  const note = (key: string) => keys.length < reported && keys.push(key);
  let seen = 0;
  for (const { prefix } of [
    bucketFolders.documents,
    bucketFolders.passages,
    bucketFolders.messages,
  ]) {
    for await (const group of groups(versionsByKey(client, bucket, prefix), prefix)) {
      const wanted = await referredTo(table, prefix, group.path);
      for (const versions of group.versions) {
        seen++;
        const name = versions.key.slice(versions.key.lastIndexOf("/") + 1);
        if (!wanted.delete(name)) continue;
        const change = changeOf(versions, at);
        if (change === "same") continue;
        if (change === "gone") {
          counts.gone++;
          note(versions.key);
          continue;
        }
        if (change.kind === "overwritten" && (await isBroughtBack(client, bucket, change)))
          continue;
        counts[change.kind]++;
        note(versions.key);
        if (mode === "list") continue;
        await bringBack(client, bucket, change);
        counts.restored++;
      }
      // Not every document has passages: of those only what the bucket once held counts.
      const isExpected = prefix !== bucketFolders.passages.prefix;
      for (const name of isExpected ? wanted : []) {
        counts.gone++;
        note(`${prefix}${group.path}${name}`);
      }
      onProgress(`comparing documents: ${seen.toLocaleString("en")} objects of ${bucket}`);
    }
  }
  return { ...counts, keys };
}

/** What became of an object since; `gone` when no version of that time is left. */
function changeOf({ key, versions }: KeyVersions, at: Date) {
  // Newest first. S3 tells seconds.
  const then = versions.find(({ modified }) => modified <= at);
  const now = versions[0];
  if (now === undefined || then === undefined || then.isDeletion) {
    // What the restored table refers to was there: its version has expired.
    return now === undefined || now.isDeletion ? ("gone" as const) : ("same" as const);
  }
  if (now.id === then.id) return "same" as const;
  const kind = now.isDeletion ? ("deleted" as const) : ("overwritten" as const);
  return { kind, key, version: then.id };
}

/** Names of the objects in a folder that the restored table has an item for. */
async function referredTo(table: TableAccess, prefix: string, path: string): Promise<Set<string>> {
  const [user = "", conversation = ""] = path.split("/");
  if (prefix === bucketFolders.messages.prefix) return contentsOf(table, user, conversation);
  const ending = prefix === bucketFolders.passages.prefix ? ".json" : "";
  const names = new Set<string>();
  let ExclusiveStartKey: Record<string, unknown> | undefined;
  do {
    const page = await table.client.send(
      new QueryCommand({
        TableName: table.tableName,
        KeyConditionExpression: "#pk = :partition AND begins_with(#sk, :prefix)",
        FilterExpression: "#status = :ready",
        ProjectionExpression: "#sk",
        ExpressionAttributeNames: { "#pk": "pk", "#sk": "sk", "#status": "status" },
        ExpressionAttributeValues: {
          ":partition": userPartition(user),
          ":prefix": documentPrefix,
          ":ready": "ready",
        },
        ConsistentRead: true,
        ExclusiveStartKey,
      }),
    );
    for (const { sk } of page.Items ?? []) {
      names.add(`${String(sk).slice(documentPrefix.length)}${ending}`);
    }
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey !== undefined);
  return names;
}

interface Group {
  /** What follows the prefix, up to the object's own name: `<user>/` or `<user>/<conversation>/`. */
  readonly path: string;
  readonly versions: readonly KeyVersions[];
}

/** Neighbours that lie in one folder. */
async function* groups(listed: AsyncIterable<KeyVersions>, prefix: string): AsyncGenerator<Group> {
  let path: string | undefined;
  let versions: KeyVersions[] = [];
  for await (const one of listed) {
    const next = one.key.slice(prefix.length, one.key.lastIndexOf("/") + 1);
    if (path !== undefined && next !== path) {
      yield { path, versions };
      versions = [];
    }
    path = next;
    versions.push(one);
  }
  if (path !== undefined) yield { path, versions };
}
