import { type DynamoDBDocumentClient, QueryCommand } from "@aws-sdk/lib-dynamodb";
import { expect, it } from "vitest";
import type { AppDependencies } from "../../../app/context.ts";
import { Library } from "../../../app/documents/library.ts";
import type { ObjectStore } from "../../../app/objects/object-store.ts";
import { DynamoDBConversationStore } from "../../../app/store/dynamodb/conversations/conversations.ts";
import { DynamoDBDocumentStore } from "../../../app/store/dynamodb/documents.ts";
import { DynamoDBErasureStore } from "../../../app/store/dynamodb/erasing/erasures.ts";
import { DynamoDBProfileStore } from "../../../app/store/dynamodb/profiles.ts";
import { DynamoDBRecordStore } from "../../../app/store/dynamodb/records.ts";
import { documentClient } from "../../../app/store/dynamodb/table/client.ts";
import { DynamoDBTransferStore } from "../../../app/store/dynamodb/transfer.ts";
import { DynamoDBUsageStore } from "../../../app/store/dynamodb/usage.ts";
import { eraseUser } from "../../../app/transfer/erasure.ts";
import { type Client, randomKey, TestApi } from "../../../testing/app/api.ts";
import * as answers from "../../../testing/aws/aws-answers.ts";
import { Meter } from "../../../testing/aws/meter.ts";
import { createChatTable, engineConfig } from "../../../testing/aws/table.ts";
import { type Interference, Wire } from "../../../testing/aws/wire.ts";

const api = TestApi.forThisFile();
const minute = 60;

/** A tenant of its own, so that everything that is left of a user can be looked for. */
async function tenant() {
  const client = documentClient(engineConfig(api.engine.endpoint));
  const tableName = await createChatTable(api.engine.endpoint);
  const clock = { offsetMs: 0 };
  const now = () => new Date(Date.now() + clock.offsetMs);
  const objects = new Map<string, string>();
  const overrides = (on: typeof client): Partial<AppDependencies> => {
    const table = { client: on, tableName, now };
    return {
      conversations: new DynamoDBConversationStore(table),
      transfers: new DynamoDBTransferStore(table),
      profiles: new DynamoDBProfileStore(table),
      records: new DynamoDBRecordStore(table),
      usage: new DynamoDBUsageStore(table),
      erasures: new DynamoDBErasureStore(table),
      library: new Library({
        documents: new DynamoDBDocumentStore(table),
        objects: bucketOf(objects),
        readText: () => Promise.reject(new Error("not read here")),
        now,
      }),
      now,
    };
  };
  const parts = (on = client) => {
    const table = { client: on, tableName, now };
    return {
      conversations: new DynamoDBConversationStore(table),
      transfers: new DynamoDBTransferStore(table),
      erasures: new DynamoDBErasureStore(table),
      library: { erase: async (user: string) => erasePrefix(objects, user) },
    };
  };
  /** Whatever the table holds, in every partition that a user's data could be in. */
  const stored = async (user: string, ids: readonly string[]) => {
    const partitions = [`USER#${user}`, ...ids.map((id) => `USER#${user}#CONV#${id}`)];
    const found = await Promise.all(
      partitions.map(async (pk) => {
        const { Items = [] } = await client.send(
          new QueryCommand({
            TableName: tableName,
            KeyConditionExpression: "pk = :pk",
            ExpressionAttributeValues: { ":pk": pk },
          }),
        );
        return Items.map(({ sk }) => `${pk} ${sk}`);
      }),
    );
    return found.flat();
  };
  const indexed = async (user: string) => {
    const { Items = [] } = await client.send(
      new QueryCommand({
        TableName: tableName,
        IndexName: "by-recency",
        KeyConditionExpression: "recencyKey = :key",
        ExpressionAttributeValues: { ":key": `USER#${user}` },
      }),
    );
    return Items;
  };
  return { client, clock, objects, parts, stored, indexed, ...api.with(overrides(client)), now };
}

/** As much of a bucket as an erasure and an upload's beginning touch. */
function bucketOf(objects: Map<string, string>): ObjectStore {
  const unused = () => Promise.reject(new Error("not used here"));
  return {
    get: unused,
    head: unused,
    put: unused,
    copy: unused,
    downloadUrl: unused,
    async delete(keys) {
      for (const key of keys) objects.delete(key);
    },
    async *list(prefix) {
      for (const key of [...objects.keys()]) {
        if (key.startsWith(prefix)) yield { key, etag: "", size: 1, lastModified: new Date() };
      }
    },
    async uploadForm(key) {
      objects.set(key, "uploaded");
      return { url: "https://example.org/", fields: {}, expiresAt: new Date().toISOString() };
    },
  };
}

