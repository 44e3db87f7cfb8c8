import { once } from "node:events";
import { createServer } from "node:http";
import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
} from "@aws-sdk/client-dynamodb-streams";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { LogEntry } from "../../app/lambda/log.ts";
import type { Source } from "../../app/sql/changes.ts";
import { readConnection } from "../../app/sql/secret.ts";
import { applyEvent } from "../../app/sql/stream-event.ts";
import type { Target } from "../../app/sql/target.ts";
import { documentClient } from "../../app/store/dynamodb/table/client.ts";
import { createTableInput } from "../../history/index.ts";
import { type Engine, startDynamoDB } from "../../local/dynamodb.ts";
import { followUntilEqual } from "../../operations/migrate/follow.ts";
import { migrate } from "../../operations/migrate/migrate.ts";
import { tableStream } from "../../operations/migrate/stream.ts";
import { openPglite } from "../../operations/migrate/target.ts";
import { Stores } from "../../testing/app/samples.ts";
import { draft } from "../../testing/app/store.ts";
import { engineConfig } from "../../testing/aws/table.ts";

let engine: Engine;
let target: Target;
beforeAll(async () => {
  [engine, target] = await Promise.all([startDynamoDB(), openPglite()]);
});
afterAll(async () => {
  await target.close();
  await engine.stop();
});

/** A tenant that is copied, whose stream goes to the function as Lambda hands it over. */
async function copied(schema: string) {
  const config = engineConfig(engine.endpoint);
  const streams = new DynamoDBStreamsClient(config);
  const tableName = `chat-${crypto.randomUUID()}`;
  const { TableDescription } = await new DynamoDBClient(config).send(
    new CreateTableCommand({
      ...createTableInput(tableName),
      StreamSpecification: { StreamEnabled: true, StreamViewType: "KEYS_ONLY" },
    }),
  );
  const StreamArn = TableDescription!.LatestStreamArn!;
  const source: Source = { client: documentClient(config), tableName, now: () => new Date() };
  const { StreamDescription } = await streams.send(new DescribeStreamCommand({ StreamArn }));
  const { ShardId } = StreamDescription!.Shards![0]!;
  const begin = { StreamArn, ShardId, ShardIteratorType: "TRIM_HORIZON" } as const;
  let iterator = (await streams.send(new GetShardIteratorCommand(begin))).ShardIterator;
  /** All that is new, as one event. */
  const event = async () => {
    const { Records = [], NextShardIterator } = await streams.send(
      new GetRecordsCommand({ ShardIterator: iterator! }),
    );
    iterator = NextShardIterator;
    return { Records };
  };
  const log: LogEntry[] = [];
  const handle = (given: object, changes: { to?: Target; from?: Source } = {}) =>
    applyEvent(
      {
        tenant: "acme",
        source: changes.from ?? source,
        schema,
        target: async () => changes.to ?? target,
        log: (entry) => log.push(entry),
      },
      given,
    );
  const stores = new Stores(source);
  for (const user of ["ada", "ben"]) {
    await stores.conversations.create(user, { id: "one", title: "One", modelId: null });
    await stores.conversations.append(user, "one", draft("before"));
  }
  const prove = () => {
    const stream = tableStream(streams, StreamArn);
    const signal = new AbortController().signal;
    return followUntilEqual({ source, stream, target, schema, signal });
  };
  const copy = () => migrate({ source, target, schema, streamArn: StreamArn });
  return { source, stores, event, handle, log, prove, copy };
}

const rows = (schema: string) =>
  target.transaction((sql) =>
    sql(`SELECT user_id, sequence::int, content FROM "${schema}".messages ORDER BY 1, 2`),
  );

const nothingFailed = { batchItemFailures: [] };

