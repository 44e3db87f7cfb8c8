import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBStreamsClient } from "@aws-sdk/client-dynamodb-streams";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createStatements, finishStatements, tables } from "../../app/sql/schema.ts";
import type { Target } from "../../app/sql/target.ts";
import { documentClient } from "../../app/store/dynamodb/table/client.ts";
import { createTableInput } from "../../history/index.ts";
import { type Engine, startDynamoDB } from "../../local/dynamodb.ts";
import { type FollowProgress, follow, followUntilEqual } from "../../operations/migrate/follow.ts";
import { migrate } from "../../operations/migrate/migrate.ts";
import type { Progress } from "../../operations/migrate/source.ts";
import { type Stream, tableStream } from "../../operations/migrate/stream.ts";
import { openPglite } from "../../operations/migrate/target.ts";
import { Stores } from "../../testing/app/samples.ts";
import { draft } from "../../testing/app/store.ts";
import * as answers from "../../testing/aws/aws-answers.ts";
import { createChatTable, engineConfig } from "../../testing/aws/table.ts";
import { type Interference, Wire } from "../../testing/aws/wire.ts";

let engine: Engine;
let target: Target;
beforeAll(async () => {
  [engine, target] = await Promise.all([startDynamoDB(), openPglite()]);
});
afterAll(async () => {
  await target.close();
  await engine.stop();
});

it("a migration whose source fails at any request goes on from there, and ends with the same", async () => {
  const wire = new Wire();
  const client = wire.attach(documentClient(engineConfig(engine.endpoint)));
  const source = {
    client,
    tableName: await createChatTable(engine.endpoint),
    now: () => new Date(),
  };
  const { conversations } = new Stores(source);
  for (const id of ["one", "two"]) {
    await conversations.create("ada", { id, title: id, modelId: null });
    for (const content of ["a", "b", "c"]) await conversations.append("ada", id, draft(content));
  }
  const run = (schema: string) => migrate({ source, target, schema });
  const undisturbed: Interference = (_call, _request, send) => send();
  const { result, calls } = wire.run(undisturbed, () => run("whole"));
  const whole = await result;
  expect(calls.length).toBeGreaterThan(3);
  for (const last of calls.keys()) {
    let requests = 0;
    const failing: Interference = (_call, _request, send) =>
      requests++ < last ? send() : answers.broken("ECONNRESET");
    const schema = `fails-${last}`;
    await expect(wire.run(failing, () => run(schema)).result).rejects.toThrow("busy");
    const { verified, tables } = await run(schema);
    expect({ verified, tables }).toEqual({ verified: true, tables: whole.tables });
  }
});

/** Table, stream and database of a process that dies at a call: nothing of it is heard of from there on. */
class Mortal {
  calls = 0;
  readonly #last: number;
  readonly #isCarriedOut: boolean;

  constructor(last: number, isCarriedOut: boolean) {
    this.#last = last;
    this.#isCarriedOut = isCarriedOut;
  }

  async call<T>(carryOut: () => Promise<T>): Promise<T> {
    const nth = this.calls++;
    if (nth > this.#last || (nth === this.#last && !this.#isCarriedOut)) throw new Error("died");
    const answer = await carryOut();
    if (nth === this.#last) throw new Error("died");
    return answer;
  }

  readonly interfere: Interference = (_call, _request, send) => this.call(send);

  stream({ arn, shards, iterator, read }: Stream): Stream {
    return {
      arn,
      shards: () => this.call(() => shards()),
      iterator: (...of) => this.call(() => iterator(...of)),
      read: (...of) => this.call(() => read(...of)),
    };
  }

  target({ transaction, close }: Target): Target {
    return { transaction: (work) => this.call(() => transaction(work)), close };
  }
}

it("a follower that dies at any call is resumed: nothing is lost, and nothing is there twice", async () => {
  const config = engineConfig(engine.endpoint);
  const admin = new DynamoDBClient(config);
  const tableName = `followed-${crypto.randomUUID()}`;
  const { TableDescription } = await admin.send(
    new CreateTableCommand({
      ...createTableInput(tableName),
      StreamSpecification: { StreamEnabled: true, StreamViewType: "KEYS_ONLY" },
    }),
  );
  const wire = new Wire();
  const client = wire.attach(documentClient(config));
  const source = { client, tableName, now: () => new Date() };
  const stream = tableStream(new DynamoDBStreamsClient(config), TableDescription!.LatestStreamArn!);
  const { conversations, erasures } = new Stores(source);
  for (const user of ["ada", "ben"]) {
    await conversations.create(user, { id: "one", title: "One", modelId: null });
    for (const content of ["a", "b"]) await conversations.append(user, "one", draft(content));
  }
  await migrate({ source, target, schema: "before", streamArn: stream.arn });

  await conversations.append("ada", "one", draft("c"));
  await conversations.editMessage("ada", "one", "1", { content: "edited" });
  await conversations.deleteMessage("ada", "one", "2");
  await conversations.create("ada", { id: "two", title: "Two", modelId: null });
  await conversations.append("ada", "two", draft("of another"));
  const { id } = await erasures.begin("ben");
  await conversations.delete("ben", "one");
  await erasures.eraseRest("ben", new Date(Date.now() + 60_000));
  await erasures.complete("ben", id);

  /** The copy as it was before the changes. */
  const copyOf = async (schema: string) => {
    const names = Object.values(tables).map(({ name }) => name);
    const all = [...names, ...["progress", "stream", "shards"].map((of) => `migration_${of}`)];
    const filled = all.map((of) => `INSERT INTO "${schema}".${of} SELECT * FROM before.${of};`);
    await target.transaction(async (sql) => {
      await sql([createStatements(schema), ...filled, finishStatements(schema)].join("\n"));
    });
  };
  const followed = async (schema: string, mortal: Mortal) => {
    const ending = new AbortController();
    const options = {
      source,
      stream: mortal.stream(stream),
      target: mortal.target(target),
      schema,
      signal: ending.signal,
      idleMilliseconds: 1,
      onProgress: (progress: FollowProgress | Progress) => {
        const isDone = progress.step === "following" && progress.lagSeconds === 0;
        if (isDone && progress.changes > 0) ending.abort();
      },
    };
    await wire.run(mortal.interfere, () => follow(options)).result;
  };
  const undisturbed = new Mortal(Number.POSITIVE_INFINITY, false);
  await copyOf("undisturbed");
  await followed("undisturbed", undisturbed);
  expect(undisturbed.calls).toBeGreaterThan(8);
  const signal = new AbortController().signal;
  for (let last = 0; last < undisturbed.calls; last++) {
    for (const isCarriedOut of [false, true]) {
      const schema = `dies-${isCarriedOut ? "behind" : "at"}-${last}`;
      await copyOf(schema);
      await expect(followed(schema, new Mortal(last, isCarriedOut))).rejects.toThrow("died");
      const { verified, tables } = await followUntilEqual({
        source,
        stream,
        target,
        schema,
        signal,
      });
      const rows = Object.fromEntries(tables.map(({ table, target: there }) => [table, there]));
      expect([schema, verified, rows.conversations, rows.messages]).toEqual([schema, true, 2, 3]);
      await target.transaction((sql) => sql(`DROP SCHEMA "${schema}" CASCADE`));
    }
  }
});
