/** One conversation in each of the stores that are compared, all on the same embedded engine. */
import { randomUUID } from "node:crypto";
import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { lazyObjectStore } from "../app/objects/lazy.ts";
import { DynamoDBConversationStore } from "../app/store/dynamodb/conversations/conversations.ts";
import { documentClient } from "../app/store/dynamodb/table/client.ts";
import { draft } from "../testing/app/samples.ts";
import { createChatTable, engineConfig } from "../testing/aws/table.ts";
import { NaiveHistory } from "./naive-history.ts";
import { importPeer } from "./peers.ts";

export interface History {
  /** What its requests go through, to be metered. */
  readonly client: Pick<DynamoDBDocumentClient, "middlewareStack">;
  append(role: "user" | "assistant", text: string): Promise<void>;
  /** The newest messages, the oldest of them first. */
  newest(limit: number): Promise<readonly string[]>;
}

/** A conversation that exists and is empty; each `open` is another process's way to it. */
export interface Conversation {
  open(): Promise<History>;
}

export type Contender = "chatstack" | "LangChain" | "agent-squad" | "naive transaction";

/** @param endpoint of the embedded engine. */
export function conversationIn(contender: Contender, endpoint: string): Promise<Conversation> {
  switch (contender) {
    case "chatstack":
      return ours(endpoint);
    case "naive transaction":
      return naive(endpoint);
    case "LangChain":
      return peer("langChain", endpoint, ["id"]);
    case "agent-squad":
      return peer("agentSquad", endpoint, ["PK", "SK"]);
  }
}

async function ours(endpoint: string): Promise<Conversation> {
  const tableName = await createChatTable(endpoint);
  const openStore = () => {
    const client = documentClient(engineConfig(endpoint));
    const now = () => new Date();
    const objects = lazyObjectStore(async () => {
      throw new Error("nothing here is large enough for the bucket");
    });
    return { client, store: new DynamoDBConversationStore({ client, tableName, now, objects }) };
  };
  const [user, id] = ["alice", "conversation"];
  await openStore().store.create(user, { id, title: "Benchmark", modelId: null });
  return {
    async open() {
      const { client, store } = openStore();
      return {
        client,
        append: async (role, content) => {
          await store.append(user, id, { ...draft(role), content });
        },
        newest: async (limit) => {
          const { items } = await store.messages(user, id, { limit, order: "desc" });
          return items.map(({ content }) => content).reverse();
        },
      };
    },
  };
}

async function naive(endpoint: string): Promise<Conversation> {
  const tableName = await createTable(endpoint, ["pk", "sk"]);
  return {
    open: async () =>
      new NaiveHistory(documentClient(engineConfig(endpoint)), tableName, "conversation"),
  };
}

interface Peer {
  readonly client: History["client"];
  append(role: string, text: string): Promise<unknown>;
  /** All there are: neither library reads less. */
  texts(): Promise<string[]>;
}

async function peer(
  name: "langChain" | "agentSquad",
  endpoint: string,
  keys: readonly string[],
): Promise<Conversation> {
  const tableName = await createTable(endpoint, keys);
  const config = engineConfig(endpoint);
  // One of the two takes no client and no endpoint.
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_DYNAMODB: endpoint,
    AWS_ACCESS_KEY_ID: config.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: config.credentials.secretAccessKey,
  });
  const libraries =
    await importPeer<Record<typeof name, (options: object) => Peer>>("histories.mjs");
  return {
    async open() {
      const { client, append, texts } = libraries[name]({ config, tableName, id: "conversation" });
      return {
        client,
        append: async (role, text) => {
          await append(role, text);
        },
        newest: async (limit) => (await texts()).slice(-limit),
      };
    },
  };
}

async function createTable(endpoint: string, keys: readonly string[]): Promise<string> {
  const client = new DynamoDBClient(engineConfig(endpoint));
  const TableName = `history-${randomUUID()}`;
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: keys.map((AttributeName) => ({ AttributeName, AttributeType: "S" })),
      KeySchema: keys.map((AttributeName, index) => ({
        AttributeName,
        KeyType: index === 0 ? "HASH" : "RANGE",
      })),
    }),
  );
  client.destroy();
  return TableName;
}