describe("the function on a table's stream", () => {
  it("C: applies what changed, deletions and erasures included, and the same batch twice as once", async () => {
    const { stores, event, handle, prove, copy, log } = await copied("on");
    await copy();
    const { conversations, erasures } = stores;
    await conversations.append("ada", "one", draft("after"));
    await conversations.editMessage("ada", "one", "1", { content: "edited" });
    const first = await event();
    expect(await handle(first)).toEqual(nothingFailed);
    const written = await rows("on");
    expect(written.map(({ content }) => content)).toEqual(["edited", "after", "before"]);
    const { id } = await erasures.begin("ben");
    await conversations.delete("ben", "one");
    await erasures.eraseRest("ben", new Date(Date.now() + 60_000));
    await erasures.complete("ben", id);
    const second = await event();
    expect(await handle(second)).toEqual(nothingFailed);
    const erased = written.filter(({ user_id }) => user_id === "ada");
    expect(await rows("on")).toEqual(erased);
    for (const again of [first, second, first]) {
      expect(await handle(again)).toEqual(nothingFailed);
    }
    expect(await rows("on")).toEqual(erased);
    expect(await prove()).toMatchObject({ verified: true });
    expect(log).toEqual([]);
  });

  it("C: reports what it cannot apply, by its place in the stream, and holds nothing else up", async () => {
    const { source, stores, event, handle, copy, log } = await copied("poisoned");
    await copy();
    await event();
    for (const content of ["a", "secret words", "c"]) {
      await stores.conversations.append("ada", "one", draft(content));
    }
    const given = await event();
    const sequencesOf = (sk: string) =>
      given.Records.filter(({ dynamodb }) => dynamodb?.Keys?.sk?.S === sk).map(
        ({ dynamodb }) => dynamodb?.SequenceNumber,
      );
    const poison: Target = {
      ...target,
      transaction: (work) =>
        target.transaction((sql) =>
          work(async (text, parameters) => {
            const isPoison = parameters?.some((one) => one.includes("secret words"));
            if (isPoison && text.startsWith("INSERT")) throw new RangeError("secret words");
            return sql(text, parameters);
          }),
        ),
    };
    const answer = await handle(given, { to: poison });
    expect(answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)).toEqual(
      sequencesOf("MSG#0000000003"),
    );
    const contents = async () =>
      (await rows("poisoned"))
        .filter(({ user_id }) => user_id === "ada")
        .map(({ content }) => content);
    expect(await contents()).toEqual(["before", "a", "c"]);
    expect(log.map(({ level, tenant }) => [level, tenant])).toContainEqual(["ERROR", "acme"]);
    expect(JSON.stringify(log)).not.toContain("secret words");
    expect(await handle(given, { from: source })).toEqual(nothingFailed);
    expect(await contents()).toEqual(["before", "a", "secret words", "c"]);
  });

  it("takes nothing before there is a copy, and all of it again where PostgreSQL is out of reach", async () => {
    const { event, handle, copy } = await copied("not-copied");
    const given = await event();
    await expect(handle(given)).rejects.toThrow("run `chatstack migrate` first");
    await copy();
    const away = { ...target, transaction: () => Promise.reject(new Error("ECONNREFUSED")) };
    await expect(handle(given, { to: away })).rejects.toThrow("ECONNREFUSED");
    expect(await handle(given)).toEqual(nothingFailed);
  });
});

describe("the secret that the function signs in with", () => {
  const secretArn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:sql-AbCdEf";
  const credentials = {
    accessKeyId: "AKIDEXAMPLE",
    secretAccessKey: "wJalrXUtnFEMI",
    sessionToken: "session",
  };

  /** Reads from a server that answers as Secrets Manager does. */
  async function read(status: number, body: object) {
    const asked: { headers: Record<string, unknown>; body: string }[] = [];
    const server = createServer(async (request, response) => {
      const chunks = await Array.fromAsync(request);
      asked.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
      response.writeHead(status, { "content-type": "application/x-amz-json-1.1" });
      response.end(JSON.stringify(body));
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    const address = server.address();
    const port = typeof address === "object" ? address?.port : undefined;
    const endpoint = `http://127.0.0.1:${port}`;
    try {
      return { asked, found: await readConnection({ secretArn, endpoint, credentials }) };
    } finally {
      server.close();
    }
  }
  const secret = { host: "db.example.org", username: "chat", password: "hunter2" };

  it("is asked for by its ARN, signed for its region, and read in the form that is rotated", async () => {
    const { asked, found } = await read(200, { SecretString: JSON.stringify(secret) });
    expect(found).toEqual({ ...secret, port: 5432, dbname: "postgres" });
    const [{ headers, body } = { headers: {}, body: "" }] = asked;
    expect(JSON.parse(body)).toEqual({ SecretId: secretArn });
    expect(headers).toMatchObject({
      "x-amz-target": "secretsmanager.GetSecretValue",
      "x-amz-security-token": "session",
    });
    expect(headers.authorization).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eu-west-1\/secretsmanager\/aws4_request, SignedHeaders=\S*host\S*, Signature=[0-9a-f]{64}$/,
    );
  });

  it.each([
    [400, { message: "hunter2" }, "Secrets Manager answers 400"],
    [200, { SecretString: '{"password":"hunter2"' }, "the secret has no good JSON"],
    [200, { SecretString: JSON.stringify({ ...secret, host: "" }) }, "has no good host"],
  ])("is told of by nothing that is in it (%i)", async (status, body, says) => {
    const failed = read(status, body);
    await expect(failed).rejects.toThrow(says);
    await expect(failed).rejects.not.toThrow("hunter2");
  });
});
