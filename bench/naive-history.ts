/**
 * What one writes first: an item a message, a counter in the conversation's header, both in one
 * transaction, and another try when somebody else was faster.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { TransactionCanceledException } from "@aws-sdk/client-dynamodb";
import {
  type DynamoDBDocumentClient,
  GetCommand,
  QueryCommand,
  TransactWriteCommand,
} from "@aws-sdk/lib-dynamodb";

export class NaiveHistory {
  readonly client: DynamoDBDocumentClient;
  readonly #tableName: string;
  readonly #id: string;

  constructor(client: DynamoDBDocumentClient, tableName: string, id: string) {
    this.client = client;
    this.#tableName = tableName;
    this.#id = id;
  }

  async append(role: string, content: string): Promise<void> {
    for (let attempt = 0; ; attempt++) {
      const count = await this.#count();
      try {
        await this.#save(count, { role, content, timestamp: new Date().toISOString() });
        return;
      } catch (error) {
        if (!(error instanceof TransactionCanceledException)) throw error;
        // Full jitter (AWS Architecture Blog, "Exponential Backoff And Jitter").
        await sleep(Math.random() * Math.min(1_000, 10 * 2 ** attempt));
      }
    }
  }

  async newest(limit: number): Promise<string[]> {
    const { Items = [] } = await this.client.send(
      new QueryCommand({
        TableName: this.#tableName,
        KeyConditionExpression: "pk = :id AND begins_with(sk, :messages)",
        ExpressionAttributeValues: { ":id": this.#id, ":messages": "MSG#" },
        ScanIndexForward: false,
        Limit: limit,
      }),
    );
    return Items.map(({ content }) => String(content)).reverse();
  }

  async #count(): Promise<number> {
    const { Item } = await this.client.send(
      new GetCommand({ TableName: this.#tableName, Key: this.#header(), ConsistentRead: true }),
    );
    return Number(Item?.messageCount ?? 0);
  }

  async #save(count: number, message: Record<string, string>): Promise<void> {
    const sk = `MSG#${String(count + 1).padStart(10, "0")}`;
    await this.client.send(
      new TransactWriteCommand({
        TransactItems: [
          {
            Update: {
              TableName: this.#tableName,
              Key: this.#header(),
              UpdateExpression: "SET messageCount = :next, updatedAt = :now",
              ConditionExpression: "attribute_not_exists(messageCount) OR messageCount = :count",
              ExpressionAttributeValues: {
                ":next": count + 1,
                ":count": count,
                ":now": message.timestamp,
              },
            },
          },
          { Put: { TableName: this.#tableName, Item: { pk: this.#id, sk, ...message } } },
        ],
      }),
    );
  }

  #header() {
    return { pk: this.#id, sk: "HEADER" };
  }
}
