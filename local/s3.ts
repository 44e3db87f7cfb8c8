import { resolve } from "node:path";
import { buildApp } from "fauxqs";
import type { Engine } from "./engine.ts";

export interface S3Options {
  /** Folder for buckets and objects, created when missing; default: in memory. */
  readonly dataDir?: string;
}

/**
 * Starts an embedded S3: fauxqs, with a front for what it would get wrong without a word.
 * Signatures are not checked; lifecycle rules are kept but never run.
 */
export async function startS3(options: S3Options = {}): Promise<Engine> {
  const { stores, close } = await openStores(options.dataDir);
  const app = buildApp({ logger: false, stores });

  // Runs after the body was read and in the same tick as the handler: nothing comes between.
  app.addHook("preHandler", (request, reply, done) => {
    const refusal =
      unsupportedPart(request) ??
      failedPrecondition(request, (bucket, key) => {
        try {
          return stores.s3Store.headObject(bucket, key).etag;
        } catch {
          return undefined;
        }
      });
    if (refusal === undefined) return done();
    reply.code(refusal.status).type("application/xml").send(errorDocument(refusal));
  });

  const endpoint = await app.listen({ host: "127.0.0.1", port: 0 });
  let stopped: Promise<void> | undefined;
  return { endpoint, stop: () => (stopped ??= app.close().then(close)) };
}

/**
 * fauxqs's own `startFauxqs` listens on every network interface. Its parts do not, but its package
 * exports only `buildApp`; hence the exact version in package.json and the import by file.
 */
async function openStores(dataDir: string | undefined) {
  const { S3Store }: typeof import("../node_modules/fauxqs/dist/s3/s3Store.js") =
    await importPart("./s3/s3Store.js");
  const { SqsStore }: typeof import("../node_modules/fauxqs/dist/sqs/sqsStore.js") =
    await importPart("./sqs/sqsStore.js");
  const { SnsStore }: typeof import("../node_modules/fauxqs/dist/sns/snsStore.js") =
    await importPart("./sns/snsStore.js");
  const stores = { s3Store: new S3Store(), sqsStore: new SqsStore(), snsStore: new SnsStore() };
  if (dataDir === undefined) return { stores, close: () => {} };

  const { PersistenceManager }: typeof import("../node_modules/fauxqs/dist/persistence.js") =
    await importPart("./persistence.js");
  const persistence = new PersistenceManager(resolve(dataDir));
  persistence.loadS3(stores.s3Store);
  stores.s3Store.persistence = persistence;
  return { stores, close: () => persistence.close() };
}

const importPart = (file: string) => import(new URL(file, import.meta.resolve("fauxqs")).href);

interface Request {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
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

function unsupportedPart(request: Request): Refusal | undefined {
  const { searchParams } = new URL(request.url, "http://s3");
  const part = unsupportedParts.find((name) => searchParams.has(name));
  if (part === undefined) return undefined;
  const message = `The embedded S3 does not implement ${request.method} ?${part}.`;
  return { status: 501, code: "NotImplemented", message };
}

/** Conditional writes (S3 User Guide, "Conditional requests"): fauxqs ignores their headers. */
function failedPrecondition(
  request: Request,
  etagOf: (bucket: string, key: string) => string | undefined,
): Refusal | undefined {
  const ifMatch = request.headers["if-match"];
  const ifNoneMatch = request.headers["if-none-match"];
  const isWrite = request.method === "PUT" || request.method === "DELETE";
  if (!isWrite || (ifMatch === undefined && ifNoneMatch === undefined)) return undefined;

  const [, bucket = "", ...key] = new URL(request.url, "http://s3").pathname.split("/");
  const etag = etagOf(decodeURIComponent(bucket), decodeURIComponent(key.join("/")));
  if (ifMatch !== undefined && etag === undefined) {
    return { status: 404, code: "NoSuchKey", message: "The specified key does not exist." };
  }
  const matches = (header: unknown) => header === "*" || header === etag || `"${header}"` === etag;
  if (ifMatch !== undefined ? matches(ifMatch) : etag === undefined || !matches(ifNoneMatch)) {
    return undefined;
  }
  const message = "At least one of the pre-conditions you specified did not hold";
  return { status: 412, code: "PreconditionFailed", message };
}

function errorDocument({ code, message }: Refusal): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`;
}
