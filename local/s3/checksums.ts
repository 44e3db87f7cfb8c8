/**
 * `local/s3/`: what the embedded S3 checks in addition: checksums, signatures, conditions and form uploads.
 *
 * What S3 asks of uploads into buckets that lock objects, and of every checksum that comes along.
 */
import { createHash } from "node:crypto";
import type { Refusal, S3Request } from "./refusal.ts";

interface Stated {
  readonly md5: string | undefined;
  readonly sha256: string | undefined;
}

/** @param locksObjects whether the bucket has a default retention. */
export function refusedChecksum(
  { md5, sha256 }: Stated,
  body: Uint8Array,
  locksObjects: boolean,
  others = false,
): Refusal | undefined {
  for (const [algorithm, stated] of [["md5", md5] as const, ["sha256", sha256] as const]) {
    if (stated === undefined) continue;
    const found = createHash(algorithm).update(body).digest("base64");
    if (found !== stated) {
      const message = `The ${algorithm} you specified did not match what we received.`;
      return { status: 400, code: "BadDigest", message };
    }
  }
  if (!locksObjects || others || md5 !== undefined || sha256 !== undefined) return undefined;
  const message =
    "Content-MD5 OR x-amz-checksum- HTTP header is required for Put Object requests with Object Lock parameters";
  return { status: 400, code: "InvalidRequest", message };
}

/** The same of an object that is put, not copied. The SDK's CRC32 counts, and is not computed here. */
export function refusedPut(
  { method, url, headers }: S3Request,
  body: unknown,
  locksObjects: (bucket: string) => boolean,
): Refusal | undefined {
  const [, bucket = "", key = ""] = /^\/([^/?]+)\/([^?]+)/.exec(url) ?? [];
  if (method !== "PUT" || key === "" || headers["x-amz-copy-source"] !== undefined)
    return undefined;
  const text = (name: string) => {
    const value = headers[name];
    return typeof value === "string" ? value : undefined;
  };
  const bytes = body instanceof Uint8Array ? body : new Uint8Array();
  const others = Object.keys(headers).some((name) => name.startsWith("x-amz-checksum-"));
  return refusedChecksum(
    { md5: text("content-md5"), sha256: text("x-amz-checksum-sha256") },
    bytes,
    locksObjects(decodeURIComponent(bucket)),
    others,
  );
}

/**
 * Buckets with a default retention. S3 keeps it with the bucket; here it is said again at every start,
 * as the stack says it.
 */
export class ObjectLocks {
  readonly #buckets = new Set<string>();

  readonly has = (bucket: string): boolean => this.#buckets.has(bucket);

  /** Whether the request was a setting of locks, which it then keeps. */
  keeps({ method, url }: S3Request, body: unknown): boolean {
    const { pathname, searchParams } = new URL(url, "http://s3");
    if (method !== "PUT" || !searchParams.has("object-lock")) return false;
    const bucket = decodeURIComponent(pathname.split("/")[1] ?? "");
    const text = body instanceof Uint8Array ? Buffer.from(body).toString() : "";
    if (text.includes("<DefaultRetention>")) this.#buckets.add(bucket);
    else this.#buckets.delete(bucket);
    return true;
  }
}
