import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CreateTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startCognito } from "../../local/cognito/server.ts";
import { hasJdk, startDynamoDB } from "../../local/dynamodb.ts";
import { startS3 } from "../../local/s3.ts";

const item = { pk: { S: "USER#1" }, sk: { S: "PROFILE" }, name: { S: "Ada" } };
const key = { pk: item.pk, sk: item.sk };

function connect(endpoint: string): DynamoDBClient {
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  return new DynamoDBClient({ endpoint, region: "us-east-1", credentials, maxAttempts: 1 });
}

async function createTable(client: DynamoDBClient): Promise<void> {
  await client.send(
    new CreateTableCommand({
      TableName: "chat",
      BillingMode: "PAY_PER_REQUEST",
      KeySchema: [
        { AttributeName: "pk", KeyType: "HASH" },
        { AttributeName: "sk", KeyType: "RANGE" },
      ],
      AttributeDefinitions: [
        { AttributeName: "pk", AttributeType: "S" },
        { AttributeName: "sk", AttributeType: "S" },
      ],
    }),
  );
}

describe("the embedded DynamoDB", () => {
  let dataDir: string;
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), "chatstack-dynamodb-"));
  });
  afterAll(() => rm(dataDir, { recursive: true }));

  it("answers on 127.0.0.1 and is gone after stop", async () => {
    const engine = await startDynamoDB();
    expect(engine.endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect((await fetch(engine.endpoint)).ok).toBe(true);
    await engine.stop();
    await expect(fetch(engine.endpoint)).rejects.toThrow();
  });

  it("forgets everything without a data folder", async () => {
    const first = await startDynamoDB();
    await createTable(connect(first.endpoint));
    await first.stop();
    const second = await startDynamoDB();
    await createTable(connect(second.endpoint));
    await second.stop();
  });

  it("finds its items again in the data folder", async () => {
    const first = await startDynamoDB({ dataDir });
    const client = connect(first.endpoint);
    await createTable(client);
    await client.send(new PutItemCommand({ TableName: "chat", Item: item }));
    await first.stop();

    const second = await startDynamoDB({ dataDir });
    const get = new GetItemCommand({ TableName: "chat", Key: key, ConsistentRead: true });
    expect((await connect(second.endpoint).send(get)).Item).toEqual(item);
    await second.stop();
  });

  it("names the cause when the engine cannot start", async () => {
    await expect(startDynamoDB({ dataDir: "/dev/null/data" })).rejects.toThrow(/ENOTDIR/);
  });
});

async function keepsAnItem(endpoint: string): Promise<void> {
  const client = connect(endpoint);
  await createTable(client);
  await client.send(new PutItemCommand({ TableName: "chat", Item: item }));
  const { Item } = await client.send(new GetItemCommand({ TableName: "chat", Key: key }));
  expect(Item).toEqual(item);
}

/** On Linux all of 127.0.0.0/8 is this machine: who listens on every interface answers there. */
describe.runIf(process.platform === "linux")("the engines listen on 127.0.0.1 alone", () => {
  const engines = {
    "the native DynamoDB": () => startDynamoDB({ engine: "native" }),
    S3: () => startS3(),
    Cognito: () => startCognito(),
    ...(hasJdk() && { "DynamoDB Local": () => startDynamoDB({ engine: "java" }) }),
  };
  it.each(Object.entries(engines))(
    "%s",
    async (name, start) => {
      const engine = await start();
      try {
        expect((await fetch(engine.endpoint)).status).toBeLessThan(500);
        if (name.includes("DynamoDB")) await keepsAnItem(engine.endpoint);
        const elsewhere = engine.endpoint.replace("127.0.0.1", "127.0.0.2");
        await expect(fetch(elsewhere)).rejects.toThrow(
          expect.objectContaining({ cause: expect.objectContaining({ code: "ECONNREFUSED" }) }),
        );
      } finally {
        await engine.stop();
      }
    },
    60_000,
  );
});
