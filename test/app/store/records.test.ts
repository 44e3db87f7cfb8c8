import { randomUUID } from "node:crypto";
import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import fc from "fast-check";
import { expect, it } from "vitest";
import { DynamoDBRecordStore } from "../../../app/store/dynamodb/records.ts";
import { documentClient } from "../../../app/store/dynamodb/table/client.ts";
import { randomKey, TestApi } from "../../../testing/app/api.ts";
import { Meter } from "../../../testing/aws/meter.ts";
import { createChatTable, engineConfig } from "../../../testing/aws/table.ts";

const api = TestApi.forThisFile();
const minute = 60;

it("D: keeps a session until it expires, whether or not it was cleaned up", async () => {
  const user = api.as(randomKey());
  const body = { data: { device: "phone" }, lifeSeconds: 10 * minute };
  const put = await user.put("/me/sessions/phone", body);
  expect(put.status).toBe(200);
  expect(put.body).toMatchObject({ id: "phone", data: body.data, version: 1 });
  expect((await user.get("/me/sessions/phone")).body).toEqual(put.body);
  api.advance(9 * minute);
  const kept = await user.put("/me/sessions/phone", body);
  expect(kept.body).toMatchObject({ version: 2, createdAt: put.body.createdAt });
  api.advance(9 * minute);
  expect((await user.get("/me/sessions")).body.items).toHaveLength(1);
  api.advance(minute);
  expect((await user.get("/me/sessions/phone")).status).toBe(404);
  expect((await user.get("/me/sessions")).body.items).toEqual([]);
  expect((await user.delete("/me/sessions/phone")).status).toBe(404);
  const anew = await user.put("/me/sessions/phone", body);
  expect(anew.body.version).toBe(1);
  expect(anew.body.createdAt > put.body.createdAt).toBe(true);
});

it("D: ends a session, and never shows it to another user", async () => {
  const [alice, mallory] = [api.as(randomKey()), api.as(randomKey())];
  await alice.put("/me/sessions/one", {});
  await alice.put("/me/sessions/two", {});
  expect((await mallory.get("/me/sessions/one")).status).toBe(404);
  expect((await mallory.delete("/me/sessions/one")).status).toBe(404);
  expect(await alice.all("/me/sessions?limit=1")).toHaveLength(2);
  expect((await alice.delete("/me/sessions/one", { "if-match": '"7"' })).status).toBe(412);
  expect((await alice.delete("/me/sessions/one", { "if-match": '"1"' })).status).toBe(204);
  expect((await alice.all("/me/sessions")).map(({ id }) => id)).toEqual(["two"]);
});

it("E: keeps application state, guarded by its version", async () => {
  const user = api.as(randomKey());
  const path = "/me/state/sidebar";
  expect((await user.get(path)).status).toBe(404);
  const created = await user.put(path, { value: { open: true } }, { "if-match": '"0"' });
  expect([created.status, created.headers.get("etag")]).toEqual([200, '"1"']);
  expect(created.body).toMatchObject({ key: "sidebar", expiresAt: null });
  expect((await user.put(path, { value: 1 }, { "if-match": '"0"' })).status).toBe(412);
  expect((await user.put(path, { value: 2 }, { "if-match": '"1"' })).body.version).toBe(2);
  expect((await user.put(path, { value: 3 }, { "if-match": '"1"' })).status).toBe(412);
  expect((await user.put(path, { value: null })).body).toMatchObject({ value: null, version: 3 });
  expect((await user.delete(path)).status).toBe(204);
  expect((await user.put(path, { value: 1 }, { "if-match": '"3"' })).status).toBe(412);
});

it("E: gives back any JSON as it was sent", async () => {
  const user = api.as(randomKey());
  await fc.assert(
    fc.asyncProperty(fc.jsonValue({ noUnicodeString: false }), async (value) => {
      const text = JSON.stringify(value);
      // Refused, as the document says.
      fc.pre(!text.includes('"__proto__"'));
      const sent: unknown = JSON.parse(text);
      expect((await user.put("/me/state/any", { value: sent })).status).toBe(200);
      expect((await user.get("/me/state/any")).body.value).toEqual(sent);
    }),
    { numRuns: 50 },
  );
});

