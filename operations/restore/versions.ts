/** Versions of objects, and how an old one becomes the present one again. */
import {
  CopyObjectCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  type S3Client,
} from "@aws-sdk/client-s3";
import { orNotPossibleHere } from "../aws/tables.ts";

export interface Version {
  readonly id: string;
  readonly modified: Date;
  /** A delete marker. */
  readonly isDeletion: boolean;
}

export interface KeyVersions {
  readonly key: string;
  /** Newest first. */
  readonly versions: readonly Version[];
}

/** Every key below a prefix with all of its versions, in the order of keys. */
export async function* versionsByKey(
  client: S3Client,
  Bucket: string,
  Prefix: string,
): AsyncGenerator<KeyVersions> {
  let open: { key: string; versions: Version[] } | undefined;
  let after: Pick<ListObjectVersionsCommandOutput, "NextKeyMarker" | "NextVersionIdMarker"> = {};
  do {
    const page: ListObjectVersionsCommandOutput = await orNotPossibleHere(
      "versions of objects",
      client.send(
        new ListObjectVersionsCommand({
          Bucket,
          Prefix,
          KeyMarker: after.NextKeyMarker,
          VersionIdMarker: after.NextVersionIdMarker,
        }),
      ),
    );
    for (const { key, ...version } of entriesOf(page)) {
      if (open !== undefined && open.key !== key) {
        yield open;
        open = undefined;
      }
      open ??= { key, versions: [] };
      open.versions.push(version);
    }
    after = page;
  } while (after.NextKeyMarker !== undefined);
  if (open !== undefined) yield open;
}

/** S3 lists versions and delete markers apart; together they are in the order of keys, newest first. */
function entriesOf({ Versions = [], DeleteMarkers = [] }: ListObjectVersionsCommandOutput) {
  const entries = [
    ...Versions.map((version) => ({ ...version, isDeletion: false })),
    ...DeleteMarkers.map((marker) => ({ ...marker, isDeletion: true })),
  ].map(({ Key = "", VersionId = "", LastModified, IsLatest, isDeletion }) => ({
    key: Key,
    id: VersionId,
    modified: LastModified ?? new Date(0),
    isLatest: IsLatest === true,
    isDeletion,
  }));
  return entries
    .sort(
      (one, other) =>
        compareText(one.key, other.key) ||
        Number(other.isLatest) - Number(one.isLatest) ||
        other.modified.getTime() - one.modified.getTime(),
    )
    .map(({ isLatest: _, ...entry }) => entry);
}

/** S3 orders keys by their bytes. */
const compareText = (one: string, other: string): number =>
  Buffer.compare(Buffer.from(one), Buffer.from(other));

export interface OldVersion {
  readonly key: string;
  readonly version: string;
}

/** On a copy: the version that it is of. */
const restoredVersion = "chatstack-restored-version";

/** Whether the present version is a copy of that one, which an earlier run made. */
export async function isBroughtBack(
  client: S3Client,
  Bucket: string,
  { key, version }: OldVersion,
): Promise<boolean> {
  const { Metadata } = await client.send(new HeadObjectCommand({ Bucket, Key: key }));
  return Metadata?.[restoredVersion] === version;
}

/** Copies a version over the present one: a new version, encrypted as the bucket encrypts. */
export async function bringBack(
  client: S3Client,
  Bucket: string,
  { key, version }: OldVersion,
): Promise<void> {
  const old = await client.send(new HeadObjectCommand({ Bucket, Key: key, VersionId: version }));
  await client.send(
    new CopyObjectCommand({
      Bucket,
      Key: key,
      CopySource: `${Bucket}/${encodeURIComponent(key)}?versionId=${encodeURIComponent(version)}`,
      // Replaced, since the version's name is added; so what it said of itself is said again.
      MetadataDirective: "REPLACE",
      Metadata: { ...old.Metadata, [restoredVersion]: version },
      ContentType: old.ContentType,
      ContentDisposition: old.ContentDisposition,
      ContentEncoding: old.ContentEncoding,
      CacheControl: old.CacheControl,
    }),
  );
}
