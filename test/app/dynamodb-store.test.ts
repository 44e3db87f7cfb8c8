import { afterAll, beforeAll } from "vitest";
import { documentClient } from "../../app/store/dynamodb/client.ts";
import { DynamoDBConversationStore } from "../../app/store/dynamodb/conversations.ts";
import { type Engine, startDynamoDB } from "../../local/dynamodb.ts";
import { createChatTable, engineConfig } from "../support/table.ts";
import { describeConversationStore } from "./store-suite.ts";

let engine: Engine;
beforeAll(async () => {
  engine = await startDynamoDB();
});
afterAll(() => engine.stop());

describeConversationStore("the DynamoDB conversation store", async () => {
  const tableName = await createChatTable(engine.endpoint);
  let offset = 0;
  const now = () => new Date(Date.now() + offset);
  return {
    openStore: () =>
      new DynamoDBConversationStore({
        client: documentClient(engineConfig(engine.endpoint)),
        tableName,
        now,
      }),
    advance: (seconds) => {
      offset += seconds * 1000;
    },
  };
});
