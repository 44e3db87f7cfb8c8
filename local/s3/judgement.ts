import { isAllowed } from "../iam/decide.ts";
import { type Principals, refusalOf } from "../iam/principals.ts";
import { listingOf, s3AccessesOf } from "../iam/s3.ts";
import type { Refusal, S3Request } from "./refusal.ts";
import { denied } from "./signature.ts";

interface Judges {
  readonly principals: Principals | undefined;
  readonly exists: (place: readonly [bucket: string, key: string]) => boolean;
}

/**
 * Why the role of the function that signed a request does not allow it. A batch of deletions is refused as a whole
 * where one of them is; AWS does the others.
 */
export function judgement(
  request: S3Request & { readonly body?: unknown },
  { principals, exists }: Judges,
): Refusal | undefined {
  if (principals === undefined) return undefined;
  const { method, url, headers, body } = request;
  const { searchParams, pathname } = new URL(url, "http://s3");
  const token = searchParams.get("X-Amz-Security-Token") ?? headers["x-amz-security-token"];
  const principal = principals.find(token === undefined ? undefined : String(token));
  if (principal === undefined) return undefined;
  const { role, buckets } = principal;
  const text = method === "POST" && Buffer.isBuffer(body) ? body.toString() : "";
  const message = refusalOf(role, s3AccessesOf(request, text, buckets));
  if (message !== undefined) return denied(message);
  const [bucket = "", ...key] = pathname.slice(1).split("/").map(decodeURIComponent);
  const reads = (method === "GET" || method === "HEAD") && key.join("/") !== "";
  if (!reads || exists([bucket, key.join("/")])) return undefined;
  // Who may not list the bucket does not learn that an object is missing (S3 API reference, "GetObject").
  return isAllowed(role.statements, listingOf(url, buckets)) ? undefined : denied("Access Denied");
}
