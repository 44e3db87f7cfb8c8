import { unescaped } from "../s3/cors.ts";
import type { S3Request } from "../s3/refusal.ts";
import type { Access } from "./decide.ts";

/** A bucket, as far as a decision needs it. */
export interface BucketInfo {
  readonly arn: string;
  /** Key that new objects are encrypted with; absent where AWS owns it. */
  readonly key?: KeyInfo | undefined;
}

export interface KeyInfo {
  readonly arn: string;
  /** `kms:ViaService` of its uses, e.g. `s3.us-east-1.amazonaws.com`. */
  readonly service: string;
}

/** What encrypting and decrypting with a key is asked about. */
export const keyUse = (action: string, key: KeyInfo | undefined): Access[] =>
  key === undefined
    ? []
    : [{ action, resource: key.arn, context: { "kms:viaservice": [key.service] } }];

/**
 * What a request does, in the words of IAM; a copy and a batch do several things.
 * (Amazon S3 User Guide, "Required permissions for Amazon S3 API operations"; for keys, AWS KMS Developer Guide,
 * "How Amazon S3 uses AWS KMS".)
 *
 * @param body of a batch of deletions.
 */
export function s3AccessesOf(
  { method, url, headers }: S3Request,
  body: string,
  buckets: ReadonlyMap<string, BucketInfo>,
): Access[] {
  const { pathname, searchParams } = new URL(url, "http://s3");
  const { bucket, key } = placeOf(pathname);
  const info = infoOf(bucket, buckets);
  const onObject = (action: string, name = key): Access => ({
    action: `s3:${action}`,
    resource: `${info.arn}/${name}`,
    context: {},
  });
  if (key === "") {
    if (method === "POST" && searchParams.has("delete")) {
      return keysIn(body).map((name) => onObject("DeleteObject", name));
    }
    const action = searchParams.has("uploads") ? "ListBucketMultipartUploads" : "ListBucket";
    return method === "GET" || method === "HEAD" ? [listing(info, searchParams, action)] : [];
  }
  switch (method) {
    case "GET":
    case "HEAD": {
      if (searchParams.has("uploadId")) return [onObject("ListMultipartUploadParts")];
      const action = searchParams.has("versionId") ? "GetObjectVersion" : "GetObject";
      return [onObject(action), ...keyUse("kms:Decrypt", info.key)];
    }
    case "DELETE":
      return [onObject(searchParams.has("uploadId") ? "AbortMultipartUpload" : "DeleteObject")];
    case "PUT":
    case "POST": {
      const source = sourceOf(headers["x-amz-copy-source"]);
      return [
        ...(source === undefined ? [] : readOf(source, buckets)),
        onObject("PutObject"),
        ...keyUse("kms:GenerateDataKey", info.key),
      ];
    }
    default:
      return [];
  }
}

/** Whether a bucket may be listed at all: who may not learns of no object that it is missing. */
export const listingOf = (url: string, buckets: ReadonlyMap<string, BucketInfo>): Access =>
  listing(
    infoOf(placeOf(new URL(url, "http://s3").pathname).bucket, buckets),
    new URLSearchParams(),
  );

function listing({ arn }: BucketInfo, parameters: URLSearchParams, action = "ListBucket"): Access {
  const known = ["prefix", "delimiter", "max-keys"].flatMap((name) => {
    const value = parameters.get(name);
    return value === null ? [] : [[`s3:${name}`, [value]] as const];
  });
  return { action: `s3:${action}`, resource: arn, context: Object.fromEntries(known) };
}

function readOf(source: string, buckets: ReadonlyMap<string, BucketInfo>): Access[] {
  const { bucket, key } = placeOf(source);
  const { arn, key: encryption } = infoOf(bucket, buckets);
  return [
    { action: "s3:GetObject", resource: `${arn}/${key}`, context: {} },
    ...keyUse("kms:Decrypt", encryption),
  ];
}

/** One that the stack does not make has no key that we know of. */
const infoOf = (bucket: string, buckets: ReadonlyMap<string, BucketInfo>): BucketInfo =>
  buckets.get(bucket) ?? { arn: `arn:aws:s3:::${bucket}` };

function placeOf(path: string): { bucket: string; key: string } {
  const [bucket = "", ...rest] = path.replace(/^\//, "").split("/");
  return { bucket: decoded(bucket), key: decoded(rest.join("/")) };
}

const sourceOf = (header: string | string[] | undefined): string | undefined =>
  header === undefined ? undefined : String(header).split("?")[0];

const keysIn = (body: string): string[] =>
  [...body.matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key = ""]) => unescaped(key));

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
