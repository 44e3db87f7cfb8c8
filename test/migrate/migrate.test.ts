import { PutCommand } from "@aws-sdk/lib-dynamodb";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { canonical, keyOf, storable, stored, upsert } from "../../app/sql/rows.ts";
import { createStatements, tables } from "../../app/sql/schema.ts";
import type { Sql, Target } from "../../app/sql/target.ts";
import { documentClient } from "../../app/store/dynamodb/table/client.ts";
import { type Engine, startDynamoDB } from "../../local/dynamodb.ts";
import { type MigrationOptions, migrate } from "../../operations/migrate/migrate.ts";
import type { Progress } from "../../operations/migrate/source.ts";
import { openPglite, openPostgres } from "../../operations/migrate/target.ts";
import { verify } from "../../operations/migrate/verify.ts";
import { Stores } from "../../testing/app/samples.ts";
import { createChatTable, engineConfig } from "../../testing/aws/table.ts";
import { startPostgres } from "../../testing/processes/postgres.ts";

let engine: Engine;
let target: Target;
beforeAll(async () => {
  [engine, target] = await Promise.all([startDynamoDB(), openPglite()]);
});
afterAll(async () => {
  await target.close();
  await engine.stop();
});

const draft = (content: string, role: "user" | "assistant" = "user") => ({
  role,
  content,
  type: "markdown",
  modelId: "a-model",
  isError: false,
  errorMessage: null,
  citations: [{ title: "Guide", url: "https://example.org/a", page: 2, quote: "…" }],
  llmResponseId: "msg_1",
});

const image = { type: "image", mediaType: "image/png", document: "d1" } as const;

/** A tenant with some of everything that is stored. */
async function tenant() {
  const client = documentClient(engineConfig(engine.endpoint));
  const tableName = await createChatTable(engine.endpoint);
  const stores = new Stores({ client, tableName, now: () => new Date() });
  const { conversations, profiles, records, usage, admin } = stores;
  await profiles.put("ada", {
    name: "Ada",
    email: null,
    preferences: { theme: "dark", n: [1, null] },
  });
  for (const user of ["ada", "ben"]) {
    for (const id of ["one", "two", "gone"]) {
      await conversations.create(user, { id, title: `${user}'s ${id} 界`, modelId: null });
      for (const content of ["plain", "Grüße 👋\n\u0000 end", "x".repeat(20_000)]) {
        await conversations.append(user, id, draft(content), {
          key: content.slice(0, 9),
          bodyHash: "h",
        });
      }
      await conversations.appendTurn(user, id, [
        { ...draft("a question"), parts: [{ type: "text", text: "a question" }, image] },
        {
          ...draft("an answer", "assistant"),
          usage: { inputTokens: 3, outputTokens: 4, cacheReadTokens: 2 },
        },
      ]);
      await conversations.rate(user, id, "5", { rating: "up", comment: "good" });
    }
    await conversations.delete(user, "gone");
    await conversations.update(user, "two", { state: "trashed" });
  }
  await records.put("ada", "session", "phone", { value: { a: [1, "\u0000"] }, lifeSeconds: 600 });
  await records.put("ada", "state", "draft", { value: null });
  await records.issue("ada", "hash", { purpose: "link", data: null }, 600);
  await usage.add("ada", { inputTokens: 10, outputTokens: 20 });
  await admin.record({ admin: "eve", action: "read", target: "ada", requestId: null });
  const put = (item: object) =>
    client.send(new PutCommand({ TableName: tableName, Item: { ...item } }));
  await put({
    pk: "USER#ada",
    sk: "DOC#d1",
    name: "a.pdf",
    type: "application/pdf",
    size: 9,
    status: "ready",
    createdAt: "2026-11-20T09:30:00.000Z",
    pages: 3,
  });
  await put({ pk: "USER#ada", sk: "SESSION#old", expiresAt: 1, value: "{}" });
  await put({ pk: "USER#ada", sk: "FOLDER#f1", name: "of a later version" });
  await put({
    pk: "USER#ada#CONV#gone",
    sk: "MSG#0000000001",
    role: "user",
    content: "left behind",
    type: "text",
    timestamp: "2026-11-20T09:30:00.000Z",
  });
  return { stores, source: { client, tableName, now: () => new Date() } };
}

