import type { Refusal, S3Request } from "./refusal.ts";

/** The ETag of an object as it is now. */
export type EtagOf = (bucket: string, key: string) => string | undefined;

/**
 * Conditional writes and copies (S3 User Guide, "Conditional requests"), whose headers fauxqs ignores.
 * S3 also answers 409 when two conditional writes overlap; here nothing ever overlaps.
 */
export function failedPrecondition(request: S3Request, etagOf: EtagOf): Refusal | undefined {
  if (request.method !== "PUT" && request.method !== "DELETE") return undefined;
  return failedSource(request, etagOf) ?? failedTarget(request, etagOf);
}

function failedTarget({ url, headers }: S3Request, etagOf: EtagOf): Refusal | undefined {
  const ifMatch = headers["if-match"];
  const ifNoneMatch = headers["if-none-match"];
  if (ifMatch === undefined && ifNoneMatch === undefined) return undefined;
  const etag = etagAt(new URL(url, "http://s3").pathname, etagOf);
  if (ifMatch !== undefined && etag === undefined) return missing;
  const holds =
    ifMatch !== undefined ? matches(ifMatch, etag) : etag === undefined || ifNoneMatch !== "*";
  return holds ? undefined : failed;
}

function failedSource({ headers }: S3Request, etagOf: EtagOf): Refusal | undefined {
  const source = headers["x-amz-copy-source"];
  const ifMatch = headers["x-amz-copy-source-if-match"];
  if (typeof source !== "string" || ifMatch === undefined) return undefined;
  const etag = etagAt(source.startsWith("/") ? source : `/${source}`, etagOf);
  if (etag === undefined) return missing;
  return matches(ifMatch, etag) ? undefined : failed;
}

function etagAt(path: string, etagOf: EtagOf): string | undefined {
  const [, bucket = "", ...key] = path.split("/");
  return etagOf(decodeURIComponent(bucket), decodeURIComponent(key.join("/")));
}

function matches(header: unknown, etag: string | undefined): boolean {
  return header === "*" || header === etag || `"${header}"` === etag;
}

const missing: Refusal = {
  status: 404,
  code: "NoSuchKey",
  message: "The specified key does not exist.",
};

const failed: Refusal = {
  status: 412,
  code: "PreconditionFailed",
  message: "At least one of the pre-conditions you specified did not hold",
};