async function erasePrefix(objects: Map<string, string>, user: string) {
  for (const key of objects.keys()) if (key.includes(`/${user}/`)) objects.delete(key);
}

/** One of everything that is ever kept of a user. */
async function populate(user: Client): Promise<string[]> {
  await user.put("/me", { name: "Ada" });
  await user.put("/me/sessions/phone", {});
  await user.put("/me/state/sidebar", { value: 1 });
  await user.post("/me/tokens", { purpose: "x" });
  await user.post("/documents", { name: "a.txt", type: "text/plain", size: 3 });
  const key = { "idempotency-key": "create" };
  const ids = [(await user.post("/conversations", { title: "Keyed" }, key)).body.id];
  for (const title of ["Active", "Archived", "Trashed", "Deleted"]) {
    const id = await user.conversation(title);
    const message = { role: "user", content: "secret" };
    await user.post(`/conversations/${id}/messages`, message, { "idempotency-key": "k" });
    const more = title === "Active" ? 30 : 1;
    for (let index = 0; index < more; index++) await user.say(id, "secret");
    ids.push(id);
  }
  await user.patch(`/conversations/${ids[2]}`, { state: "archived" });
  await user.patch(`/conversations/${ids[3]}`, { state: "trashed" });
  await user.delete(`/conversations/${ids[4]}`);
  return ids;
}

it("E: erases everything of a user, gives a receipt, and touches nobody else", async () => {
  const { as, stored, indexed, objects } = await tenant();
  const [alice, bob] = [randomKey(), randomKey()];
  const user = as(alice);
  const [ids, others] = [await populate(user), await populate(as(bob))];
  const before = await stored(bob, others);
  expect((await stored(alice, ids)).length).toBeGreaterThan(45);
  const erased = await user.delete("/me");
  expect(erased.status).toBe(202);
  expect(erased.body).toMatchObject({ status: "complete", completedAt: expect.any(String) });
  const location = new URL(erased.headers.get("location")!, "https://host/v1/me").pathname;
  expect(location).toBe(`/v1/me/erasures/${erased.body.id}`);
  expect(await stored(alice, ids)).toEqual([]);
  expect(await indexed(alice)).toEqual([]);
  expect([...objects.keys()].filter((key) => key.includes(alice))).toEqual([]);
  expect((await user.get("/sync")).body).toMatchObject({ items: [], deleted: [] });
  expect((await user.get(location.slice(3))).body).toEqual(erased.body);
  expect(await stored(bob, others)).toEqual(before);
  expect([...objects.keys()].filter((key) => key.includes(bob))).toHaveLength(1);
  expect((await as(bob).get(location.slice(3))).status).toBe(404);
});

it("E: refuses writes while it erases and for 15 minutes more, then starts anew", async () => {
  const { as, clock, parts, now } = await tenant();
  const id = randomKey();
  const user = as(id);
  const conversation = await user.conversation();
  await parts().erasures.begin(id);
  const attempts = [
    () => user.post("/conversations", {}),
    () => user.put("/me", { name: "x" }),
    () => user.put("/me/sessions/a", {}),
    () => user.put("/me/state/a", { value: 1 }),
    () => user.post("/me/tokens", { purpose: "x" }),
    () => user.post("/documents", { name: "a.txt", type: "text/plain", size: 3 }),
    () =>
      user.send("POST", "/import", {
        body: '{"kind":"state","name":"b","value":1}',
        headers: { "content-type": "application/x-ndjson" },
      }),
  ];
  const expectRefused = async () => {
    for (const attempt of attempts) {
      const answer = await attempt();
      expect([answer.status, answer.body.type]).toEqual([409, "urn:chatstack:problem:erasing"]);
    }
  };
  await expectRefused();
  await eraseUser(parts(), id, new Date(now().getTime() + 10_000));
  await expectRefused();
  const late = { role: "user", content: "x" };
  expect((await user.post(`/conversations/${conversation}/messages`, late)).status).toBe(404);
  expect((await as(randomKey()).post("/conversations", {})).status).toBe(201);
  clock.offsetMs += 15 * minute * 1000 + 1;
  expect((await user.post("/conversations", {})).status).toBe(201);
  expect((await user.delete("/me")).body.status).toBe("complete");
});

it("E: finds what a write brought in late, each time somebody looks at the receipt", async () => {
  const { as, clock, parts, stored } = await tenant();
  const id = randomKey();
  const user = as(id);
  await user.conversation();
  const { body } = await user.delete("/me");
  // A request that passed the check before the erasure began, and wrote after it ended.
  const { conversation } = await parts().conversations.create(id, {
    id: "late",
    title: "late",
    modelId: null,
  });
  await parts().conversations.append(id, conversation.id, {
    role: "user",
    content: "late",
    type: "text",
    modelId: null,
    isError: false,
    errorMessage: null,
    citations: [],
    llmResponseId: null,
  });
  expect((await user.get(`/me/erasures/${body.id}`)).body).toEqual(body);
  expect(await stored(id, ["late"])).toEqual([]);
  clock.offsetMs += 15 * minute * 1000 + 1;
  const kept = await user.conversation();
  await user.get(`/me/erasures/${body.id}`);
  expect((await user.get(`/conversations/${kept}`)).status).toBe(200);
});

