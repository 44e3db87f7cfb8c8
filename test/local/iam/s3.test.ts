/** `test/local/iam/`: what a function's role allows it, on the embedded S3. */
import {
  CopyObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { afterAll, beforeAll, expect, test } from "vitest";
import { S3ObjectStore } from "../../../app/objects/s3.ts";
import type { Engine } from "../../../local/engine.ts";
import { Principals } from "../../../local/iam/principals.ts";
import type { KeyInfo } from "../../../local/iam/s3.ts";
import { startS3 } from "../../../local/s3.ts";
import { statementsOf } from "../../../policies/reading/policy-document.ts";
import { createBucket, s3Config } from "../../../testing/aws/bucket.ts";

const principals = new Principals();
const clients: S3Client[] = [];
let s3: Engine;
let bucket: string;
let operator: S3Client;

beforeAll(async () => {
  s3 = await startS3({ accessKey: s3Config("").credentials, principals });
  bucket = await createBucket(s3.endpoint);
  operator = clientWith();
  for (const Key of ["own/a", "own/b", "other/c"]) {
    await operator.send(new PutObjectCommand({ Bucket: bucket, Key, Body: Key }));
  }
});
afterAll(async () => {
  for (const client of clients) client.destroy();
  await s3.stop();
});

function clientWith(sessionToken?: string): S3Client {
  const config = s3Config(s3.endpoint);
  const client = new S3Client({
    ...config,
    credentials: { ...config.credentials, ...(sessionToken !== undefined && { sessionToken }) },
  });
  clients.push(client);
  return client;
}

/** A client of a function whose role has these statements; the bucket may have a key. */
function functionWith(
  statements: readonly { Action: string; Resource: string; Condition?: object }[],
  key?: KeyInfo,
): S3Client {
  const document = JSON.stringify({
    Version: "2012-10-17",
    Statement: statements.map((one) => ({ Effect: "Allow", ...one })),
  });
  const role = { name: "acme", statements: statementsOf(document) };
  const buckets = new Map([[bucket, { arn: `arn:aws:s3:::${bucket}`, key }]]);
  return clientWith(principals.add(`function-${clients.length}`, { role, buckets }));
}

const arn = (path = "") => `arn:aws:s3:::${bucket}${path}`;
const get = (Key: string) => new GetObjectCommand({ Bucket: bucket, Key });
const put = (Key: string) => new PutObjectCommand({ Bucket: bucket, Key, Body: "x" });

/** `"done"`, or the name of the refusal. */
const outcome = (sent: Promise<unknown>) =>
  sent.then(
    () => "done",
    (error: unknown) => (error instanceof Error ? error.name : "unknown"),
  );

test("a function does what its role says, each action where it says, and an operator everything", async () => {
  const reader = functionWith([{ Action: "s3:GetObject", Resource: arn("/own/*") }]);
  expect(await outcome(reader.send(get("own/a")))).toBe("done");
  for (const command of [get("other/c"), put("own/a")]) {
    expect(await outcome(reader.send(command))).toBe("AccessDenied");
    expect(await outcome(operator.send(command))).toBe("done");
  }
  await expect(reader.send(put("own/new"))).rejects.toThrow(
    /Role acme is not authorized to perform: s3:PutObject on resource: arn:aws:s3:::[^ ]+\/own\/new/,
  );
});

test("a copy needs to read its source, and a batch may delete each of its objects", async () => {
  const copy = new CopyObjectCommand({
    Bucket: bucket,
    Key: "own/d",
    CopySource: `${bucket}/other/c`,
  });
  const own = { Action: "s3:*", Resource: arn("/own/*") };
  expect(await outcome(functionWith([own]).send(copy))).toBe("AccessDenied");
  const both = functionWith([own, { Action: "s3:GetObject", Resource: arn("/other/*") }]);
  expect(await outcome(both.send(copy))).toBe("done");
  const batch = (...keys: string[]) =>
    new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects: keys.map((Key) => ({ Key })) } });
  expect(await outcome(both.send(batch("own/d", "other/c")))).toBe("AccessDenied");
  expect(await outcome(both.send(batch("own/d")))).toBe("done");
});

test("a list is bound to its prefix, and who may not list learns of no object that it is missing", async () => {
  const list = (Prefix?: string) => new ListObjectsV2Command({ Bucket: bucket, Prefix });
  const prefixed = functionWith([
    {
      Action: "s3:ListBucket",
      Resource: arn(),
      Condition: { StringLike: { "s3:prefix": "own/*" } },
    },
    { Action: "s3:GetObject", Resource: arn("/*") },
  ]);
  expect(await outcome(prefixed.send(list("own/")))).toBe("done");
  expect(await outcome(prefixed.send(list("other/")))).toBe("AccessDenied");
  expect(await outcome(prefixed.send(list()))).toBe("AccessDenied");
  expect(await outcome(prefixed.send(get("own/missing")))).toBe("AccessDenied");
  expect(await outcome(operator.send(get("own/missing")))).toBe("NoSuchKey");
  // The app asks then whether the key can be listed.
  const store = new S3ObjectStore({ client: prefixed, bucketName: bucket, now: () => new Date() });
  expect(await store.get("own/missing")).toBeUndefined();
});

test("URLs and forms do what the role says that signed them", async () => {
  const reader = functionWith([{ Action: "s3:GetObject", Resource: arn("/own/*") }]);
  const statusOf = async (client: S3Client, key: string) =>
    (await fetch(await getSignedUrl(client, get(key)))).status;
  expect(await statusOf(reader, "own/a")).toBe(200);
  expect(await statusOf(reader, "other/c")).toBe(403);
  const upload = async (client: S3Client) => {
    const store = new S3ObjectStore({ client, bucketName: bucket, now: () => new Date() });
    const options = { seconds: 60, contentType: "text/plain", size: 1 };
    const { url, fields } = await store.uploadForm("own/form", options);
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    form.set("file", new Blob(["x"], { type: "text/plain" }));
    return (await fetch(url, { method: "POST", body: form })).ok;
  };
  expect(await upload(reader)).toBe(false);
  expect(await upload(functionWith([{ Action: "s3:PutObject", Resource: arn("/own/*") }]))).toBe(
    true,
  );
});

test("a bucket with a key needs the key's use, through S3 alone", async () => {
  const key = { arn: "arn:aws:kms:us-east-1:1:key/k", service: "s3.us-east-1.amazonaws.com" };
  const objects = { Action: "s3:*", Resource: arn("/*") };
  const use = (Action: string, service: string) => ({
    ...{ Action, Resource: key.arn },
    Condition: { StringEquals: { "kms:ViaService": service } },
  });
  const decrypts = functionWith([objects, use("kms:Decrypt", key.service)], key);
  expect(await outcome(decrypts.send(get("own/a")))).toBe("done");
  expect(await outcome(decrypts.send(put("own/a")))).toBe("AccessDenied");
  const elsewhere = functionWith([objects, use("kms:*", "dynamodb.us-east-1.amazonaws.com")], key);
  expect(await outcome(elsewhere.send(get("own/a")))).toBe("AccessDenied");
  const both = functionWith([objects, use("kms:*", key.service)], key);
  expect(await outcome(both.send(put("own/a")))).toBe("done");
});
