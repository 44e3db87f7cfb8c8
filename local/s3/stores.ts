import { resolve } from "node:path";

/**
 * The parts of fauxqs that keep objects. Its own `startFauxqs` listens on every network interface; its
 * parts do not, but its package exports only `buildApp`; hence the exact version in package.json and
 * the import by file.
 */
export async function openStores(dataDir: string | undefined) {
  const { S3Store }: typeof import("../../node_modules/fauxqs/dist/s3/s3Store.js") =
    await importPart("./s3/s3Store.js");
  const { SqsStore }: typeof import("../../node_modules/fauxqs/dist/sqs/sqsStore.js") =
    await importPart("./sqs/sqsStore.js");
  const { SnsStore }: typeof import("../../node_modules/fauxqs/dist/sns/snsStore.js") =
    await importPart("./sns/snsStore.js");

  /** Lists in the order of S3, UTF-8 bytes. fauxqs sorts one way and pages another, and loses keys. */
  class OrderedS3Store extends S3Store {
    override listObjects(bucket: string, options: ListOptions = {}) {
      if (options.delimiter !== undefined) return super.listObjects(bucket, options);
      const { prefix = "", maxKeys = 1_000, startAfter = options.marker ?? "" } = options;
      const { objects } = super.listObjects(bucket, { prefix, maxKeys: Number.POSITIVE_INFINITY });
      const rest = objects
        .filter(({ key }) => startAfter === "" || inOrder(startAfter, key) < 0)
        .sort((one, other) => inOrder(one.key, other.key));
      return {
        objects: rest.slice(0, maxKeys),
        commonPrefixes: [],
        isTruncated: rest.length > maxKeys,
      };
    }
  }

  const stores = {
    s3Store: new OrderedS3Store(),
    sqsStore: new SqsStore(),
    snsStore: new SnsStore(),
  };
  if (dataDir === undefined) return { stores, close: () => {} };

  const { PersistenceManager }: typeof import("../../node_modules/fauxqs/dist/persistence.js") =
    await importPart("./persistence.js");
  const persistence = new PersistenceManager(resolve(dataDir));
  persistence.loadS3(stores.s3Store);
  stores.s3Store.persistence = persistence;
  return { stores, close: () => persistence.close() };
}

const importPart = (file: string) => import(new URL(file, import.meta.resolve("fauxqs")).href);

interface ListOptions {
  readonly prefix?: string;
  readonly delimiter?: string;
  readonly maxKeys?: number;
  readonly startAfter?: string;
  readonly marker?: string;
}

function inOrder(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}
