import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { DeleteCommand, PutCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import * as z from "zod";
import {
  type Document,
  documentStatuses,
  documentTypes,
  type Reading,
} from "../../documents/types.ts";
import { newIdentifier } from "../../http/identifiers.ts";
import type { Page, PageRequest } from "../conversation-store.ts";
import type { DocumentStore } from "../document-store.ts";
import { epochSeconds } from "../expiry.ts";
import { StoreError } from "../store-error.ts";
import { identifierPosition, readPosition } from "../versions/position.ts";
import { markerOf, readOr } from "../versions/unreadable.ts";
import { note, takeBack } from "./maintenance/leftovers.ts";
import { documentKey, documentOf, documentPrefix, keyItem, userPartition } from "./table/keys.ts";
import { isCarriedOut } from "./table/own-write.ts";
import { beginsWith, query } from "./table/query.ts";
import { getItem, type TableAccess } from "./table/table-access.ts";
import { namesIn, updateExpression } from "./table/update.ts";

/** Readings that may die with their process before the document counts as one that nobody can read. */
const mostReadings = 3;
/** A reading takes 20 seconds at most; whoever reads longer is dead. */
const longestReadingMs = 60_000;

const beginning = z.object({
  status: z.string().optional(),
  readAt: z.string().optional(),
  /** The last one that was begun. */
  reading: z.string().optional(),
  expiresAt: z.number().optional(),
});

/** How long what is left of a deletion that broke off waits to be deleted again. */
const keptSeconds = 24 * 60 * 60;

const documentItem = z.object({
  pk: z.string(),
  sk: z.string(),
  name: z.string(),
  type: z.enum(documentTypes),
  size: z.number(),
  status: z.enum([...documentStatuses, "deleting"]),
  createdAt: z.string(),
  pages: z.number().optional(),
  passages: z.number().optional(),
  /** Epoch seconds; of pending ones. */
  expiresAt: z.number().optional(),
});

/** Documents beside the user's conversations, one item each; ids sort by creation. */
export class DynamoDBDocumentStore implements DocumentStore {
  readonly #table: TableAccess;

  constructor(table: TableAccess) {
    this.#table = table;
  }

  async add(user: string, document: Document, expiresAt: Date): Promise<void> {
    const { id, pages, passages, ...attributes } = document;
    // Without a condition: the id was made for it and is nobody else's, and the SDK may put it twice.
    await this.#table.client.send(
      new PutCommand({
        TableName: this.#table.tableName,
        Item: { ...documentKey(user, id), ...attributes, expiresAt: epochSeconds(expiresAt) },
      }),
    );
  }

  async get(user: string, id: string): Promise<Document> {
    const key = documentKey(user, id);
    const item =
      (await getItem(this.#table, key, "eventual")) ?? (await getItem(this.#table, key, "strong"));
    const document = this.#visible(item);
    if (document === undefined) throw new StoreError("not-found");
    return document;
  }

  async list(user: string, { limit, after }: PageRequest): Promise<Page<Document>> {
    const { items: found } = await query(this.#table, {
      ...beginsWith(userPartition(user), documentPrefix),
      order: "desc",
      // One more than asked for tells the last page from a full one.
      limit: limit + 1,
      after:
        after === undefined
          ? undefined
          : documentKey(user, readPosition(identifierPosition, after)),
    });
    const page = found.slice(0, limit);
    const last = keyItem.safeParse(page.at(-1)).data;
    const unreadable: string[] = [];
    const items = page.flatMap((item) => {
      const id = documentOf(keyItem.parse(item));
      const read = () => ({ document: this.#visible(item) });
      const one = readOr(read, { kind: "document", id }, this.#table.report);
      if (one === undefined) unreadable.push(id);
      return one?.document ?? [];
    });
    return {
      items,
      ...markerOf(unreadable),
      ...(found.length > limit && last !== undefined ? { next: documentOf(last) } : {}),
    };
  }

  async begin(user: string, id: string): Promise<"begun" | "given-up"> {
    const now = this.#table.now();
    const item = await getItem(this.#table, documentKey(user, id), "strong");
    const { expiresAt } = beginning.parse(item ?? {});
    const at = new Date((expiresAt ?? 0) * 1000);
    await note(this.#table, { kind: "document", user, document: id }, at);
    // The SDK repeats a request whose answer was lost: that begins no other reading.
    const reading = newIdentifier();
    const condition =
      "#status = :pending AND (attribute_not_exists(#readings) OR #readings < :most) AND " +
      "(attribute_not_exists(#reading) OR #reading <> :reading)";
    const UpdateExpression = "SET #readAt = :now, #reading = :reading ADD #readings :one";
    try {
      await this.#table.client.send(
        new UpdateCommand({
          TableName: this.#table.tableName,
          Key: documentKey(user, id),
          UpdateExpression,
          ConditionExpression: condition,
          ExpressionAttributeNames: namesIn(`${UpdateExpression} ${condition}`),
          ExpressionAttributeValues: {
            ":pending": "pending",
            ":most": mostReadings,
            ":one": 1,
            ":now": now.toISOString(),
            ":reading": reading,
          },
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        }),
      );
      return "begun";
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      const found = beginning.parse(error.Item ? unmarshall(error.Item) : {});
      if (found.reading === reading) return "begun";
      const { status, readAt = "" } = found;
      if (status !== "pending") throw new StoreError("not-found");
      const isUnderWay = readAt > new Date(now.getTime() - longestReadingMs).toISOString();
      if (isUnderWay) throw new StoreError("busy");
      return "given-up";
    }
  }

  async release(user: string, id: string): Promise<void> {
    const update = new UpdateCommand({
      TableName: this.#table.tableName,
      Key: documentKey(user, id),
      ...updateExpression({
        add: { readings: -1 },
        condition: "#status = :pending AND #readings > :none",
        values: { ":pending": "pending", ":none": 0 },
      }),
    });
    await isCarriedOut(this.#table.client.send(update));
  }

  async finish(user: string, id: string, reading: Reading): Promise<Document> {
    const { status, ...counts } = { pages: null, passages: null, ...reading };
    try {
      const { Attributes } = await this.#table.client.send(
        new UpdateCommand({
          TableName: this.#table.tableName,
          Key: documentKey(user, id),
          ...updateExpression({
            set: {
              status,
              ...counts,
              expiresAt: null,
              readings: null,
              reading: null,
              readAt: null,
            },
            condition: "#status = :pending",
            values: { ":pending": "pending" },
          }),
          ReturnValues: "ALL_NEW",
        }),
      );
      return toDocument(documentItem.parse(Attributes));
    } catch (error) {
      throw missing(error);
    }
  }

  async hide(user: string, id: string): Promise<void> {
    const noted = await note(this.#table, { kind: "document", user, document: id });
    try {
      await this.#table.client.send(
        new UpdateCommand({
          TableName: this.#table.tableName,
          Key: documentKey(user, id),
          ...updateExpression({
            // A deletion that is never ended leaves no name behind: its note leads to the objects.
            set: { status: "deleting", expiresAt: epochSeconds(this.#table.now()) + keptSeconds },
            condition: "attribute_exists(#pk)",
          }),
        }),
      );
    } catch (error) {
      const cause = missing(error);
      // There is nothing to delete, so nothing of the request stays.
      if (cause instanceof StoreError) await takeBack(this.#table, noted);
      throw cause;
    }
  }

  async remove(user: string, id: string): Promise<void> {
    await this.#table.client.send(
      new DeleteCommand({ TableName: this.#table.tableName, Key: documentKey(user, id) }),
    );
  }

  #visible(item: Record<string, unknown> | undefined): Document | undefined {
    if (item === undefined) return undefined;
    const parsed = documentItem.parse(item);
    const { expiresAt = Number.POSITIVE_INFINITY } = parsed;
    const isGone = parsed.status === "deleting" || expiresAt <= epochSeconds(this.#table.now());
    return isGone ? undefined : toDocument(parsed);
  }
}

function toDocument(item: z.infer<typeof documentItem>): Document {
  if (item.status === "deleting") throw new StoreError("not-found");
  return {
    id: documentOf(item),
    name: item.name,
    type: item.type,
    size: item.size,
    status: item.status,
    createdAt: item.createdAt,
    pages: item.pages ?? null,
    passages: item.passages ?? null,
  };
}

function missing(error: unknown): unknown {
  return error instanceof ConditionalCheckFailedException ? new StoreError("not-found") : error;
}
