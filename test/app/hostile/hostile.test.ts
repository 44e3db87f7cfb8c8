/** `test/app/hostile/`: what a hostile user, a crash or another version does to the backend. */
import { randomBytes } from "node:crypto";
import { ScanCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { expect, it } from "vitest";
import { readPdf } from "../../../app/documents/pdf.ts";
import { bedrockModels } from "../../../app/models/bedrock.ts";
import { embeddedModels } from "../../../app/models/embedded.ts";
import { DynamoDBMaintenanceStore } from "../../../app/store/dynamodb/maintenance/maintenance.ts";
import { S3ConversationStore } from "../../../app/store/s3/conversations.ts";
import { dependenciesOn, randomKey, TestApi } from "../../../testing/app/api.ts";
import { Pacer } from "../../../testing/app/pacer.ts";
import { pdfBomb, pdfOf } from "../../../testing/app/pdf.ts";
import { draft } from "../../../testing/app/store.ts";
import { grant, submit } from "../../../testing/app/upload.ts";
import { startBedrock } from "../../../testing/aws/bedrock.ts";
import { engineConfig } from "../../../testing/aws/table.ts";

const api = TestApi.forThisFile();
/** More than an item holds, compressed or not. */
const large = randomBytes(525 * 1024).toString("base64");

async function items(): Promise<Record<string, unknown>[]> {
  const { client, tableName } = api.table;
  const { Items = [] } = await client.send(
    new ScanCommand({ TableName: tableName, ConsistentRead: true }),
  );
  return Items.toSorted((one, other) =>
    `${one.pk} ${one.sk}` < `${other.pk} ${other.sk}` ? -1 : 1,
  );
}
const objects = async () =>
  (await Array.fromAsync(api.table.objects.list(""))).map(({ key }) => key);

it("clears what a dying process left in the bucket by the next maintenance", async () => {
  const alice = api.as("dying");
  const id = await alice.conversation();
  const before = await objects();
  let dies = true;
  api.table.client.middlewareStack.add(
    (next, context) => async (args) => {
      const isWrite = context.commandName === "TransactWriteItemsCommand";
      const isCleaning = dies && context.commandName === "UpdateItemCommand";
      if (dies && (isWrite || isCleaning)) throw new Error("died");
      return next(args);
    },
    { step: "initialize", name: "dying" },
  );
  const answer = await alice.post(`/conversations/${id}/messages`, {
    role: "user",
    content: large,
  });
  dies = false;
  api.table.client.middlewareStack.remove("dying");
  expect(answer.status).toBe(500);
  expect((await objects()).length).toBe(before.length + 1);
  const maintenance = new DynamoDBMaintenanceStore(api.table);
  const soon = () => new Date(api.table.now().getTime() + 60_000);
  expect(await maintenance.clearLeftovers(soon())).toBe(0);
  await alice.post(`/conversations/${id}/messages`, { role: "user", content: large });
  api.advance(16 * 60);
  expect(await maintenance.clearLeftovers(soon())).toBe(1);
  expect((await objects()).length).toBe(before.length + 1);
  expect((await alice.get(`/conversations/${id}/messages`)).body.items[0].content).toBe(large);
  expect((await items()).filter(({ sk }) => String(sk).startsWith("LEFT#"))).toEqual([]);
});

it("lets parallel chats exceed a quota by one answer at most", async () => {
  const pacer = new Pacer();
  const limited = api.with({
    quotas: { tokensPerDay: 50_000 },
    models: embeddedModels(pacer.pace),
  });
  const user = randomKey();
  const alice = limited.as(user);
  const ids = await Promise.all(Array.from({ length: 30 }, () => alice.conversation()));
  await api.dependencies.usage.add(user, { inputTokens: 40_000, outputTokens: 6_687 });
  let refused = 0;
  const ask = async (id: string) => {
    const answer = await alice.post(`/conversations/${id}/chat`, { content: "/words 1500" });
    // No answer ends, and frees what it holds, before all others were decided on.
    if (answer.status !== 200 && ++refused === ids.length - 1) pacer.allow(2_000);
    return answer;
  };
  const answers = await Promise.all(ids.map(ask));
  const answered = answers.filter(({ status }) => status === 200);
  expect(answered).toHaveLength(1);
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 429]));
  const { inputTokens, outputTokens } = (await alice.get("/me/usage")).body.day;
  const [{ body }] = answered as [(typeof answers)[number]];
  expect(inputTokens + outputTokens).toBe(
    46_687 + body.usage.inputTokens + body.usage.outputTokens,
  );
});

it("frees what was held for a process that died, and counts what it sent", async () => {
  const user = randomKey();
  const { usage } = api.dependencies;
  const tokens = { inputTokens: 100, outputTokens: 4_000 };
  const ask = { tokens, perDay: 4_000, perMonth: 10_000, lifeMs: 60_000 };
  expect(await usage.reserve(user, ask)).toMatchObject({ user, tokens });
  expect(await usage.reserve(user, ask)).toMatchObject({ refused: { day: { inputTokens: 0 } } });
  api.advance(61);
  expect((await usage.get(user)).day).toMatchObject({ inputTokens: 100, outputTokens: 0 });
  const hold = await usage.reserve(user, ask);
  if ("refused" in hold) throw new Error("refused");
  await usage.settle(hold, { inputTokens: 90, outputTokens: 10 });
  await usage.settle(hold, { inputTokens: 90, outputTokens: 10 });
  expect((await usage.get(user)).day).toMatchObject({ inputTokens: 190, outputTokens: 10 });
});

