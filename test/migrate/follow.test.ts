import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBStreamsClient } from "@aws-sdk/client-dynamodb-streams";
import { DeleteCommand } from "@aws-sdk/lib-dynamodb";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { S3ObjectStore, s3Client } from "../../app/objects/s3.ts";
import { apply } from "../../app/sql/apply.ts";
import type { Ref, Source } from "../../app/sql/changes.ts";
import { createStatements, finishStatements } from "../../app/sql/schema.ts";
import type { Target } from "../../app/sql/target.ts";
import { documentClient } from "../../app/store/dynamodb/table/client.ts";
import { headerKey, messageKey, recordKey } from "../../app/store/dynamodb/table/keys.ts";
import { S3ConversationStore } from "../../app/store/s3/conversations.ts";
import { StoreError } from "../../app/store/store-error.ts";
import { createTableInput } from "../../history/index.ts";
import { type Engine, startDynamoDB } from "../../local/dynamodb.ts";
import { startS3 } from "../../local/s3.ts";
import { follow, followUntilEqual } from "../../operations/migrate/follow.ts";
import { migrate } from "../../operations/migrate/migrate.ts";
import { type Stream, TrimmedRecords, tableStream } from "../../operations/migrate/stream.ts";
import { openPglite, openPostgres } from "../../operations/migrate/target.ts";
import { verify } from "../../operations/migrate/verify.ts";
import { Stores } from "../../testing/app/samples.ts";
import { draft } from "../../testing/app/store.ts";
import { createBucket, s3Config } from "../../testing/aws/bucket.ts";
import { engineConfig } from "../../testing/aws/table.ts";
import {
  installedPostgres,
  startInstalledPostgres,
} from "../../testing/processes/installed-postgres.ts";

let engine: Engine;
let target: Target;
beforeAll(async () => {
  [engine, target] = await Promise.all([startDynamoDB(), openPglite()]);
});
afterAll(async () => {
  await target.close();
  await engine.stop();
});

interface Tenant {
  readonly stores: Stores;
  readonly source: Source;
  readonly stream: Stream;
}

/** A table with a stream, and how to read it. */
async function tenant(): Promise<Tenant> {
  const config = engineConfig(engine.endpoint);
  const [client, streams] = [new DynamoDBClient(config), new DynamoDBStreamsClient(config)];
  const tableName = `chat-${crypto.randomUUID()}`;
  const { TableDescription } = await client.send(
    new CreateTableCommand({
      ...createTableInput(tableName),
      StreamSpecification: { StreamEnabled: true, StreamViewType: "KEYS_ONLY" },
    }),
  );
  const source = { client: documentClient(config), tableName, now: () => new Date() };
  const stream = tableStream(streams, TableDescription!.LatestStreamArn!);
  return { stores: new Stores(source), source, stream };
}

const schemaOf = async (schema: string) => {
  await target.transaction(async (sql) => {
    await sql(createStatements(schema));
    await sql(finishStatements(schema));
  });
  return schema;
};

const rows = (schema: string, table = "messages") =>
  target.transaction((sql) => sql(`SELECT * FROM "${schema}".${table} ORDER BY 1, 2, 3`));

const isEqual = async (source: Source, schema: string) => {
  const { tables, verified } = await verify({ source, target, schema, onProgress: () => {} });
  return { different: tables.flatMap(({ different }) => different), verified };
};

const users = ["ada", "ben"] as const;
const ids = ["one", "two"] as const;
/** What a user does, as far as rows show it; erasures seldom, as nothing may be written after one. */
const step = fc.record({
  does: fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom("append", "turn") },
    { weight: 4, arbitrary: fc.constantFrom("edit", "deleteMessage", "rate", "record", "expire") },
    { weight: 4, arbitrary: fc.constantFrom("settings", "trash", "restore", "clear", "delete") },
    { weight: 1, arbitrary: fc.constantFrom("create", "profile", "erase") },
  ),
  id: fc.constantFrom(...ids),
});

const anyTime = () => new Date(Date.now() + 60_000);

