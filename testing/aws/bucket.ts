import { randomUUID } from "node:crypto";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import type { ListedObject } from "../../app/objects/object-store.ts";
import { S3ObjectStore } from "../../app/objects/s3.ts";
import { aheadMs } from "./clock.ts";

/** What the SDK wants to know of an embedded S3, with the keys that its presigned URLs must have. */
export function s3Config(endpoint: string) {
  return {
    endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
    maxAttempts: 1,
  };
}

/** Creates an empty bucket and answers its name. */
export async function createBucket(endpoint: string): Promise<string> {
  const name = `documents-${randomUUID()}`;
  const client = new S3Client(s3Config(endpoint));
  await client.send(new CreateBucketCommand({ Bucket: name }));
  client.destroy();
  return name;
}

/** Objects of an embedded S3, which notes the machine's time, in the time of tests. */
export class TestObjectStore extends S3ObjectStore {
  override async *list(prefix: string, after?: string): AsyncIterable<ListedObject> {
    for await (const object of super.list(prefix, after)) {
      yield { ...object, lastModified: new Date(object.lastModified.getTime() + aheadMs) };
    }
  }
}
