import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CreateBucketCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  ListBucketsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Engine } from "../../local/engine.ts";
import { startS3 } from "../../local/s3.ts";

function connect(engine: Engine): S3Client {
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  return new S3Client({
    endpoint: engine.endpoint,
    region: "us-east-1",
    credentials,
    forcePathStyle: true,
    maxAttempts: 1,
  });
}

const put = (extra = {}) =>
  new PutObjectCommand({ Bucket: "docs", Key: "a/b c.json", Body: "{}", ...extra });

describe("the embedded S3", () => {
  let dataDir: string;
  let engine: Engine;
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), "chatstack-s3-"));
    engine = await startS3({ dataDir });
    await connect(engine).send(new CreateBucketCommand({ Bucket: "docs" }));
  });
  afterAll(async () => {
    await engine.stop();
    await rm(dataDir, { recursive: true });
  });

  it("listens on 127.0.0.1 only", () => {
    expect(engine.endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });

  it("finds its objects again in the data folder", async () => {
    await connect(engine).send(put());
    await engine.stop();
    engine = await startS3({ dataDir });
    const get = new GetObjectCommand({ Bucket: "docs", Key: "a/b c.json" });
    const { Body } = await connect(engine).send(get);
    expect(await Body?.transformToString()).toBe("{}");
  });

  it("refuses a write whose precondition does not hold", async () => {
    const client = connect(engine);
    const { ETag } = await client.send(put());
    await expect(client.send(put({ IfNoneMatch: "*" }))).rejects.toThrow(/pre-conditions/);
    await expect(client.send(put({ IfMatch: '"other"' }))).rejects.toThrow(/pre-conditions/);
    await expect(client.send(put({ Key: "new", IfMatch: ETag }))).rejects.toThrow(/not exist/);
    await client.send(put({ IfMatch: ETag }));
    await client.send(put({ Key: "fresh", IfNoneMatch: "*" }));
  });

  it("says so when it does not implement a configuration, and leaves the bucket alone", async () => {
    const client = connect(engine);
    const versioning = new PutBucketVersioningCommand({
      Bucket: "unmade",
      VersioningConfiguration: { Status: "Enabled" },
    });
    await expect(client.send(versioning)).rejects.toMatchObject({ name: "NotImplemented" });
    const get = new GetBucketVersioningCommand({ Bucket: "docs" });
    await expect(client.send(get)).rejects.toMatchObject({ name: "NotImplemented" });
    const { Buckets } = await client.send(new ListBucketsCommand({}));
    expect(Buckets?.map((bucket) => bucket.Name)).toEqual(["docs"]);
  });
});