it("keeps a paid answer when the conversation is archived meanwhile, and repeats it", async () => {
  const pacer = new Pacer(1);
  const alice = api.with({ models: embeddedModels(pacer.pace) }).as("archiving");
  const id = await alice.conversation();
  const key = { "idempotency-key": "k" };
  const asked = alice.post(`/conversations/${id}/chat`, { content: "one two" }, key);
  await pacer.untilAsked(2);
  await alice.patch(`/conversations/${id}`, { state: "archived" });
  pacer.allow(100);
  const answer = await asked;
  expect([answer.status, answer.body.assistantMessage.content]).toEqual([200, "You said: one two"]);
  const again = await api
    .with({})
    .as("archiving")
    .post(`/conversations/${id}/chat`, { content: "one two" }, key);
  expect([again.status, again.text]).toEqual([200, answer.text]);
  expect((await alice.post(`/conversations/${id}/chat`, { content: "x" })).status).toBe(409);
});

it("ends a page before it is more than the function can hold", async () => {
  const alice = api.as("pages");
  const id = await alice.conversation();
  for (let index = 0; index < 12; index++) {
    const content = (index % 2 === 0 ? "x" : "\u0001").repeat(900 * 1024);
    const draft = { role: "user", content, type: "text", modelId: null, isError: false } as const;
    const rest = { errorMessage: null, citations: [], llmResponseId: null };
    await api.dependencies.conversations.append("pages", id, { ...draft, ...rest });
  }
  const page = await alice.get(`/conversations/${id}/messages?limit=200`);
  expect(Buffer.byteLength(page.text)).toBeLessThan(6_000_000);
  expect(page.body.nextCursor).not.toBeNull();
  const all = await alice.all(`/conversations/${id}/messages?limit=200`);
  expect(all.map(({ sequence }) => sequence)).toEqual(all.map((_, index) => index + 1));
  expect(all).toHaveLength(12);
  expect(Buffer.byteLength((await alice.get(`/conversations/${id}`)).text)).toBeLessThan(6_000_000);
  expect((await alice.post(`/conversations/${id}/chat`, { content: "x" })).status).toBe(200);
});

it("refuses PDFs that unpack to more than there is, in a process that ends", async () => {
  for (const bomb of [pdfBomb(512), pdfBomb(300, 1)]) {
    expect(bomb.length).toBeLessThan(1_100_000);
    await expect(readPdf(bomb)).rejects.toMatchObject({ name: "UnreadableDocument" });
  }
  expect((await readPdf(pdfOf(["still here"]))).pages[0]).toContain("still here");
}, 120_000);

it("leaves out the one that a later version wrote, says so, and goes on with the rest", async () => {
  const alice = api.as("later");
  const [good, bad, odd] = [
    await alice.conversation("good"),
    await alice.conversation("bad"),
    await alice.conversation("odd"),
  ];
  await alice.say(odd, "one", "two", "three");
  const set = async (pk: string, sk: string, name: string, value: unknown) => {
    const { client, tableName } = api.table;
    await client.send(
      new UpdateCommand({
        TableName: tableName,
        Key: { pk, sk },
        UpdateExpression: "SET #name = :value, #new = :new",
        ExpressionAttributeNames: { "#name": name, "#new": "newer" },
        ExpressionAttributeValues: { ":value": value, ":new": { of: "a later version" } },
      }),
    );
  };
  await set("USER#later", `CONV#${bad}`, "state", "pinned");
  await set("USER#later", `CONV#${good}`, "lastMessage", { role: "critic", preview: "x" });
  await set(`USER#later#CONV#${odd}`, "MSG#0000000002", "role", "critic");
  api.log.length = 0;
  const page = (await alice.get(`/conversations/${odd}/messages`)).body;
  expect(page.items.map(({ sequence }: { sequence: number }) => sequence)).toEqual([1, 3]);
  expect(page.unreadable).toEqual(["2"]);
  expect((await alice.get(`/conversations/${odd}`)).body.unreadable).toEqual(["2"]);
  expect((await alice.post(`/conversations/${odd}/chat`, { content: "x" })).status).toBe(200);
  const list = (await alice.get("/conversations")).body;
  expect(list.items.map(({ id }: { id: string }) => id).toSorted()).toEqual([good, odd].toSorted());
  const sync = (await alice.get("/sync")).body;
  expect([sync.unreadable, sync.deleted]).toEqual([[bad], []]);
  const lines = (await alice.get("/export")).text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(lines.at(-1)).toEqual({ kind: "end" });
  expect(
    lines
      .filter(({ kind }) => kind === "unreadable")
      .map(({ id }) => id)
      .toSorted(),
  ).toEqual([bad, "2"].toSorted());
  expect(api.log).toContainEqual(
    expect.objectContaining({ level: "WARN", message: "unreadable", kind: "message" }),
  );
  await alice.patch(`/conversations/${good}`, { title: "renamed" });
  const kept = (await items()).find(({ sk }) => sk === `CONV#${good}`);
  expect(kept).toMatchObject({ title: "renamed", newer: { of: "a later version" } });
  for (const change of [
    () => alice.patch(`/conversations/${bad}`, { title: "x" }),
    () => alice.post(`/conversations/${bad}/messages`, { role: "user", content: "x" }),
    () => alice.post(`/conversations/${bad}/chat`, { content: "x" }),
  ]) {
    expect((await change()).status).toBe(409);
  }
  expect((await alice.delete(`/conversations/${bad}`)).status).toBe(204);
  expect((await alice.get("/sync")).body.unreadable).toBeUndefined();
});

