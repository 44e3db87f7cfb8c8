import { buildApp } from "fauxqs";
import type { Engine } from "./engine.ts";
import type { Principals } from "./iam/principals.ts";
import { localCredentials } from "./provider/clients.ts";
import { ObjectLocks, refusedPut } from "./s3/checksums.ts";
import { BucketCors } from "./s3/cors.ts";
import { judgement } from "./s3/judgement.ts";
import { isFormUpload, refusedForm } from "./s3/post-policy.ts";
import { failedPrecondition } from "./s3/preconditions.ts";
import { refusedUrl } from "./s3/presigned-url.ts";
import { errorDocument, type Refusal, type S3Request } from "./s3/refusal.ts";
import type { AccessKey } from "./s3/signature.ts";
import { openStores } from "./s3/stores.ts";

export interface S3Options {
  /** Folder for buckets and objects, created when missing; default: in memory. */
  readonly dataDir?: string;
  /** Whose presigned URLs and upload forms are good; default: what the local functions sign with. */
  readonly accessKey?: AccessKey;
  readonly now?: () => Date;
  /** Origin of the local chat page, which every bucket allows beside those of its own configuration. */
  readonly pageOrigin?: string;
  /** Functions, whose roles say what their requests, URLs and forms may do. Default: nobody is judged. */
  readonly principals?: Principals;
}

/**
 * Starts an embedded S3: fauxqs, with a front for what it would get wrong without a word, and for CORS.
 * Signatures of presigned URLs and upload forms are checked, those in headers are not; what functions do is judged by
 * their roles; lifecycle
 * rules are kept but never run; a bucket that locks objects refuses what has no checksum, and locks nothing. A request may have 11 MiB.
 */
export async function startS3(options: S3Options = {}): Promise<Engine> {
  const { accessKey = localCredentials(), now = () => new Date(), principals } = options;
  const { stores, close } = await openStores(options.dataDir);
  const app = buildApp({ logger: false, stores });
  // A JSON or form parser would hand objects on as something else than the bytes that came.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));

  const locks = new ObjectLocks();
  const cors = new BucketCors(options.pageOrigin);
  const etagOf = (bucket: string, key: string) => {
    try {
      return stores.s3Store.headObject(bucket, key).etag;
    } catch {
      return undefined;
    }
  };
  app.addHook("onRequest", (request, reply, done) => {
    reply.headers(cors.headersFor(request));
    if (request.method !== "OPTIONS") return done();
    const refusal = cors.refusedPreflight(request);
    if (refusal === undefined) reply.code(200).send();
    else reply.code(refusal.status).type("application/xml").send(errorDocument(refusal));
  });
  // Preconditions are checked after the body was read and in the same tick as the handler runs:
  // nothing comes between.
  app.addHook("preHandler", (request, reply, done) => {
    const refuse = (refusal: Refusal) => {
      reply.code(refusal.status).type("application/xml").send(errorDocument(refusal));
    };
    const judged = judgement(request, { principals, exists: (at) => etagOf(...at) !== undefined });
    if (judged !== undefined) return refuse(judged);
    const kept = locks.keeps(request, request.body) ? 200 : cors.keeps(request, request.body);
    if (typeof kept === "number") {
      reply.code(kept).send();
      return;
    }
    if (kept !== undefined) return refuse(kept);
    if (isFormUpload(request)) {
      refusedForm(request, request.body, accessKey, now(), locks.has, principals).then(
        (refusal) => (refusal === undefined ? done() : refuse(refusal)),
        done,
      );
      return;
    }
    const refusal =
      refusedUrl(request, accessKey, now()) ??
      unsupportedPart(request) ??
      refusedPut(request, request.body, locks.has) ??
      failedPrecondition(request, etagOf);
    if (refusal === undefined) done();
    else refuse(refusal);
  });

  app.addHook("onSend", (request, reply, payload, done) => {
    if (reply.statusCode < 300) reply.headers(askedHeaders(request));
    done(null, payload);
  });

  const endpoint = await app.listen({ host: "127.0.0.1", port: 0 });
  let stopped: Promise<void> | undefined;
  return { endpoint, stop: () => (stopped ??= app.close().then(close)) };
}

/** Headers that a reader may ask for in the URL of an object (Amazon S3 API, `GetObject`). */
const askable = [
  "cache-control",
  "content-disposition",
  "content-encoding",
  "content-language",
  "content-type",
  "expires",
];

function askedHeaders({ method, url }: S3Request): Record<string, string> {
  if (method !== "GET" && method !== "HEAD") return {};
  const { searchParams } = new URL(url, "http://s3");
  const asked = askable.map((name) => [name, searchParams.get(`response-${name}`)] as const);
  return Object.fromEntries(
    asked.flatMap(([name, value]) => (value === null ? [] : [[name, value]])),
  );
}

/** Sub-resources of buckets and objects that fauxqs would take for the bucket or object itself. */
const unsupportedParts = [
  "accelerate",
  "acl",
  "analytics",
  "cors",
  "encryption",
  "intelligent-tiering",
  "inventory",
  "legal-hold",
  "location",
  "logging",
  "metrics",
  "notification",
  "object-lock",
  "ownershipControls",
  "policy",
  "policyStatus",
  "publicAccessBlock",
  "replication",
  "requestPayment",
  "restore",
  "retention",
  "tagging",
  "versioning",
  "versions",
  "website",
];

function unsupportedPart(request: S3Request): Refusal | undefined {
  const { searchParams } = new URL(request.url, "http://s3");
  const part = unsupportedParts.find((name) => searchParams.has(name));
  if (part === undefined) return undefined;
  const message = `The embedded S3 does not implement ${request.method} ?${part}.`;
  return { status: 501, code: "NotImplemented", message };
}
