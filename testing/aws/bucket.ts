import { randomUUID } from "node:crypto";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";

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
