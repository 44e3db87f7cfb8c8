import { randomUUID } from "node:crypto";
import { BatchWriteCommand } from "@aws-sdk/lib-dynamodb";
import { describe, expect, it } from "vitest";
import { DynamoDBConversationStore } from "../../../app/store/dynamodb/conversations/conversations.ts";
import { newHeader } from "../../../app/store/dynamodb/conversations/creation.ts";
import { DynamoDBMaintenanceStore } from "../../../app/store/dynamodb/maintenance/maintenance.ts";
import { documentClient } from "../../../app/store/dynamodb/table/client.ts";
import { recencyKeys } from "../../../app/store/dynamodb/table/keys.ts";
import { orderOf, timeOf } from "../../../app/store/dynamodb/table/order.ts";
import { TestApi } from "../../../testing/app/api.ts";
import { draft } from "../../../testing/app/store.ts";
import { Meter } from "../../../testing/aws/meter.ts";
import { createChatTable, engineConfig } from "../../../testing/aws/table.ts";

const api = TestApi.forThisFile();
const many = 1_000;
const unitsAPage = 3;

async function prepare() {
  const client = documentClient(engineConfig(api.engine.endpoint));
  const meter = new Meter(client);
  const tableName = await createChatTable(api.engine.endpoint);
  let time = Date.parse("2026-11-20T12:00:00.000Z");
  const tick = () => {
    time += 10;
    return new Date(time);
  };
  const table = { client, tableName, now: tick };
  const user = randomUUID();
  const store = new DynamoDBConversationStore(table);
  const create = async () => {
    const id = randomUUID();
    await store.create(user, { id, title: "A conversation", modelId: "a-model" });
    return id;
  };
  /** Headers as they stand after as many requests; `old` as versions before the two halves wrote them. */
  const fill = async (state: string, count: number, old = false) => {
    const requests = Array.from({ length: count }, () => {
      const now = table.now().toISOString();
      const header = newHeader(user, { id: randomUUID(), title: "Away", modelId: null }, now);
      const keys = recencyKeys(user, now, old ? "active" : state);
      // Of what was deleted, a tombstone.
      if (state === "deleted") {
        const { pk, sk } = header;
        const Item = { pk, sk, ...keys, state, version: 2, takenUntil: 2e9, expiresAt: 2e9 };
        return { PutRequest: { Item } };
      }
      const trashed = state === "trashed" ? { purgeAt: "2027-11-20T12:00:00.000Z" } : {};
      return { PutRequest: { Item: { ...header, ...keys, ...trashed, state } } };
    });
    for (let from = 0; from < count; from += 25) {
      const RequestItems = { [tableName]: requests.slice(from, from + 25) };
      await client.send(new BatchWriteCommand({ RequestItems }));
    }
  };
  const walk = async (state?: "active" | "archived" | "trashed", limit = 20) => {
    const pages = [];
    let after: string | undefined;
    do {
      meter.take();
      const { items, next } = await store.list(user, { limit, after, ...(state && { state }) });
      const { requests, reads } = meter.take();
      const units = Object.values(reads).reduce((sum, each) => sum + each, 0);
      pages.push({ ids: items.map(({ id }) => id), units, requests: requests.length });
      after = next;
    } while (after !== undefined);
    return pages;
  };
  return { table, user, store, meter, create, fill, walk };
}

describe.each(["archived", "trashed", "deleted"])("three active among many %s", (state) => {
  it("are one page of one request", async () => {
    const { create, fill, walk } = await prepare();
    const first = await create();
    await fill(state, many / 2);
    const second = await create();
    await fill(state, many / 2);
    const third = await create();
    await fill(state, 50);
    const [page, ...others] = await walk();
    expect(page).toMatchObject({ ids: [third, second, first], requests: 1 });
    expect(page!.units).toBeLessThanOrEqual(unitsAPage);
    expect(others).toEqual([]);
  });
});

it("lists what is archived in pages that are bounded, whatever else is away", async () => {
  const { table, store, user, create, fill, walk } = await prepare();
  await new DynamoDBMaintenanceStore(table).search(new Date("2999-01-01"));
  const [one, two] = [await create(), await create()];
  await store.update(user, one, { state: "archived" });
  await fill("deleted", 300);
  await store.update(user, two, { state: "archived" });
  const pages = await walk("archived");
  expect(pages.flatMap(({ ids }) => ids)).toEqual([two, one]);
  for (const { units, requests } of pages) {
    expect(units).toBeLessThanOrEqual(unitsAPage);
    // One of them asks whether each entry stands in its half.
    expect(requests).toBeLessThanOrEqual(3);
  }
});