it("E: refuses state that is too large, and names that would forge a key", async () => {
  const user = api.as(randomKey());
  const fits = "x".repeat(64 * 1024 - 2);
  expect((await user.put("/me/state/big", { value: fits })).status).toBe(200);
  for (const [path, body] of [
    ["/me/state/big", { value: `${fits}x` }],
    ["/me/state/big", {}],
    ["/me/state/a%23b", { value: 1 }],
    ["/me/sessions/%23", {}],
    ["/me/sessions/x", { lifeSeconds: 0 }],
    ["/me/sessions/x", { data: "x".repeat(9_000) }],
  ] as const) {
    expect([path, (await user.put(path, body)).status]).toEqual([path, 400]);
  }
});

it("D: lets one of many redeem a token, once, and only for its purpose and its user", async () => {
  const [alice, mallory] = [api.as(randomKey()), api.as(randomKey())];
  const issued = await alice.post("/me/tokens", { purpose: "link-device", data: { device: 7 } });
  expect([issued.status, issued.headers.get("cache-control")]).toEqual([201, "no-store"]);
  const { token } = issued.body;
  expect(token).toMatch(/^[\w-]{43}$/);
  const redeem = (client: typeof alice, purpose = "link-device", value = token) =>
    client.post("/me/tokens/redeem", { token: value, purpose });
  expect((await redeem(mallory)).status).toBe(404);
  expect((await redeem(alice, "log-in")).status).toBe(404);
  expect((await redeem(alice, "link-device", `${token.slice(1)}A`)).status).toBe(404);
  const answers = await Promise.all(Array.from({ length: 20 }, () => redeem(alice)));
  expect(answers.map(({ status }) => status).toSorted()).toEqual([200, ...Array(19).fill(404)]);
  const [winner] = answers.filter(({ status }) => status === 200);
  expect(winner?.body).toEqual({ purpose: "link-device", data: { device: 7 } });
});

it("D: refuses a token that has expired, whether or not it was cleaned up", async () => {
  const user = api.as(randomKey());
  const { body } = await user.post("/me/tokens", { purpose: "x", lifeSeconds: 60 });
  api.advance(60);
  const late = await user.post("/me/tokens/redeem", { token: body.token, purpose: "x" });
  expect(late.status).toBe(404);
});

it("D: stores no token, and reads and writes one unit for each", async () => {
  const client = documentClient(engineConfig(api.engine.endpoint));
  const tableName = await createChatTable(api.engine.endpoint);
  const meter = new Meter(client);
  const now = () => new Date();
  const records = new DynamoDBRecordStore({ client, tableName, now });
  const user = randomUUID();
  const writes = { table: 1 };
  await records.issue(user, "a-hash", { purpose: "x", data: {} }, 60);
  expect(meter.take()).toEqual({ requests: ["PutItem"], writes, reads: {} });
  await records.redeem(user, "a-hash", "x");
  expect(meter.take()).toEqual({ requests: ["DeleteItem"], writes, reads: {} });
  await records.put(user, "state", "one", { value: 1 });
  // Creating takes the refusal of a change first: the rarer case pays.
  expect(meter.take().requests).toEqual(["UpdateItem", "PutItem"]);
  await records.put(user, "state", "one", { value: 2 });
  expect(meter.take()).toEqual({ requests: ["UpdateItem"], writes, reads: {} });
  await records.get(user, "state", "one");
  expect(meter.take()).toEqual({ requests: ["GetItem"], writes: {}, reads: { table: 1 } });
  const { Items = [] } = await client.send(
    new QueryCommand({
      TableName: tableName,
      KeyConditionExpression: "pk = :pk",
      ExpressionAttributeValues: { ":pk": `USER#${user}` },
    }),
  );
  expect(Items.map(({ sk }) => sk)).toEqual(["STATE#one"]);
});
