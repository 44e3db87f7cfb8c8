import type { Page, PageRequest } from "../conversation-store.ts";
import type { DeletedMessage, Message } from "../message.ts";
import type {
  ImportedHeader,
  ImportedMessage,
  TransferStore,
  WalkedConversation,
} from "../transfer-store.ts";
import { identifierPosition, readPosition } from "../versions/position.ts";
import { markerOf } from "../versions/unreadable.ts";
import { inFull } from "./conversations/details.ts";
import { readHeader } from "./conversations/listing.ts";
import { eraseConversations } from "./erasing/erase.ts";
import { importConversation, importMessages } from "./import.ts";
import {
  clearedThrough,
  type Header,
  headerItem,
  isPastTrash,
  toConversation,
} from "./table/header.ts";
import { conversationOf, headerKey, headerPrefix, keyItem, userPartition } from "./table/keys.ts";
import { beginsWith, query } from "./table/query.ts";
import type { TableAccess } from "./table/table-access.ts";

export class DynamoDBTransferStore implements TransferStore {
  readonly #table: TableAccess;

  constructor(table: TableAccess) {
    this.#table = table;
  }

  /** Half a unit for four headers of 1 KB. */
  async walk(user: string, { limit, after }: PageRequest): Promise<Page<WalkedConversation>> {
    const headersOfUser = beginsWith(userPartition(user), headerPrefix);
    const { items: found, last } = await query(this.#table, {
      ...headersOfUser,
      filter: "#state <> :deleting AND #state <> :deleted",
      values: { ...headersOfUser.values, ":deleting": "deleting", ":deleted": "deleted" },
      limit,
      after:
        after === undefined ? undefined : headerKey(user, readPosition(identifierPosition, after)),
    });
    const now = this.#table.now();
    const walked = found.map((item) => readHeader(this.#table, item, readKnown));
    const headers = walked
      .flatMap(({ header }) => header ?? [])
      .filter(({ purgeAt }) => !isPastTrash({ purgeAt }, now));
    const items = await Promise.all(
      headers.map(async (header) => {
        const cleared = clearedThrough(header);
        const conversation = await inFull(this.#table, user, header);
        return { ...conversation, ...(cleared > 0 && { firstSequence: cleared + 1 }) };
      }),
    );
    const unreadable = walked.filter(({ header }) => header === undefined).map(({ id }) => id);
    const next = last && conversationOf(keyItem.parse(last));
    return { items, ...markerOf(unreadable), ...(next !== undefined && { next }) };
  }

  importConversation(user: string, header: ImportedHeader): Promise<"created" | "exists"> {
    return importConversation(this.#table, user, header);
  }

  importMessages(
    user: string,
    id: string,
    messages: readonly (Message | DeletedMessage)[],
  ): Promise<readonly ImportedMessage[]> {
    return importMessages(this.#table, user, id, messages);
  }

  erase(user: string, until: Date): Promise<boolean> {
    return eraseConversations(this.#table, user, until);
  }
}

/** What cannot be shown cannot be read. */
function readKnown(item: unknown): Header {
  toConversation(item);
  return headerItem.parse(item);
}