it("E: leaves nothing of a user who keeps writing meanwhile", async () => {
  const { as, parts, stored, now } = await tenant();
  const id = randomKey();
  const user = as(id);
  const ids = await populate(user);
  let isOver = false;
  const writing = async (target: string) => {
    while (!isOver) {
      await user.post(`/conversations/${target}/messages`, { role: "user", content: "more" });
      const made = await user.post("/conversations", {});
      if (made.status === 201) ids.push(made.body.id);
    }
  };
  const writers = [writing(ids[0]!), writing(ids[1]!), writing(ids[1]!)];
  const erased = await user.delete("/me");
  isOver = true;
  await Promise.all(writers);
  await eraseUser(parts(), id, new Date(now().getTime() + 10_000));
  expect(erased.status).toBe(202);
  expect(await stored(id, ids)).toEqual([]);
});

/** A client whose process dies before, or right after, its n-th write; and how many there were. */
async function dying<T>(
  diesAt: number,
  when: "before" | "after",
  work: (client: DynamoDBDocumentClient) => Promise<T>,
) {
  const wire = new Wire();
  const client = wire.attach(documentClient(engineConfig(api.engine.endpoint)));
  let writes = 0;
  const interfere: Interference = async ({ command }, _request, send) => {
    if (/Get|Query/.test(command)) return send();
    const write = ++writes;
    const dies = write > diesAt || (write === diesAt && when === "before");
    if (dies) return answers.dynamodb(400, "Crashed");
    const answer = await send();
    return write === diesAt ? answers.dynamodb(400, "Crashed") : answer;
  };
  await wire.run(interfere, () => work(client)).result;
  return writes;
}

it("E: resumes an erasure that died at any write, and leaves nothing behind", async () => {
  const { as, parts, stored, now } = await tenant();
  const until = () => new Date(now().getTime() + 10_000);
  const prepare = async () => {
    const id = randomKey();
    return { id, ids: await populate(as(id)) };
  };
  const whole = (await prepare()).id;
  const steps = await dying(Number.POSITIVE_INFINITY, "before", (client) =>
    eraseUser(parts(client), whole, until()),
  );
  expect(steps).toBeGreaterThan(15);
  for (let diesAt = 1; diesAt <= steps; diesAt++) {
    const when = diesAt % 2 === 0 ? "before" : "after";
    const { id, ids } = await prepare();
    const death = dying(diesAt, when, (client) => eraseUser(parts(client), id, until()));
    await expect(death).rejects.toThrow("injected");
    const erasure = await eraseUser(parts(), id, until());
    expect(erasure.completedAt).not.toBeNull();
    expect(await stored(id, ids)).toEqual([]);
  }
}, 120_000);

it("E: carries on step by step when time is short, and in a sweep when nobody looks", async () => {
  const { as, clock, parts, stored, now } = await tenant();
  const id = randomKey();
  const ids = await populate(as(id));
  const begun = await eraseUser(parts(), id, now());
  expect(begun.completedAt).toBeNull();
  expect(await parts().erasures.pending(10)).toEqual([id]);
  const boss = as("boss", { "cognito:groups": "admins" });
  const swept = await boss.post("/admin/sweep", { from: "2026-01-01" });
  expect(swept.body).toMatchObject({ erased: 1, orphans: 0, nextCursor: null });
  expect(await stored(id, ids)).toEqual([]);
  // Late writes are looked for until a search behind their end found none.
  expect(await parts().erasures.pending(10)).toEqual([id]);
  clock.offsetMs += 15 * minute * 1000 + 1;
  expect((await boss.post("/admin/sweep", { from: "2026-01-01" })).body.erased).toBe(0);
  expect(await parts().erasures.pending(10)).toEqual([]);
});

it("E: erases for one unit a message and five a conversation", async () => {
  const { client, as, parts, now } = await tenant();
  const id = randomKey();
  const user = as(id);
  const conversation = await user.conversation();
  for (let index = 0; index < 30; index++) await user.say(conversation, "x");
  const meter = new Meter(client);
  await eraseUser(parts(), id, new Date(now().getTime() + 10_000));
  const { writes } = meter.take();
  // Receipt: put, completed. Header: marked, deleted. Entries of the indexes go with it.
  expect(writes).toEqual({ table: 2 + 2 + 30, "by-recency": 1 + 1, "by-creation": 1 + 1 });
});
