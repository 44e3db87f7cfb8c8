import { S3Client } from "@aws-sdk/client-s3";
import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { documentClient } from "../../app/store/dynamodb/table/client.ts";
import { documentKey, messageKey } from "../../app/store/dynamodb/table/keys.ts";
import { startDynamoDB } from "../../local/dynamodb.ts";
import { findBucket } from "../../operations/aws/find-bucket.ts";
import { restoreDocuments } from "../../operations/restore/documents.ts";
import { createChatTable, engineConfig } from "../../testing/aws/table.ts";
import { startVersionedS3, type VersionedS3 } from "../../testing/aws/versioned-s3.ts";

const bucket = "acme-documents-1a2b3c4";
const at = new Date("2026-11-20T08:30:00Z");
const before = new Date("2026-11-19T08:30:00Z");
const since = new Date("2026-11-21T08:30:00Z");

let s3: VersionedS3;
let client: S3Client;
let engine: Awaited<ReturnType<typeof startDynamoDB>>;
let tableName: string;
let documents: ReturnType<typeof documentClient>;
beforeAll(async () => {
  s3 = await startVersionedS3();
  client = new S3Client({ ...engineConfig(s3.endpoint), forcePathStyle: true });
  engine = await startDynamoDB();
  documents = documentClient(engineConfig(engine.endpoint));
  tableName = await createChatTable(engine.endpoint);
  for (const id of ["kept", "deleted", "overwritten", "expired", "never-there"]) {
    const Item = { ...documentKey("ada", id), status: "ready" };
    await documents.send(new PutCommand({ TableName: tableName, Item }));
  }
  const Item = { ...messageKey("ada", "long", 1), object: "words" };
  await documents.send(new PutCommand({ TableName: tableName, Item }));
});
afterAll(async () => {
  client.destroy();
  documents.destroy();
  await Promise.all([s3.stop(), engine.stop()]);
});

/** The bucket after a script was let loose on it. */
beforeEach(() => {
  s3.createBucket(bucket, { "chatstack:tenant": "acme" });
  s3.copies.length = 0;
  for (const id of ["kept", "deleted", "overwritten", "expired", "of-nobody"]) {
    s3.put(bucket, `documents/ada/${id}`, `bytes of ${id}`, before);
  }
  s3.put(bucket, "passages/ada/deleted.json", "passages", before);
  s3.put(bucket, "messages/ada/long/words", "many words", before);
  s3.put(bucket, "messages/ada/long/of-no-message", "an orphan", before);
  s3.put(bucket, "documents/ada/overwritten", "scribble", since);
  for (const key of [
    ...["documents/ada/deleted", "documents/ada/expired", "documents/ada/of-nobody"],
    ...["passages/ada/deleted.json", "messages/ada/long/words", "messages/ada/long/of-no-message"],
  ]) {
    s3.delete(bucket, key);
  }
  s3.forget(bucket, "documents/ada/expired");
});

const run = (mode: "list" | "restore") => {
  const table = { client: documents, tableName, now: () => new Date() };
  return restoreDocuments({ client, bucket, table, at, mode }, () => {});
};

it("what restored items refer to is listed where it is deleted, overwritten or gone", async () => {
  const { keys, ...counts } = await run("list");
  expect(counts).toEqual({ deleted: 3, overwritten: 1, restored: 0, gone: 2 });
  expect(keys.toSorted()).toEqual([
    "documents/ada/deleted",
    "documents/ada/expired",
    "documents/ada/never-there",
    "documents/ada/overwritten",
    "messages/ada/long/words",
    "passages/ada/deleted.json",
  ]);
  expect(s3.copies).toEqual([]);
});

it("the versions of that time become the present ones by copies, once; nothing is deleted", async () => {
  const versions = s3.versions(bucket, "documents/ada/overwritten");
  expect(await run("restore")).toMatchObject({ restored: 4 });
  expect(s3.read(bucket, "documents/ada/deleted")).toBe("bytes of deleted");
  expect(s3.read(bucket, "documents/ada/overwritten")).toBe("bytes of overwritten");
  expect(s3.read(bucket, "passages/ada/deleted.json")).toBe("passages");
  expect(s3.read(bucket, "messages/ada/long/words")).toBe("many words");
  expect(s3.read(bucket, "documents/ada/of-nobody")).toBeUndefined();
  expect(s3.read(bucket, "messages/ada/long/of-no-message")).toBeUndefined();
  expect(s3.versions(bucket, "documents/ada/overwritten")).toBe(versions + 1);
  expect(s3.versions(bucket, "documents/ada/kept")).toBe(1);

  expect(await run("restore")).toMatchObject({ deleted: 0, overwritten: 0, restored: 0, gone: 2 });
  expect(s3.copies).toHaveLength(4);
});

it("a restore that was stopped goes on: what is back is not copied again", async () => {
  let left = 2;
  client.middlewareStack.add(
    (next, { commandName }) =>
      (args) => {
        if (commandName === "CopyObjectCommand" && left-- === 0) throw new Error("killed");
        return next(args);
      },
    { step: "initialize", name: "stopping" },
  );
  await expect(run("restore")).rejects.toThrow("killed");
  client.middlewareStack.remove("stopping");
  expect(s3.copies).toHaveLength(2);
  expect(await run("restore")).toMatchObject({ restored: 2 });
  expect(new Set(s3.copies).size).toBe(4);
});

it("the tenant's bucket is found by its name and tag, and never another tenant's", async () => {
  s3.createBucket("acme-documents-9f8e7d6", { "chatstack:tenant": "globex" });
  s3.createBucket("acme-documents-logs-1a2b3c4", { "chatstack:tenant": "acme" });
  expect(await findBucket(client, "acme", "acme-documents")).toBe(bucket);
  expect(await findBucket(client, "initech", "initech-documents")).toBeUndefined();
});
