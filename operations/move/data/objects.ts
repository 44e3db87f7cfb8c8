/** The new bucket made the same as the old one, but for the ids of users in the keys. */
import {
  DeleteObjectsCommand,
  GetObjectCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  type S3Client,
} from "@aws-sdk/client-s3";
import { bucketFolders } from "../../../app/resources/bucket.ts";
import type { OnProgress } from "../../aws/tables.ts";
import type { Mirrored } from "./items.ts";
import { inverse, movedObjectKey, type UserIds } from "./user-ids.ts";

export interface Bucket {
  readonly client: S3Client;
  readonly name: string;
}

export interface BucketPair {
  readonly from: Bucket;
  /** Nobody else writes to it. */
  readonly to: Bucket;
  readonly ids: UserIds;
  /** When the last complete pass began: what was written since is copied again. */
  readonly since: Date;
}

interface Listed {
  readonly key: string;
  readonly size: number;
  readonly modified: Date;
}

/** Uploads that are on their way stay: their address is one of the old bucket. */
const folders = Object.values(bucketFolders).filter((folder) => folder !== bucketFolders.uploads);
const copiesAtOnce = 8;
/** S3's limit for one DeleteObjects. */
const deletionsAtOnce = 1_000;
/** How far this machine's clock may be away from S3's. */
const clockMilliseconds = 60_000;

/**
 * Copies objects that the new bucket lacks, and those that were written since; deletes those that the old bucket has no
 * longer. Present versions alone: earlier ones stay in the old bucket. It may be stopped and repeated.
 */
export async function mirrorObjects(pair: BucketPair, onProgress: OnProgress): Promise<Mirrored> {
  const { from, to, ids } = pair;
  const former = inverse(ids);
  const since = new Date(pair.since.getTime() - clockMilliseconds);
  const counts = { found: 0, written: 0, deleted: 0 };
  for (const { prefix } of folders) {
    for await (const group of byUser(from, prefix)) {
      const moved = movedObjectKey(group.prefix, ids);
      const there = new Map(
        (await Array.fromAsync(listed(to, moved))).map((one) => [one.key, one]),
      );
      const due = group.objects.filter(({ key, size, modified }) => {
        const copy = there.get(movedObjectKey(key, ids));
        return copy === undefined || copy.size !== size || modified >= since;
      });
      // An object that is written again and again counts as a change only where its bytes have changed.
      counts.written += await copyAll(pair, due, there);
      counts.found += group.objects.length;
      onProgress(`objects: ${counts.found.toLocaleString("en")} seen, ${counts.written} copied`);
    }
    for await (const group of byUser(to, prefix)) {
      const original = movedObjectKey(group.prefix, former);
      const keys = new Set((await Array.fromAsync(listed(from, original))).map(({ key }) => key));
      const gone = group.objects.filter(({ key }) => !keys.has(movedObjectKey(key, former)));
      await deleteAll(to, gone);
      counts.deleted += gone.length;
    }
  }
  return counts;
}

interface Group {
  /** Ends in `/`. */
  readonly prefix: string;
  readonly objects: readonly Listed[];
}

/** A user's objects stand beside each other. */
async function* byUser(bucket: Bucket, folder: string): AsyncGenerator<Group> {
  let [prefix, objects]: [string, Listed[]] = ["", []];
  for await (const object of listed(bucket, folder)) {
    const [, user = ""] = object.key.split("/");
    if (prefix !== `${folder}${user}/`) {
      if (objects.length > 0) yield { prefix, objects };
      [prefix, objects] = [`${folder}${user}/`, []];
    }
    objects.push(object);
  }
  if (objects.length > 0) yield { prefix, objects };
}

async function* listed({ client, name }: Bucket, Prefix: string): AsyncGenerator<Listed> {
  for await (const page of paginateListObjectsV2({ client }, { Bucket: name, Prefix })) {
    for (const { Key = "", Size = 0, LastModified = new Date() } of page.Contents ?? []) {
      yield { key: Key, size: Size, modified: LastModified };
    }
  }
}

/** Answers how many had other bytes. */
async function copyAll(
  pair: BucketPair,
  objects: readonly Listed[],
  there: ReadonlyMap<string, Listed>,
): Promise<number> {
  const left = [...objects];
  let written = 0;
  await Promise.all(
    Array.from({ length: copiesAtOnce }, async () => {
      for (let object = left.pop(); object !== undefined; object = left.pop()) {
        if (await copy(pair, object, there.has(movedObjectKey(object.key, pair.ids)))) written++;
      }
    }),
  );
  return written;
}

async function copy({ from, to, ids }: BucketPair, { key }: Listed, isThere: boolean) {
  const Key = movedObjectKey(key, ids);
  const source = await read(from, key);
  if (source === undefined) return false;
  if (isThere && (await read(to, Key))?.bytes.equals(source.bytes)) return false;
  const { bytes, ContentType, ContentEncoding, Metadata } = source;
  await to.client.send(
    new PutObjectCommand({
      ...{ Bucket: to.name, Key, Body: bytes, ContentType, ContentEncoding, Metadata },
    }),
  );
  return true;
}

/** Undefined where it was deleted meanwhile. */
async function read({ client, name }: Bucket, Key: string) {
  try {
    const answer = await client.send(new GetObjectCommand({ Bucket: name, Key }));
    const { Body, ContentType, ContentEncoding, Metadata } = answer;
    const bytes = Buffer.from((await Body?.transformToByteArray()) ?? []);
    return { bytes, ContentType, ContentEncoding, Metadata };
  } catch (error) {
    if (error instanceof Error && error.name === "NoSuchKey") return undefined;
    throw error;
  }
}

async function deleteAll({ client, name }: Bucket, objects: readonly Listed[]): Promise<void> {
  for (let start = 0; start < objects.length; start += deletionsAtOnce) {
    const Objects = objects.slice(start, start + deletionsAtOnce).map(({ key }) => ({ Key: key }));
    const { Errors = [] } = await client.send(
      new DeleteObjectsCommand({ Bucket: name, Delete: { Objects, Quiet: true } }),
    );
    const [first] = Errors;
    if (first !== undefined) throw new Error(`${name}: ${first.Key}: ${first.Code}`);
  }
}