async function perform(
  { stores, source: { client, tableName } }: Pick<Tenant, "stores" | "source">,
  does: string,
  user: string,
  id: string,
): Promise<void> {
  const { conversations, profiles, records, usage, erasures } = stores;
  switch (does) {
    case "create":
      await conversations.create(user, { id, title: id, modelId: null, tags: ["new"] });
      return;
    case "append":
      await conversations.append(user, id, draft("one more"));
      return;
    case "turn":
      await conversations.appendTurn(user, id, [draft("why"), draft("because")]);
      await usage.add(user, { inputTokens: 1, outputTokens: 1 });
      return;
    case "edit":
      await conversations.editMessage(user, id, "1", { content: "edited" });
      return;
    case "deleteMessage":
      await conversations.deleteMessage(user, id, "2");
      return;
    case "rate":
      await conversations.rate(user, id, "1", { rating: "up", comment: null });
      return;
    case "settings":
      await conversations.update(user, id, { title: "Renamed", tags: ["a"], metadata: { a: "b" } });
      return;
    case "trash":
      await conversations.update(user, id, { state: "trashed" });
      return;
    case "restore":
      await conversations.update(user, id, { state: "active" });
      return;
    case "clear":
      await conversations.clear(user, id);
      return;
    case "delete":
      await conversations.delete(user, id);
      return;
    case "record":
      await records.put(user, "session", id, { value: { id }, lifeSeconds: 600 });
      return;
    case "expire":
      // As DynamoDB does it when the time has come.
      await client.send(
        new DeleteCommand({ TableName: tableName, Key: recordKey(user, "session", id) }),
      );
      return;
    case "profile":
      await profiles.put(user, { name: id, email: null, preferences: {} });
      return;
    case "erase": {
      const { id: erasure } = await erasures.begin(user);
      for (const one of ids) await unrefused(conversations.delete(user, one));
      await erasures.eraseRest(user, anyTime());
      await erasures.complete(user, erasure);
    }
  }
}

/** Users ask for what cannot be, too. */
async function unrefused(work: Promise<unknown>): Promise<void> {
  await work.catch((error: unknown) => {
    if (!(error instanceof StoreError)) throw error;
  });
}

describe("rows that follow a table", () => {
  it("C: end as a new copy would be, whatever happened, and however often and in whatever order it is told", async () => {
    const { stores, source, stream } = await tenant();
    const schema = await schemaOf("any-order");
    const [shard] = await stream.shards();
    let iterator = await stream.iterator(shard!.id, undefined);
    const told: Ref[] = [];
    let runs = 0;
    const tell = async () => {
      const { records, next } = await stream.read(iterator);
      iterator = next ?? iterator;
      const refs = records.map(({ key }) => ({ item: key }));
      told.push(...refs);
      return refs;
    };
    const applying = (refs: readonly Ref[]) =>
      target.transaction((sql) => apply(sql, schema, source, refs));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ step, seed: fc.nat() }), { minLength: 1, maxLength: 20 }),
        async (steps) => {
          let pending: Ref[] = [];
          // Who was erased may not write for a while: each run has its own.
          const user = `user-${++runs}`;
          for (const id of ids) {
            for (const does of ["create", "turn", "record"]) {
              await perform({ stores, source }, does, user, id);
            }
          }
          for (const { step, seed } of steps) {
            await unrefused(perform({ stores, source }, step.does, user, step.id));
            pending = shuffled([...pending, ...(await tell())], seed);
            const many = seed % (pending.length + 1);
            // Some now, some later, and some of what was told long ago again.
            if (seed % 3 > 0)
              await applying([...pending.splice(0, many), ...told.slice(0, seed % 4)]);
          }
          while (pending.length > 0) await applying(pending.splice(0, 5));
          expect(await isEqual(source, schema)).toEqual({ different: [], verified: true });
        },
      ),
      { numRuns: 8 },
    );
    expect((await rows(schema)).length).toBeGreaterThan(0);
  });
});

function shuffled<T>(all: readonly T[], seed: number): T[] {
  return all
    .map((one, index) => ({ one, place: Math.sin(seed + index) }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ one }) => one);
}

/** Follows until there is nothing more to apply, `until` so many changes are. */
async function followed(tenant: Tenant, schema: string, changes: number): Promise<number> {
  const ending = new AbortController();
  let applied = 0;
  await follow({
    ...tenant,
    target,
    schema,
    signal: ending.signal,
    idleMilliseconds: 1,
    onProgress: (progress) => {
      if (progress.step !== "following") return;
      applied = progress.changes;
      if (applied >= changes && progress.lagSeconds === 0) ending.abort();
    },
  });
  return applied;
}

const copied = (one: Tenant, schema: string) =>
  migrate({ source: one.source, target, schema, streamArn: one.stream.arn });

