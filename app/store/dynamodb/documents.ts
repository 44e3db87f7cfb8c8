import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { DeleteCommand, PutCommand, QueryCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import {
  type Document,
  documentStatuses,
  documentTypes,
  type Reading,
} from "../../documents/types.ts";
import { chatTable } from "../../resources/table.ts";
import type { Page, PageRequest } from "../conversation-store.ts";
import type { DocumentStore } from "../document-store.ts";
import { epochSeconds } from "../expiry.ts";
import { StoreError } from "../store-error.ts";
import { documentKey, documentOf, documentPrefix, userPartition } from "./table/keys.ts";
import { getItem, type TableAccess } from "./table/table-access.ts";
import { updateExpression } from "./table/update.ts";

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
    const { Items = [] } = await this.#table.client.send(
      new QueryCommand({
        TableName: this.#table.tableName,
        KeyConditionExpression: "#pk = :partition AND begins_with(#sk, :prefix)",
        ExpressionAttributeNames: { "#pk": chatTable.partitionKey, "#sk": chatTable.sortKey },
        ExpressionAttributeValues: { ":partition": userPartition(user), ":prefix": documentPrefix },
        ScanIndexForward: false,
        // One more than asked for tells the last page from a full one.
        Limit: limit + 1,
        ExclusiveStartKey: after === undefined ? undefined : documentKey(user, after),
      }),
    );
    const page = Items.slice(0, limit);
    const last = documentItem.safeParse(page.at(-1)).data;
    return {
      items: page.flatMap((item) => this.#visible(item) ?? []),
      ...(Items.length > limit && last !== undefined ? { next: documentOf(last) } : {}),
    };
  }

  async finish(user: string, id: string, reading: Reading): Promise<Document> {
    const { status, ...counts } = { pages: null, passages: null, ...reading };
    try {
      const { Attributes } = await this.#table.client.send(
        new UpdateCommand({
          TableName: this.#table.tableName,
          Key: documentKey(user, id),
          ...updateExpression({
            set: { status, ...counts, expiresAt: null },
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
    try {
      await this.#table.client.send(
        new UpdateCommand({
          TableName: this.#table.tableName,
          Key: documentKey(user, id),
          ...updateExpression({
            // A deletion that is never ended leaves no name behind: the sweep finds the objects without it.
            set: { status: "deleting", expiresAt: epochSeconds(this.#table.now()) + keptSeconds },
            condition: "attribute_exists(#pk)",
          }),
        }),
      );
    } catch (error) {
      throw missing(error);
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