it("lists three archived among many active in one page, once the search has been everywhere", async () => {
  const { table, store, user, create, fill, walk } = await prepare();
  const ids = [await create(), await create(), await create()];
  await fill("active", many);
  for (const id of ids) await store.update(user, id, { state: "archived" });
  expect((await walk("archived")).length).toBeGreaterThan(1);
  await new DynamoDBMaintenanceStore(table).search(new Date("2999-01-01"));
  expect(await walk("archived")).toMatchObject([{ ids: ids.toReversed(), requests: 2 }]);
});

describe("what versions before the two halves left", () => {
  it("is listed, synced, changed and moved by the search of the maintenance", async () => {
    const { table, store, user, create, fill, walk, meter } = await prepare();
    const first = await create();
    await fill("archived", 130, true);
    await fill("trashed", 30, true);
    await fill("deleted", 30, true);
    const second = await create();
    const all = async () => ({
      active: (await walk()).flatMap(({ ids }) => ids),
      archived: (await walk("archived")).flatMap(({ ids }) => ids),
      trashed: (await walk("trashed")).flatMap(({ ids }) => ids),
    });
    const before = await all();
    expect(before.active).toEqual([second, first]);
    expect([new Set(before.archived).size, before.archived.length]).toEqual([130, 130]);
    expect(before.trashed).toHaveLength(30);
    for (const { units } of await walk()) expect(units).toBeLessThanOrEqual(2 * unitsAPage);

    const [renamed = ""] = before.archived;
    await store.update(user, renamed, { title: "Renamed" });
    expect((await walk("archived")).flatMap(({ ids }) => ids)[0]).toBe(renamed);

    const maintenance = new DynamoDBMaintenanceStore(table);
    await maintenance.search(new Date("2999-01-01"));
    expect(await all()).toEqual(before);
    expect(await walk()).toMatchObject([{ ids: [second, first], requests: 1 }]);
    meter.take();
    const { items, deleted } = await store.changes(user, { limit: 500 });
    expect([items.length, deleted.length]).toEqual([162, 30]);
  });
});

it("tells a sync of every change of state with one query", async () => {
  const { store, user, meter, create } = await prepare();
  const ids: string[] = [];
  for (let index = 0; index < 12; index++) ids.push(await create());
  let { next } = await store.changes(user, { limit: 100 });
  for (const [index, change] of [
    () => store.update(user, ids[0]!, { state: "archived" }),
    () => store.update(user, ids[0]!, { title: "Renamed in the archive" }),
    () => store.update(user, ids[1]!, { state: "trashed" }),
    () => store.delete(user, ids[2]!),
    () => store.update(user, ids[0]!, { state: "active" }),
    () => store.append(user, ids[3]!, { ...draft("x"), role: "assistant" }),
  ].entries()) {
    await change();
    meter.take();
    const synced = await store.changes(user, { limit: 3, after: next });
    const told = [...synced.items.map(({ id }) => id), ...synced.deleted];
    expect([index, told]).toEqual([index, [ids[[0, 0, 1, 2, 0, 3][index]!]]]);
    expect(meter.take().requests.filter((request) => request === "Query")).toHaveLength(1);
    next = synced.next;
  }
});

it.each([
  "active",
  "archived",
] as const)("misses no %s conversation that moves to the front during a walk", async (state) => {
  const { store, user, create } = await prepare();
  const ids: string[] = [];
  for (let index = 0; index < 10; index++) {
    const id = await create();
    ids.push(id);
    if (state === "archived") await store.update(user, id, { state });
  }
  const seen: string[] = [];
  let after: string | undefined;
  let round = 0;
  do {
    const page = await store.list(user, { limit: 3, after, state });
    seen.push(...page.items.map(({ id }) => id));
    // The oldest two move to the front while the second page is not read yet.
    if (round++ === 0)
      for (const id of ids.slice(0, 2)) await store.update(user, id, { title: "New" });
    after = page.next;
  } while (after !== undefined);
  expect(new Set(seen)).toEqual(new Set(ids));
  expect(seen).toHaveLength(ids.length);
});

it("orders both halves by time, the newest in the middle", () => {
  const times = [
    "2026-01-01T00:00:00.000Z",
    "2026-11-20T12:00:00.000Z",
    "2027-01-01T09:59:59.999Z",
  ];
  const active = times.map((time) => orderOf("active", time));
  const away = times.map((time) => orderOf("trashed", time)).toReversed();
  expect([...active, ...away].toSorted()).toEqual([...active, ...away]);
  expect([...active, ...away].map(timeOf)).toEqual([...times, ...times.toReversed()]);
});