describe("a copy that is followed", () => {
  it("C: has what was written since the copy began, goes on where it ended, and drops who was erased", async () => {
    const one = await tenant();
    const { conversations } = one.stores;
    for (const user of users) {
      await conversations.create(user, { id: "one", title: "One", modelId: null });
      await conversations.append(user, "one", draft("before"));
    }
    expect(await copied(one, "on")).toMatchObject({ verified: true });
    await conversations.append("ada", "one", draft("after"));
    await conversations.create("ada", { id: "two", title: "Two", modelId: null });
    await conversations.append("ada", "two", draft("in a new one"));
    // What the copy had is in the stream too: once too often does no harm.
    await followed(one, "on", 6);
    expect((await rows("on")).map(({ content }) => content)).toEqual([
      "before",
      "after",
      "in a new one",
      "before",
    ]);
    await perform(one, "erase", "ada", "one");
    const again = await followed(one, "on", 1);
    expect(again).toBeLessThan(20);
    for (const table of ["messages", "conversations"]) {
      expect((await rows("on", table)).map(({ user_id }) => user_id)).toEqual(["ben"]);
    }
  });

  it("C: is proved equal while users write, and what differs is named by its key", async () => {
    const one = await tenant();
    const { conversations, records } = one.stores;
    for (const id of ids) await conversations.create("ada", { id, title: id, modelId: null });
    await copied(one, "proved");
    const writing = new AbortController();
    const users = (async () => {
      for (let n = 0; !writing.signal.aborted; n++) {
        await conversations.create("ada", { id: `new-${n}`, title: "New", modelId: null });
        await conversations.append("ada", `new-${n}`, draft("meanwhile"));
      }
    })();
    const prove = () =>
      followUntilEqual({ ...one, target, schema: "proved", signal: writing.signal });
    expect(await prove()).toMatchObject({ verified: true });
    writing.abort();
    await users;
    const proof = await prove();
    expect(proof).toMatchObject({ verified: true });
    const { length } = await rows("proved");
    expect(length).toBeGreaterThan(0);
    expect(proof.tables[2]).toMatchObject({ table: "messages", source: length, target: length });

    // Expired, and not removed yet: no stream tells.
    await records.put("ada", "session", "old", { value: 1, lifeSeconds: 600 });
    await followed(one, "proved", 1);
    expect(await rows("proved", "records")).toHaveLength(1);
    const later = { ...one.source, now: () => new Date(Date.now() + 3_600_000) };
    const { verified } = await followUntilEqual({
      ...one,
      source: later,
      target,
      schema: "proved",
      signal: writing.signal,
    });
    expect([verified, await rows("proved", "records")]).toEqual([true, []]);

    await target.transaction((sql) =>
      sql("UPDATE proved.conversations SET title = 'x' WHERE id = 'two'"),
    );
    const differing = await prove();
    expect([differing.verified, differing.tables[1]?.different]).toEqual([false, ["ada/two"]]);
  });

  it("reads shards after those that they were split off, and each of them once", async () => {
    const one = await tenant();
    const { conversations } = one.stores;
    await copied(one, "split");
    await conversations.create("ada", { id: "one", title: "One", modelId: null });
    const read: string[] = [];
    const at = new Date();
    const pages: Record<string, readonly string[][]> = {
      left: [["CONV#one"], []],
      parent: [["PROFILE"], ["CONV#one"]],
      right: [[]],
    };
    const split = (open: readonly string[]): Stream => ({
      arn: one.stream.arn,
      shards: async () =>
        ["left", "parent", "right"].map((id) => ({
          id,
          ...(id !== "parent" && { parent: "parent" }),
        })),
      iterator: async (shard, after) => `${shard} ${after === undefined ? 0 : Number(after) + 1}`,
      read: async (iterator) => {
        const [shard = "", page = ""] = iterator.split(" ");
        read.push(iterator);
        const records = (pages[shard]?.[Number(page)] ?? []).map((sk) => ({
          key: { pk: "USER#ada", sk },
          sequence: page,
          at,
        }));
        const isLast = Number(page) + 1 >= (pages[shard]?.length ?? 0);
        if (isLast && !open.includes(shard)) return { records };
        return { records, next: `${shard} ${Number(page) + (isLast ? 0 : 1)}` };
      },
    });
    const prove = (stream: Stream) =>
      followUntilEqual({
        ...one,
        stream,
        target,
        schema: "split",
        signal: new AbortController().signal,
      });
    expect(await prove(split(["left"]))).toMatchObject({ verified: true });
    expect(read.slice(0, 2)).toEqual(["parent 0", "parent 1"]);
    expect(read.filter((name) => /parent|right/.test(name))).toEqual([
      "parent 0",
      "parent 1",
      "right 0",
    ]);
    read.length = 0;
    await prove(split([]));
    expect(new Set(read.map((name) => name.split(" ")[0]))).toEqual(new Set(["left"]));
  });

  interface Obstacle {
    readonly says: string;
    readonly isCopiedWithout?: true;
    readonly hours?: number;
    readonly change?: Partial<Stream>;
  }

  it.each<Obstacle>([
    { says: "was copied without a stream", isCopiedWithout: true },
    { says: "is no longer in the table's stream", hours: 25 },
    {
      says: "is no longer in the table's stream",
      change: { read: () => Promise.reject(new TrimmedRecords()) },
    },
    {
      says: "has another stream",
      change: { arn: "arn:aws:dynamodb:us-east-1:1:table/t/stream/2" },
    },
  ])("does not go on where it $says", async ({ says, isCopiedWithout, hours = 0, change }) => {
    const one = await tenant();
    const schema = `refused-${crypto.randomUUID()}`;
    const streamArn = isCopiedWithout ? undefined : one.stream.arn;
    await migrate({ ...one, target, schema, streamArn });
    const now = () => new Date(Date.now() + hours * 60 * 60 * 1000);
    const stream = { ...one.stream, ...change };
    const signal = new AbortController().signal;
    const attempt = follow({ stream, source: { ...one.source, now }, target, schema, signal });
    await expect(attempt).rejects.toThrow(says);
    await expect(attempt).rejects.toThrow("copy it anew");
  });
});

