import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CopyObjectCommand,
  CreateBucketCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  ListBucketsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectLockConfigurationCommand,
  paginateListObjectsV2,
  S3Client,
  type S3ClientConfig,
} from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Engine } from "../../local/engine.ts";
import { startS3 } from "../../local/s3.ts";

function connect(engine: Engine, extra: S3ClientConfig = {}): S3Client {
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  return new S3Client({
    endpoint: engine.endpoint,
    region: "us-east-1",
    credentials,
    forcePathStyle: true,
    maxAttempts: 1,
    ...extra,
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

  it("copies only the version that was named", async () => {
    const client = connect(engine);
    const { ETag } = await client.send(put());
    const copy = (CopySourceIfMatch: string | undefined) =>
      client.send(
        new CopyObjectCommand({
          Bucket: "docs",
          Key: "copy",
          CopySource: "docs/a/b%20c.json",
          CopySourceIfMatch,
        }),
      );
    await copy(ETag);
    await expect(copy('"other"')).rejects.toThrow(/pre-conditions/);
  });

  it("keeps the bytes of a body, whatever its type says it is", async () => {
    const client = connect(engine);
    const bytes = Buffer.from('{"a": 1}\n\xff', "latin1");
    for (const ContentType of ["application/json", "text/plain", "image/x-unknown"]) {
      await client.send(put({ Key: "raw", Body: bytes, ContentType }));
      const answer = await client.send(new GetObjectCommand({ Bucket: "docs", Key: "raw" }));
      expect(answer.ContentType).toBe(ContentType);
      expect(Buffer.from(await answer.Body!.transformToByteArray()).equals(bytes)).toBe(true);
    }
  });

  it("lists 2,500 keys of any spelling page by page, none lost and none twice", async () => {
    const client = connect(engine);
    const keys = Array.from({ length: 2_500 }, (_, index) => {
      const letters = ["a", "B", "_", "-", "Z", "0", "ä"];
      return `many/${letters[index % letters.length]}${index.toString(36)}`;
    });
    for (let from = 0; from < keys.length; from += 50) {
      const batch = keys.slice(from, from + 50);
      await Promise.all(batch.map((Key) => client.send(put({ Key }))));
    }
    const listed: (string | undefined)[] = [];
    for await (const { Contents = [] } of paginateListObjectsV2(
      { client },
      { Bucket: "docs", Prefix: "many/" },
    )) {
      listed.push(...Contents.map(({ Key }) => Key));
    }
    const inBytes = (one: string, other: string) =>
      Buffer.compare(Buffer.from(one), Buffer.from(other));
    expect(listed).toEqual(keys.toSorted(inBytes));
  }, 30_000);

  it("answers a presigned URL, and none with a changed bit or after its time", async () => {
    const client = connect(engine);
    await client.send(put({ Body: "for whoever holds the link" }));
    const command = new GetObjectCommand({ Bucket: "docs", Key: "a/b c.json" });
    const sign = (seconds: number, signingDate = new Date()) =>
      getSignedUrl(client, command, { expiresIn: seconds, signingDate });
    const url = await sign(60);
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/docs\/a\/b%20c\.json\?/);
    expect(await (await fetch(url)).text()).toBe("for whoever holds the link");

    const start = url.indexOf("/docs/") + 1;
    for (let at = start; at < url.length; at++) {
      const flipped = String.fromCharCode(url.charCodeAt(at) ^ 1);
      // What would change the syntax of the URL, or nothing, is no changed signature.
      if (!/[0-9A-Za-z]/.test(flipped) || !/[0-9A-Za-z]/.test(url[at]!)) continue;
      const { status } = await fetch(url.slice(0, at) + flipped + url.slice(at + 1));
      expect([url.slice(at, at + 20), status >= 400]).toEqual([url.slice(at, at + 20), true]);
    }
    expect((await fetch(url, { method: "DELETE" })).status).toBe(403);
    expect((await fetch(await sign(5, new Date(Date.now() - 10_000)))).status).toBe(403);
  }, 30_000);
});

describe("a bucket that locks objects", () => {
  it("takes no object without a checksum, as S3 does, and others as before", async () => {
    const engine = await startS3();
    const lax = connect(engine, { requestChecksumCalculation: "WHEN_REQUIRED" });
    const put = (Bucket: string, extra = {}) =>
      lax.send(new PutObjectCommand({ Bucket, Key: "k", Body: "words", ...extra }));
    for (const Bucket of ["locked", "open"]) await lax.send(new CreateBucketCommand({ Bucket }));
    await lax.send(
      new PutObjectLockConfigurationCommand({
        Bucket: "locked",
        ObjectLockConfiguration: {
          ObjectLockEnabled: "Enabled",
          Rule: { DefaultRetention: { Mode: "COMPLIANCE", Days: 1 } },
        },
      }),
    );
    await expect(put("locked")).rejects.toMatchObject({ name: "InvalidRequest" });
    await put("open");
    const ContentMD5 = createHash("md5").update("words").digest("base64");
    await put("locked", { ContentMD5 });
    await expect(put("open", { ContentMD5: "AAAAAAAAAAAAAAAAAAAAAA==" })).rejects.toMatchObject({
      name: "BadDigest",
    });
    await connect(engine).send(new PutObjectCommand({ Bucket: "locked", Key: "k", Body: "crc" }));
    await engine.stop();
  });
});