it("does the same where conversations are S3 JSON, and loses nothing of a later version's", async () => {
  const { conversations, ...rest } = dependenciesOn(api.table, () => {}, "s3");
  expect(conversations).toBeInstanceOf(S3ConversationStore);
  const alice = api.with({ ...rest, conversations }).as("s3-later");
  const [good, bad] = [await alice.conversation("good"), await alice.conversation("bad")];
  for (let index = 0; index < 3; index++) await conversations.append("s3-later", good, draft("x"));
  const key = (id: string) => `history/s3-later/${id}.json`;
  const read = async (id: string) =>
    JSON.parse(Buffer.from((await api.table.objects.get(key(id)))!.body).toString());
  const put = (id: string, body: string) =>
    api.table.objects.put(key(id), body, { contentType: "application/json", when: "always" });
  await put(bad, "{ not JSON");
  const later = await read(good);
  later.newer = 1;
  later.messages[0].newer = 2;
  later.messages[1].role = "critic";
  await put(good, JSON.stringify(later));
  const list = (await alice.get("/conversations")).body;
  expect([list.items.length, list.unreadable]).toEqual([1, [bad]]);
  expect((await alice.get("/sync")).body.unreadable).toEqual([bad]);
  expect((await alice.get("/export")).text).toContain('{"kind":"end"}');
  const page = (await alice.get(`/conversations/${good}/messages`)).body;
  expect([page.items.length, page.unreadable]).toEqual([2, ["2"]]);
  await alice.say(good, "more");
  const after = await read(good);
  expect([after.newer, after.messages[0].newer, after.messages[1]]).toEqual([
    1,
    2,
    later.messages[1],
  ]);
  expect((await alice.delete(`/conversations/${bad}`)).status).toBe(204);
  expect((await alice.get("/conversations")).body.unreadable).toBeUndefined();
});

it("asks no model for more than it writes, sends nothing blank, and says why it was refused", async () => {
  const requests: Record<string, unknown>[] = [];
  const server = await startBedrock((response, { body }) => {
    requests.push(body);
    response.writeHead(400, {
      "content-type": "application/json",
      "x-amzn-errortype": "ValidationException",
    });
    response.end(JSON.stringify({ message: "The maximum tokens exceeds 2048: secret words" }));
  });
  const config = { ...engineConfig(server.endpoint), maxAttempts: 1 };
  const id = "meta.llama3-8b-instruct-v1:0";
  const models = bedrockModels([{ id, limits: { contextTokens: 6_000 } }], config);
  const alice = api.with({ models }).as("llama");
  const conversation = await alice.conversation();
  await alice.say(conversation, "   ", "first", "\u200b");
  api.log.length = 0;
  const { body } = await alice.post(`/conversations/${conversation}/chat`, { content: "x" });
  await server.stop();
  expect(requests).toMatchObject([
    {
      inferenceConfig: { maxTokens: 2_048 },
      messages: [{ role: "user", content: [{ text: "first" }, { text: "x" }] }],
    },
  ]);
  expect((await alice.get("/models")).body.items).toEqual([
    { id, contextTokens: 6_000, maxOutputTokens: 2_048, takes: ["files"] },
  ]);
  expect(body.assistantMessage.errorMessage).toBe(
    "The model did not accept the conversation. (ValidationException, 400, more output than it writes)",
  );
  const reason = { provider: "ValidationException", status: 400 };
  expect(api.log).toContainEqual(expect.objectContaining({ ...reason, model: id }));
  expect(JSON.stringify(api.log)).not.toContain("secret");
});

it("takes an upload of before an erasure away when the erasure settles", async () => {
  const alice = api.as("leaving");
  const form = await grant(alice, Buffer.from("late"), "text/plain");
  expect((await alice.delete("/me")).body.status).toBe("complete");
  expect((await submit(form.upload, Buffer.from("late"))).status).toBe(204);
  expect((await objects()).filter((key) => key.includes("leaving"))).toHaveLength(1);
  expect((await alice.post("/conversations", {})).status).toBe(409);
  api.advance(15 * 60 + 1);
  expect((await alice.post("/conversations", {})).status).toBe(201);
  expect((await objects()).filter((key) => key.includes("leaving"))).toEqual([]);
});
