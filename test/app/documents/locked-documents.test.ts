/** Documents in a bucket that locks objects: S3 takes nothing without a checksum. */
import { createHash } from "node:crypto";
import { PutObjectLockConfigurationCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Library } from "../../../app/documents/library.ts";
import { readText } from "../../../app/documents/text.ts";
import { S3ObjectStore, s3Client } from "../../../app/objects/s3.ts";
import { DynamoDBDocumentStore } from "../../../app/store/dynamodb/documents.ts";
import type { Engine } from "../../../local/engine.ts";
import { startS3 } from "../../../local/s3.ts";
import { randomKey, TestApi } from "../../../testing/app/api.ts";
import { submit } from "../../../testing/app/upload.ts";
import { createBucket, s3Config } from "../../../testing/aws/bucket.ts";

const api = TestApi.forThisFile();
const bytes = Buffer.from("Invoices are due within 30 days.\n");
const sha256 = createHash("sha256").update(bytes).digest("base64");
const draft = { name: "terms", type: "text/plain", size: bytes.length };

let s3: Engine;
let objects: S3ObjectStore;
beforeAll(async () => {
  const config = s3Config("");
  s3 = await startS3({ accessKey: config.credentials });
  const client = s3Client(s3Config(s3.endpoint));
  const bucketName = await createBucket(s3.endpoint);
  await client.send(
    new PutObjectLockConfigurationCommand({
      Bucket: bucketName,
      ObjectLockConfiguration: {
        ObjectLockEnabled: "Enabled",
        Rule: { DefaultRetention: { Mode: "GOVERNANCE", Days: 1 } },
      },
    }),
  );
  objects = new S3ObjectStore({ client, bucketName, now: () => new Date() });
});
afterAll(() => s3.stop());

function alice(locksObjects = true) {
  const documents = new DynamoDBDocumentStore({ ...api.table, objects });
  const now = () => new Date();
  const library = new Library({ documents, objects, readText, now, locksObjects });
  return api.with({ library }).as(randomKey());
}

it("takes an upload whose SHA-256 was stated, and deletes it", async () => {
  const user = alice();
  const { status, body } = await user.post("/documents", { ...draft, sha256 });
  expect(status).toBe(201);
  expect((await submit(body.upload, bytes)).status).toBe(204);
  const completed = await user.post(`/documents/${body.id}/complete`, undefined);
  expect(completed.body).toMatchObject({ id: body.id, status: "ready", passages: 1 });
  expect(completed.body).not.toHaveProperty("sha256");
  expect((await user.delete(`/documents/${body.id}`)).status).toBe(204);
});

it("says which field is missing, before anything is noted", async () => {
  const user = alice();
  const { status, body } = await user.post("/documents", draft);
  expect(status).toBe(400);
  expect(body).toMatchObject({
    type: "urn:chatstack:problem:validation",
    errors: [{ in: "body", pointer: "/sha256", message: expect.stringContaining("required") }],
  });
  expect((await user.get("/documents")).body.items).toEqual([]);
});

it("S3 refuses a form without a checksum, which is what the field is for", async () => {
  const { body } = await alice(false).post("/documents", draft);
  const answer = await submit(body.upload, bytes);
  expect(answer.status).toBe(400);
  expect(await answer.text()).toMatch(/InvalidRequest.*checksum/);
});

it("S3 refuses another file of the same size, and a checksum that was changed", async () => {
  const { body } = await alice().post("/documents", { ...draft, sha256 });
  const other = Buffer.from(bytes).fill("x");
  const answer = await submit(body.upload, other);
  expect([answer.status, await answer.text()]).toEqual([400, expect.stringMatching(/BadDigest/)]);
  const fields = {
    ...body.upload.fields,
    "x-amz-checksum-sha256": createHash("sha256").update(other).digest("base64"),
  };
  expect((await submit({ ...body.upload, fields }, other)).status).toBe(403);
});

it("what the app puts itself carries a checksum", async () => {
  await expect(
    objects.put("messages/a", "words", { contentType: "text/plain", when: "always" }),
  ).resolves.toBeTruthy();
});

it.each([
  "",
  "abc",
  "A".repeat(44),
  `${"A".repeat(43)}==`,
])("refuses %j as a SHA-256", async (value) => {
  const { status, body } = await alice().post("/documents", { ...draft, sha256: value });
  expect([status, body.errors[0].pointer]).toEqual([400, "/sha256"]);
});
