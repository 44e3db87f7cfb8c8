import { afterAll, beforeAll } from "vitest";
import { S3ObjectStore, s3Client } from "../../../app/objects/s3.ts";
import { S3ConversationStore } from "../../../app/store/s3/conversations.ts";
import { S3TransferStore } from "../../../app/store/s3/transfer.ts";
import type { Engine } from "../../../local/engine.ts";
import { startS3 } from "../../../local/s3.ts";
import type { StoreUnderTest } from "../../../testing/app/store.ts";
import { createBucket, s3Config } from "../../../testing/aws/bucket.ts";
import { describeStates } from "./state-suite.ts";
import { describeConversationStore } from "./store-suite.ts";
import { describeSync } from "./sync-suite.ts";
import { describeTransfers } from "./transfer-suite.ts";

let engine: Engine;
beforeAll(async () => {
  engine = await startS3({ accessKey: { accessKeyId: "local", secretAccessKey: "local" } });
});
afterAll(() => engine.stop());

async function start(): Promise<StoreUnderTest> {
  const bucketName = await createBucket(engine.endpoint);
  let offset = 0;
  return {
    openStore: (skewSeconds = 0) => {
      const client = s3Client(s3Config(engine.endpoint));
      const now = () => new Date(Date.now() + offset + skewSeconds * 1000);
      return new S3ConversationStore(new S3ObjectStore({ client, bucketName, now }), now);
    },
    advance: (seconds) => {
      offset += seconds * 1000;
    },
  };
}

describeConversationStore("A: the S3 JSON history store", start);
describeStates("A: the S3 JSON history store", start);
describeSync("A: the S3 JSON history store", start);
describeTransfers("A: the S3 JSON history store", async () => {
  const bucketName = await createBucket(engine.endpoint);
  const now = () => new Date();
  const client = s3Client(s3Config(engine.endpoint));
  const objects = new S3ObjectStore({ client, bucketName, now });
  return {
    store: new S3ConversationStore(objects, now),
    transfers: new S3TransferStore(objects, now),
  };
});
