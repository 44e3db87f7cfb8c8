import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import type { Page, PageRequest } from "../conversation-store.ts";
import type { Message } from "../message.ts";
import type {
  ImportedHeader,
  ImportedMessage,
  TransferStore,
  WalkedConversation,
} from "../transfer-store.ts";
import { identifierPosition, readPosition } from "../versions/position.ts";
import { markerOf } from "../versions/unreadable.ts";
import { readHeader } from "./conversations/listing.ts";
import { eraseConversations } from "./erasing/erase.ts";
import { importConversation, importMessages } from "./import.ts";
import { clearedThrough, headerItem, isPastTrash, toConversation } from "./table/header.ts";
import { conversationOf, headerKey, headerPrefix, userPartition } from "./table/keys.ts";
import type { TableAccess } from "./table/table-access.ts";

export class DynamoDBTransferStore implements TransferStore {
  readonly #table: TableAccess;

  constructor(table: TableAccess) {
    this.#table = table;
  }

  /** Half a unit for four headers of 1 KB. */
  async walk(user: string, { limit, after }: PageRequest): Promise<Page<WalkedConversation>> {
    const { Items = [], LastEvaluatedKey } = await this.#table.client.send(
      new QueryCommand({
        TableName: this.#table.tableName,
        KeyConditionExpression: "#pk = :partition AND begins_with(#sk, :prefix)",
        FilterExpression: "#state <> :deleting AND #state <> :deleted",
        ExpressionAttributeNames: { "#pk": "pk", "#sk": "sk", "#state": "state" },
        ExpressionAttributeValues: {
          ":partition": userPartition(user),
          ":prefix": headerPrefix,
          ":deleting": "deleting",
          ":deleted": "deleted",
        },
        Limit: limit,
        ExclusiveStartKey:
          after === undefined
            ? undefined
            : headerKey(user, readPosition(identifierPosition, after)),
      }),
    );
    const now = this.#table.now();
    const walked = Items.map((item) => readHeader(this.#table, item, toWalked));
    const items = walked
      .flatMap(({ header }) => header ?? [])
      .filter(({ purgeAt }) => purgeAt === null || !isPastTrash({ purgeAt }, now));
    const unreadable = walked.filter(({ header }) => header === undefined).map(({ id }) => id);
    if (LastEvaluatedKey === undefined) return { items, ...markerOf(unreadable) };
    const { pk, sk } = LastEvaluatedKey;
    return {
      items,
      ...markerOf(unreadable),
      next: conversationOf({ pk: String(pk), sk: String(sk) }),
    };
  }

  importConversation(user: string, header: ImportedHeader): Promise<"created" | "exists"> {
    return importConversation(this.#table, user, header);
  }

  importMessages(
    user: string,
    id: string,
    messages: readonly Message[],
  ): Promise<readonly ImportedMessage[]> {
    return importMessages(this.#table, user, id, messages);
  }

  erase(user: string, until: Date): Promise<boolean> {
    return eraseConversations(this.#table, user, until);
  }
}

function toWalked(item: unknown): WalkedConversation {
  const cleared = clearedThrough(headerItem.parse(item));
  return { ...toConversation(item), ...(cleared > 0 && { firstSequence: cleared + 1 }) };
}
