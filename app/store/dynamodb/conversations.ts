import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { PutCommand, QueryCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import { recencyIndex } from "../../table.ts";
import type {
  Appended,
  Conversation,
  ConversationChanges,
  ConversationDraft,
  ConversationStore,
  Created,
  Guard,
  Message,
  MessageDraft,
  Once,
  OpenConversation,
  Order,
  Page,
  PageRequest,
} from "../conversation-store.ts";
import { StoreError } from "../store-error.ts";
import type { ConversationContext, FeedbackDraft, SavedTurn, TurnReplacement } from "../turn.ts";
import { append } from "./append.ts";
import { Queue, untilWon } from "./contention.ts";
import { rate } from "./feedback.ts";
import { guardCondition, refusedBy } from "./guard.ts";
import { HeaderMemory } from "./header-memory.ts";
import { firstResult, putRecord } from "./idempotency.ts";
import { messageOf, toConversation, toMessage } from "./items.ts";
import {
  creationKeys,
  headerKey,
  lastSequence,
  messageKey,
  recencyKeys,
  recencyPartition,
  userPartition,
} from "./keys.ts";
import { queryMessages, withoutEmptyPage } from "./messages.ts";
import { purge } from "./purge.ts";
import { epochSeconds, getItem, readActiveHeader, type TableAccess } from "./table-access.ts";
import { transact } from "./transaction.ts";
import { Turns } from "./turns.ts";
import { namesIn, updateExpression } from "./update.ts";

/** What an idempotency record keeps of a creation. */
const creationResult = z.object({ id: z.string(), createdAt: z.string() });

/** One tenant's conversations in one table. What each access may cost: `docs/data-model.md`. */
export class DynamoDBConversationStore implements ConversationStore {
  readonly #table: TableAccess;
  readonly #memory: HeaderMemory;
  readonly #queue = new Queue();
  readonly #turns: Turns;

  constructor(table: TableAccess) {
    this.#table = table;
    this.#memory = new HeaderMemory(table.now);
    this.#turns = new Turns(table, this.#memory, this.#queue);
  }

  async create(user: string, draft: ConversationDraft, once?: Once): Promise<Created> {
    const createdAt = this.#table.now().toISOString();
    const put = this.#putHeader(user, draft, createdAt);
    const created = { conversation: newConversation(draft, createdAt), replayed: false };
    if (once === undefined) {
      try {
        await this.#table.client.send(new PutCommand(put));
        return created;
      } catch (error) {
        throw error instanceof ConditionalCheckFailedException ? new StoreError("id-taken") : error;
      }
    }
    return untilWon(async () => {
      const result = { id: draft.id, createdAt };
      const refusals = await transact(this.#table, [
        { Put: put },
        putRecord(this.#table, userPartition(user), once, result),
      ]);
      if (refusals === undefined) return created;
      const record = refusals[1]?.item;
      if (record === undefined) throw new StoreError("id-taken");
      const first = creationResult.parse(firstResult(record, once));
      const conversation = newConversation({ ...draft, id: first.id }, first.createdAt);
      return { conversation, replayed: true };
    });
  }

  async get(user: string, id: string): Promise<Conversation> {
    return toConversation(await readActiveHeader(this.#table, user, id));
  }

  async open(user: string, id: string, newest: number): Promise<OpenConversation> {
    const order = "desc";
    const [header, messages] = await Promise.all([
      readActiveHeader(this.#table, user, id),
      queryMessages(this.#table, user, id, { limit: newest, order }),
    ]);
    const page = withoutEmptyPage(messages, order, header.sequence);
    return {
      conversation: toConversation(header),
      messages: page.items.toReversed(),
      ...(page.next === undefined ? {} : { older: page.next }),
    };
  }

  async list(user: string, { limit, after }: PageRequest): Promise<Page<Conversation>> {
    const { Items = [] } = await this.#table.client.send(
      new QueryCommand({
        TableName: this.#table.tableName,
        IndexName: recencyIndex.name,
        KeyConditionExpression: "#partition = :partition",
        ExpressionAttributeNames: { "#partition": recencyIndex.partitionKey },
        ExpressionAttributeValues: { ":partition": recencyPartition(user, "active") },
        ScanIndexForward: false,
        // One more than asked for tells the last page from a full one.
        Limit: limit + 1,
        ExclusiveStartKey: after === undefined ? undefined : startKey(user, after),
      }),
    );
    const items = Items.slice(0, limit).map(toConversation);
    const last = items.at(-1);
    return Items.length > limit && last !== undefined
      ? { items, next: `${last.updatedAt}/${last.id}` }
      : { items };
  }

  async update(
    user: string,
    id: string,
    changes: ConversationChanges,
    guard?: Guard,
  ): Promise<Conversation> {
    const { condition, values } = guardCondition(guard);
    return untilWon(async () => {
      try {
        const { Attributes } = await this.#table.client.send(
          new UpdateCommand({
            TableName: this.#table.tableName,
            Key: headerKey(user, id),
            ...updateExpression({ set: changes, add: { version: 1 }, condition, values }),
            ReturnValues: "ALL_NEW",
            ReturnValuesOnConditionCheckFailure: "ALL_OLD",
          }),
        );
        return toConversation(Attributes);
      } catch (error) {
        throw refusedBy(error);
      }
    });
  }

  async delete(user: string, id: string, guard?: Guard): Promise<void> {
    await purge(this.#table, user, id, guard);
  }

  async append(user: string, id: string, draft: MessageDraft, once?: Once): Promise<Appended> {
    const drafts = [draft];
    const arrival = { user, id, drafts, once };
    const written = await append(this.#table, this.#memory, this.#queue, arrival);
    if ("earlier" in written) {
      const { sequence, timestamp } = written.earlier;
      return { message: messageOf(draft, sequence, timestamp), replayed: true };
    }
    const [message] = written.messages;
    if (message === undefined) throw new Error("nothing was appended");
    return { message, replayed: false };
  }

  context(user: string, id: string, newest: number): Promise<ConversationContext> {
    return this.#turns.context(user, id, newest);
  }

  appendTurn(
    user: string,
    id: string,
    messages: readonly MessageDraft[],
    once?: Once,
  ): Promise<SavedTurn> {
    return this.#turns.append(user, id, messages, once);
  }

  replaceTurn(user: string, id: string, turn: TurnReplacement, once?: Once): Promise<SavedTurn> {
    return this.#turns.replace(user, id, turn, once);
  }

  findTurn(user: string, id: string, once: Once): Promise<SavedTurn | undefined> {
    return this.#turns.find(user, id, once);
  }

  async rate(
    user: string,
    id: string,
    messageId: string,
    feedback: FeedbackDraft | null,
  ): Promise<Message> {
    const sequence = sequenceOfId(messageId);
    await readActiveHeader(this.#table, user, id);
    return rate(this.#table, user, id, sequence, feedback);
  }

  async messages(
    user: string,
    id: string,
    page: PageRequest & { readonly order: Order },
  ): Promise<Page<Message>> {
    const [header, messages] = await Promise.all([
      readActiveHeader(this.#table, user, id),
      queryMessages(this.#table, user, id, page),
    ]);
    return withoutEmptyPage(messages, page.order, header.sequence);
  }

  async message(user: string, id: string, messageId: string): Promise<Message> {
    const sequence = sequenceOfId(messageId);
    const [, item] = await Promise.all([
      readActiveHeader(this.#table, user, id),
      getItem(this.#table, messageKey(user, id, sequence), "eventual"),
    ]);
    if (item === undefined) throw new StoreError("not-found");
    return toMessage(item);
  }

  #putHeader(user: string, draft: ConversationDraft, createdAt: string) {
    const ConditionExpression =
      "attribute_not_exists(#pk) OR (#state = :deleted AND #expiresAt <= :now)";
    return {
      TableName: this.#table.tableName,
      Item: {
        ...headerKey(user, draft.id),
        ...recencyKeys(user, "active", createdAt),
        ...creationKeys(draft.id, createdAt),
        title: draft.title,
        modelId: draft.modelId ?? undefined,
        state: "active",
        messageCount: 0,
        sequence: 0,
        version: 1,
      },
      ConditionExpression,
      ExpressionAttributeNames: namesIn(ConditionExpression),
      ExpressionAttributeValues: {
        ":deleted": "deleted",
        ":now": epochSeconds(this.#table.now()),
      },
    };
  }
}

function newConversation(draft: ConversationDraft, createdAt: string): Conversation {
  return {
    id: draft.id,
    title: draft.title,
    modelId: draft.modelId,
    createdAt,
    updatedAt: createdAt,
    messageCount: 0,
    lastMessage: null,
    version: 1,
  };
}

function sequenceOfId(messageId: string): number {
  const sequence = /^[1-9][0-9]*$/.test(messageId) ? Number(messageId) : 0;
  if (sequence < 1 || sequence > lastSequence) throw new StoreError("not-found");
  return sequence;
}

/** The index position behind `after`: of the sort keys only, the partitions are the user's. */
function startKey(user: string, after: string) {
  const [updatedAt = "", id = ""] = after.split("/");
  return { ...headerKey(user, id), ...recencyKeys(user, "active", updatedAt) };
}
