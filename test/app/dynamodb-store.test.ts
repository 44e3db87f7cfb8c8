import { afterAll, beforeAll } from "vitest";
import { documentClient } from "../../app/store/dynamodb/client.ts";
import { DynamoDBConversationStore } from "../../app/store/dynamodb/conversations.ts";
import { type Engine, startDynamoDB } from "../../local/dynamodb.ts";
import { createChatTable, engineConfig } from "../support/table.ts";
import { describeStates } from "./state-suite.ts";
import { describeConversationStore, type StoreUnderTest } from "./store-suite.ts";
import { describeSync } from "./sync-suite.ts";

let engine: Engine;
beforeAll(async () => {
  engine = await startDynamoDB();
});
afterAll(() => engine.stop());

async function start(): Promise<StoreUnderTest> {
  const tableName = await createChatTable(engine.endpoint);
  let offset = 0;
  const now = () => new Date(Date.now() + offset);
  return {
    openStore: (skewSeconds = 0) =>
      new DynamoDBConversationStore({
        client: documentClient(engineConfig(engine.endpoint)),
        tableName,
        now: () => new Date(now().getTime() + skewSeconds * 1000),
      }),
    advance: (seconds) => {
      offset += seconds * 1000;
    },
  };
}

describeConversationStore("the DynamoDB conversation store", start);
describeStates("the DynamoDB conversation store", start);
describeSync("the DynamoDB conversation store", start);