describe("conversations in the bucket", () => {
  it("C: are copied and followed, and of what did not change nothing is read again", async () => {
    const one = await tenant();
    const s3 = await startS3({ accessKey: { accessKeyId: "local", secretAccessKey: "local" } });
    const objects = new S3ObjectStore({
      client: s3Client(s3Config(s3.endpoint)),
      bucketName: await createBucket(s3.endpoint),
      now: () => new Date(),
    });
    const gets = vi.spyOn(objects, "get");
    const source = { ...one.source, history: objects };
    const conversations = new S3ConversationStore(objects, () => new Date());
    for (const user of users) {
      for (const id of ids) {
        await conversations.create(user, { id, title: id, modelId: null, tags: ["a"] });
        for (const content of ["a", "b", "c"]) await conversations.append(user, id, draft(content));
      }
    }
    await objects.put("history/ada/later.json", '{"state":"of a later version"}', {
      contentType: "application/json",
      when: "always",
    });
    const streamArn = one.stream.arn;
    const copy = await migrate({ source, target, schema: "bucket", streamArn });
    expect(copy).toMatchObject({ verified: true });
    expect(
      Object.fromEntries(copy.tables.map(({ table, target }) => [table, target])),
    ).toMatchObject({
      conversations: 4,
      messages: 12,
      other_items: 1,
    });

    await conversations.deleteMessage("ada", "one", "2");
    await conversations.editMessage("ada", "one", "3", { content: "edited" });
    await conversations.delete("ben", "one");
    await objects.delete(["history/ben/two.json"]);
    await one.stores.profiles.put("ada", { name: "Ada", email: null, preferences: {} });
    gets.mockClear();
    await followed({ ...one, source }, "bucket", 4);
    expect(gets.mock.calls.flat().toSorted()).toEqual([
      "history/ada/one.json",
      "history/ben/one.json",
      "history/ben/two.json",
    ]);
    const texts = (await rows("bucket")).map(
      (row) => `${row.user_id} ${row.conversation_id} ${row.content}`,
    );
    expect(texts).toEqual(["ada one a", "ada one edited", "ada two a", "ada two b", "ada two c"]);
    const signal = new AbortController().signal;
    expect(
      await followUntilEqual({ ...one, source, target, schema: "bucket", signal }),
    ).toMatchObject({
      verified: true,
    });
    await s3.stop();
  });
});

const where =
  installedPostgres === undefined ? " (skipped: no postgres and initdb on the PATH)" : "";

describe.skipIf(installedPostgres === undefined)(`a PostgreSQL server${where}`, () => {
  it("C: is copied to, proved equal, and told the same by two at once", async () => {
    const server = await startInstalledPostgres();
    const [first, second] = [await openPostgres(server.url), await openPostgres(server.url)];
    const one = await tenant();
    const { conversations } = one.stores;
    for (const id of ids) await conversations.create("ada", { id, title: id, modelId: null });
    const options = { source: one.source, schema: "acme", streamArn: one.stream.arn };
    expect(await migrate({ ...options, target: first })).toMatchObject({ verified: true });
    for (let n = 1; n <= 10; n++) {
      await conversations.append("ada", "one", draft(`message ${n}`));
      const refs = [headerKey("ada", "one"), messageKey("ada", "one", n)].map((item) => ({ item }));
      await Promise.all(
        [first, second].map((to, index) =>
          to.transaction((sql) =>
            apply(sql, "acme", one.source, index === 0 ? refs : refs.toReversed()),
          ),
        ),
      );
    }
    const signal = new AbortController().signal;
    const proof = await followUntilEqual({ ...one, target: second, schema: "acme", signal });
    expect(proof).toMatchObject({ verified: true });
    expect(proof.tables[2]).toMatchObject({ table: "messages", source: 10, target: 10 });
    await Promise.all([first.close(), second.close()]);
    await server.stop();
  });
});
