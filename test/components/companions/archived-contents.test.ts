/** Every message that the app stores has its words in the archive, or where they are. */
import { zstdDecompressSync } from "node:zlib";
import { DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { expect, test } from "vitest";
import { packContents, stow } from "../../../app/store/dynamodb/messages/content.ts";
import { archiveColumns } from "../../../components/companions/archive-catalog.ts";
import { claimsOf, TestApi } from "../../../testing/app/api.ts";
import { engineConfig } from "../../../testing/aws/table.ts";

const api = TestApi.forThisFile();

/** What the pipe makes of a stream record: each column's path, or nothing. Binary is base64 in JSON. */
function row(newImage: object, content: "omit" | "include" = "include"): Record<string, string> {
  const json = JSON.parse(
    JSON.stringify({ dynamodb: { NewImage: newImage } }, (_, value) =>
      isBytes(value) ? Buffer.from(Object.values(value)).toString("base64") : value,
    ),
  );
  return Object.fromEntries(
    archiveColumns(content).map(({ name, path }) => [
      name,
      path.split(".").reduce((value, key) => value?.[key], json) ?? "",
    ]),
  );
}

const isBytes = (value: unknown): value is object =>
  typeof value === "object" && value !== null && "0" in value && !Array.isArray(value);

/** Text that does not compress to nothing. */
const words = (bytes: number) =>
  Array.from({ length: bytes / 8 }, (_, index) =>
    Math.imul(index + 1, 2_654_435_761)
      .toString(36)
      .padStart(8, "x")
      .slice(-8),
  ).join("");

async function storedImage(content: string) {
  const call = (path: string, body: object) =>
    api.app.request(
      path,
      {
        method: "POST",
        headers: { "content-type": "application/json", "idempotency-key": crypto.randomUUID() },
        body: JSON.stringify(body),
      },
      { claims: claimsOf("alice") },
    );
  const created = await call("/conversations", { title: "long" });
  const { id } = (await created.json()) as { id: string };
  const answer = await call(`/conversations/${id}/messages`, { role: "user", content });
  expect(answer.status, await answer.text()).toBeLessThan(300);
  const client = new DynamoDBClient(engineConfig(api.engine.endpoint));
  const { Items = [] } = await client.send(
    new QueryCommand({
      TableName: api.table.tableName,
      KeyConditionExpression: "pk = :pk AND begins_with(sk, :sk)",
      ExpressionAttributeValues: { ":pk": { S: `USER#alice#CONV#${id}` }, ":sk": { S: "MSG#" } },
    }),
  );
  expect(Items).toHaveLength(1);
  return Items[0]!;
}

test("a short message's words are in its row", async () => {
  const found = row(await storedImage("short words"));
  expect(found).toMatchObject({ content: "short words", content_zstd: "", content_object: "" });
});

test("words above 32 KB are in their row, compressed", async () => {
  const content = words(48 * 1024);
  const found = row(await storedImage(content));
  expect(found.content).toBe("");
  expect(zstdDecompressSync(Buffer.from(found.content_zstd ?? "", "base64")).toString()).toBe(
    content,
  );
});

test("words that no item can hold are pointed at", async () => {
  const content = words(1024 * 1024);
  const { contents } = await stow(api.table, "alice", "c1", packContents([{ content }]));
  const [stored] = contents;
  const { content: _, ...attributes } = stored ?? {};
  const found = row(marshall(attributes, { removeUndefinedValues: true }));
  expect(found).toMatchObject({ content: "", content_zstd: "" });
  const object = await api.table.objects.get(`messages/alice/c1/${found.content_object}`);
  expect(zstdDecompressSync(object?.body ?? new Uint8Array()).toString()).toBe(content);
});

test("without content a row has none of these", async () => {
  const found = row(await storedImage(words(48 * 1024)), "omit");
  expect(Object.keys(found).filter((name) => name.startsWith("content"))).toEqual([]);
});
