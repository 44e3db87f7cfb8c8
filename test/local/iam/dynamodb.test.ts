import { DynamoDBClient, PutItemCommand, QueryCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, expect, test } from "vitest";
import { recencyIndex } from "../../../app/resources/table.ts";
import { startDynamoDB } from "../../../local/dynamodb.ts";
import type { Engine } from "../../../local/engine.ts";
import { startFront } from "../../../local/iam/front.ts";
import { statementsOf } from "../../../policies/reading/policy-document.ts";
import { createChatTable, engineConfig } from "../../../testing/aws/table.ts";

const arn = "arn:aws:dynamodb:us-east-1:1:table/chat";
const key = { arn: "arn:aws:kms:us-east-1:1:key/k", service: "dynamodb.us-east-1.amazonaws.com" };
let engine: Engine;
let tableName: string;

beforeAll(async () => {
  engine = await startDynamoDB();
  tableName = await createChatTable(engine.endpoint);
});
afterAll(() => engine.stop());

/** What a function with these statements gets for a write and for a read by an index. */
async function outcomes(...statements: readonly object[]): Promise<string[]> {
  const document = JSON.stringify({
    Version: "2012-10-17",
    Statement: statements.map((one) => ({ Effect: "Allow", ...one })),
  });
  const front = await startFront({
    upstream: engine.endpoint,
    role: { name: "acme", statements: statementsOf(document) },
    tables: new Map([[tableName, { arn, partitionKey: "pk", key }]]),
  });
  const client = new DynamoDBClient(engineConfig(front.endpoint));
  const put = new PutItemCommand({
    TableName: tableName,
    Item: { pk: { S: "USER#ada" }, sk: { S: "1" } },
  });
  const query = new QueryCommand({
    TableName: tableName,
    IndexName: recencyIndex.name,
    KeyConditionExpression: `${recencyIndex.partitionKey} = :pk`,
    ExpressionAttributeValues: { ":pk": { S: "x" } },
  });
  try {
    const outcome = (sent: Promise<unknown>) =>
      sent.then(
        () => "done",
        (error: unknown) => /perform: (\S+)/.exec(String(error))?.[1] ?? String(error),
      );
    return [await outcome(client.send(put)), await outcome(client.send(query))];
  } finally {
    client.destroy();
    await front.stop();
  }
}

test("a call needs its action on its table or index, and the use of the table's key through DynamoDB", async () => {
  const put = { Action: "dynamodb:PutItem", Resource: arn };
  const query = { Action: "dynamodb:Query", Resource: `${arn}/index/*` };
  const decrypt = (service: string) => ({
    ...{ Action: "kms:Decrypt", Resource: key.arn },
    Condition: { StringEquals: { "kms:ViaService": service } },
  });
  expect(await outcomes(put, query, decrypt(key.service))).toEqual(["done", "done"]);
  expect(await outcomes(put, decrypt(key.service))).toEqual(["done", "dynamodb:Query"]);
  expect(await outcomes(put, query)).toEqual(["kms:Decrypt", "kms:Decrypt"]);
  expect(await outcomes(put, query, decrypt("s3.us-east-1.amazonaws.com"))).toEqual([
    "kms:Decrypt",
    "kms:Decrypt",
  ]);
});