const run = (options: Partial<MigrationOptions> & Pick<MigrationOptions, "source" | "schema">) =>
  migrate({ target, ...options });

/** The target of a process that dies before its n-th transaction is committed. */
function dying(fatal: number): Target {
  let transactions = 0;
  return {
    ...target,
    transaction: (work) => {
      transactions += 1;
      if (transactions > fatal) throw new Error("killed");
      const isFatal = transactions === fatal;
      return target.transaction(async (sql) => {
        const result = await work(sql);
        if (isFatal) throw new Error("killed");
        return result;
      });
    },
  };
}

const query = (sql: string) => target.transaction((run: Sql) => run(sql));

describe("a migration into PostgreSQL", () => {
  it("C: moves a tenant's users, chats and messages, and proves that every row arrived", async () => {
    const { stores, source } = await tenant();
    const result = await run({ source, schema: "all-of-it" });
    expect(result.tables.flatMap(({ different }) => different)).toEqual([]);
    expect(result).toMatchObject({ verified: true, resumed: false });
    const counts = Object.fromEntries(result.tables.map(({ table, target }) => [table, target]));
    expect(counts).toEqual({
      profiles: 1,
      conversations: 4,
      messages: 20,
      documents: 1,
      records: 2,
      usage: 1,
      audit_log: 1,
      other_items: 1,
    });
    expect(result.leftOut).toEqual({
      deleted: 2,
      expired: 1,
      "idempotency records": expect.any(Number),
      "messages of deleted conversations": 1,
      "what serves the running API: the key that signs cursors, notes of the maintenance": 2,
      "one-time tokens": 1,
    });
    for (const { sourceChecksum, targetChecksum } of result.tables) {
      expect(targetChecksum).toBe(sourceChecksum);
    }
    const rows = await query(
      `SELECT content, role, citations, feedback, output_tokens::int FROM "all-of-it".messages
       WHERE user_id = 'ada' AND conversation_id = 'one' ORDER BY sequence`,
    );
    const { items } = await stores.conversations.messages("ada", "one", {
      limit: 50,
      order: "asc",
    });
    expect(rows).toEqual(
      items.map(({ content, role, citations, feedback, usage }) => ({
        content: content.replace("\0", "\uFFFD"),
        role,
        citations,
        feedback,
        output_tokens: usage?.outputTokens ?? null,
      })),
    );
    expect(
      await query(
        `SELECT attributes -> 'parts' -> 1 AS part, (attributes ->> 'cacheReadTokens')::int AS read
         FROM "all-of-it".messages WHERE user_id = 'ada' AND conversation_id = 'one' AND sequence > 3
         ORDER BY sequence`,
      ),
    ).toEqual([
      { part: image, read: null },
      { part: null, read: 2 },
    ]);
    expect(await query(`SELECT user_id FROM "all-of-it".users ORDER BY 1`)).toEqual([
      { user_id: "ada" },
      { user_id: "ben" },
    ]);
  });

  it("C: goes on where it died, at any batch, and ends with the same", async () => {
    const { source } = await tenant();
    const whole = await run({ source, schema: "whole" });
    const copied: number[] = [];
    for (const fatal of [1, 2, 3, 4, 5, 6]) {
      const schema = `dies-${fatal}`;
      await expect(run({ source, schema, target: dying(fatal) })).rejects.toThrow("killed");
      const again: Progress[] = [];
      const onProgress = (progress: Progress) => again.push(progress);
      const resumed = await run({ source, schema, onProgress });
      expect(resumed.tables).toEqual(whole.tables);
      expect(resumed.verified).toBe(true);
      copied.push(again.filter(({ step }) => step === "copying").length);
    }
    // Of four batches; the sixth transaction comes when all are copied, so the next run begins anew.
    expect(copied).toEqual([4, 4, 3, 2, 1, 4]);
  });

  it("C: brings a copy up to date, and deletes what the table no longer has", async () => {
    const { source, stores } = await tenant();
    await run({ source, schema: "again" });
    await stores.conversations.append("ada", "one", draft("new"));
    await stores.conversations.update("ada", "one", { title: "Renamed" });
    expect(await run({ source, schema: "again" })).toMatchObject({ verified: true });
    expect(
      await query(`SELECT title FROM again.conversations WHERE title = 'Renamed'`),
    ).toHaveLength(1);
    await stores.conversations.delete("ada", "one");
    expect(await run({ source, schema: "again" })).toMatchObject({ verified: true });
    expect(await query("SELECT id FROM again.conversations WHERE user_id = 'ada'")).toEqual([
      { id: "two" },
    ]);
  });

  it("names what differs by its key, and never by what it holds", async () => {
    const { source } = await tenant();
    await run({ source, schema: "changed" });
    await query(
      `UPDATE changed.messages SET content = 'tampered' WHERE user_id = 'ben' AND sequence = 2 AND conversation_id = 'one'`,
    );
    await query(
      `DELETE FROM changed.messages WHERE user_id = 'ben' AND sequence = 3 AND conversation_id = 'one'`,
    );
    const result = await verify({
      source,
      target,
      schema: "changed",
      onProgress: () => {},
    });
    expect(result.verified).toBe(false);
    expect(result.tables[2]!.different.toSorted()).toEqual(["ben/one/2", "ben/one/3"]);
    expect(JSON.stringify(result)).not.toMatch(/tampered|plain/);
  });

  it("refuses a schema that holds another table's data", async () => {
    const [first, second] = [await tenant(), await tenant()];
    await run({ source: first.source, schema: "taken" });
    await expect(run({ source: second.source, schema: "taken" })).rejects.toThrow(/--schema/);
  });

  it("reaches a server over PostgreSQL's own protocol", async () => {
    const server = await startPostgres();
    const { source } = await tenant();
    const remote = await openPostgres(server.url);
    const result = await run({ source, schema: "acme", target: remote });
    expect(result).toMatchObject({ verified: true });
    await remote.close();
    const { rows } = await server.database.query("SELECT count(*)::int AS n FROM acme.messages");
    expect(rows).toEqual([{ n: 20 }]);
    await server.stop();
    await expect(openPostgres(server.url)).rejects.toThrow("PostgreSQL cannot be reached");
  });

  it("stores any text and any JSON as PostgreSQL can, and reads the same back", async () => {
    await target.transaction((sql) => sql(createStatements("anything")));
    const { other_items: table } = tables;
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(
          fc.record({
            pk: fc.string({ unit: "binary", maxLength: 20 }),
            sk: fc.string({ unit: "grapheme", maxLength: 20 }),
            item: fc.jsonValue({ noUnicodeString: false }),
          }),
          // As they are stored: two texts may become one.
          {
            selector: ({ pk, sk }) => storable(`${pk}/${sk}`),
            minLength: 20,
            maxLength: 30,
          },
        ),
        async (given) => {
          const rows = given.map((one) =>
            Object.fromEntries(
              Object.entries(one).map(([column, value]) => [column, storable(value)]),
            ),
          );
          const found = await target.transaction(async (sql) => {
            await upsert(sql, "anything", table, rows);
            return stored(sql, "anything", table, rows);
          });
          for (const row of rows) expect(found.get(keyOf(table, row))).toBe(canonical(table, row));
        },
      ),
      { numRuns: 10 },
    );
  });
});
