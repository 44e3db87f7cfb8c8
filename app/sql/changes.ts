/** What an item or an object is in PostgreSQL now, whatever it was before. */
import * as z from "zod";
import type { ObjectStore } from "../objects/object-store.ts";
import { bucketFolders } from "../resources/bucket.ts";
import type { Key } from "../store/dynamodb/table/keys.ts";
import type { TableAccess } from "../store/dynamodb/table/table-access.ts";
import { ifLive, isGone, isPlace, parseDocument, toConversation } from "../store/s3/document.ts";
import {
  conversationEntity,
  type Entity,
  entityOf,
  keyOfRow,
  messageEntity,
  movedKey,
  pastTrash,
  scopesOf,
} from "./entities.ts";
import { itemsOf, nameOf } from "./items.ts";
import { type RowsByTable, type Scope, storable, stored } from "./rows.ts";
import { type Row, type TableName, tables } from "./schema.ts";
import type { Sql } from "./target.ts";

export interface Source extends TableAccess {
  /** The bucket with the conversations of `history: s3`; absent where the table has them. */
  readonly history?: ObjectStore | undefined;
}

/** An item of the table, or an object of the bucket. */
export type Ref = { readonly item: Key } | { readonly object: string };

export interface Change {
  readonly ref: Ref;
  /** Where its rows may stand. Empty for what never has any. */
  readonly scopes: readonly Scope[];
  readonly rows: readonly { readonly table: TableName; readonly row: Row }[];
  /** Why something of it does not move. */
  readonly leftOut: readonly string[];
  /** Of the object that was read; undefined where there is none. */
  readonly etag?: string | undefined;
}

export const refName = (ref: Ref): string => ("item" in ref ? nameOf({ ...ref.item }) : ref.object);

/** As they are now, read strongly; each once. */
export async function changesOf(source: Source, refs: readonly Ref[]): Promise<Change[]> {
  const unique = [...new Map(refs.map((ref) => [refName(ref), ref])).values()];
  const keys = unique.flatMap((ref) => ("item" in ref ? [ref.item] : []));
  const found = await itemsOf(source, keys);
  const changes: Change[] = [];
  for (const ref of unique) {
    if ("item" in ref) {
      changes.push(await changeOfItem(source, ref.item, found.get(refName(ref))));
    } else if (source.history !== undefined) {
      changes.push(await changeOfObject(source, source.history, ref.object));
    }
  }
  return changes;
}

export async function changeOfItem(
  table: TableAccess,
  key: Key,
  item: Readonly<Record<string, unknown>> | undefined,
): Promise<Change> {
  const isMoved = movedKey(key) === key;
  const entities = item === undefined ? [] : [await entityOf(table, item)];
  return { ref: { item: key }, scopes: isMoved ? scopesOf(key) : [], ...sorted(entities) };
}

const historyKey = new RegExp(`^${bucketFolders.history.prefix}([\\w-]+)/([\\w-]+)\\.json$`);

/** A conversation with its messages. One that another version wrote, or nobody, moves as it is. */
export async function changeOfObject(
  { now }: Pick<TableAccess, "now">,
  objects: ObjectStore,
  key: string,
): Promise<Change> {
  const object = await objects.get(key);
  const [, user_id, id] = historyKey.exec(key) ?? [];
  const scopes: Scope[] = [{ table: "other_items", within: { pk: key } }];
  const ref = { object: key };
  if (user_id === undefined || id === undefined) {
    return {
      ref,
      scopes,
      etag: object?.etag,
      ...sorted([{ leftOut: "not a conversation's object" }]),
    };
  }
  scopes.push(
    { table: "conversations", within: { user_id, id } },
    { table: "messages", within: { user_id, conversation_id: id } },
  );
  if (object === undefined) return { ref, scopes, ...sorted([]) };
  return {
    ref,
    scopes,
    etag: object.etag,
    ...sorted(entitiesOf(key, user_id, id, object.body, now())),
  };
}

const placed = z.object({ messages: z.array(z.unknown()) });

function entitiesOf(key: string, user: string, id: string, body: Uint8Array, now: Date): Entity[] {
  const other = (sk: string, item: unknown): Entity => ({
    table: "other_items",
    row: { pk: key, sk, item },
  });
  const text = Buffer.from(body).toString();
  let raw: unknown;
  try {
    raw = JSON.parse(text);
    const document = parseDocument(raw);
    if (document.state === "deleted") return [{ leftOut: "deleted" }];
    const live = ifLive(document, now);
    if (live === undefined) return [{ leftOut: pastTrash }];
    const { messages } = placed.parse(raw);
    return [
      conversationEntity(user, toConversation(live)),
      ...live.messages.map((message, index): Entity => {
        if (isGone(message)) return { leftOut: "deleted" };
        if (isPlace(message)) return other(message.id, messages[index]);
        return messageEntity(user, id, message);
      }),
    ];
  } catch (error) {
    if (!(error instanceof z.ZodError || error instanceof SyntaxError)) throw error;
    return [other("", raw === undefined ? text : raw)];
  }
}

function sorted(entities: readonly Entity[]): Pick<Change, "rows" | "leftOut"> {
  return {
    rows: entities.flatMap((entity) => {
      if ("leftOut" in entity) return [];
      const { table, row } = entity;
      const kept = Object.entries(row).map(([column, value]) => [column, storable(value)]);
      return [{ table, row: Object.fromEntries(kept) }];
    }),
    leftOut: entities.flatMap((entity) => ("leftOut" in entity ? [entity.leftOut] : [])),
  };
}

/** What a row of PostgreSQL was made of. */
export function refOfRow({ history }: Source, table: TableName, row: Row): Ref {
  const { prefix } = bucketFolders.history;
  if (table === "other_items" && String(row.pk).startsWith(prefix)) {
    return { object: String(row.pk) };
  }
  if (history !== undefined && table === "conversations") {
    return { object: `${prefix}${row.user_id}/${row.id}.json` };
  }
  if (history !== undefined && table === "messages") {
    return { object: `${prefix}${row.user_id}/${row.conversation_id}.json` };
  }
  return { item: keyOfRow(table, row) };
}

export function rowsOf(changes: readonly Change[]): RowsByTable {
  const rows = new Map<TableName, Row[]>();
  for (const { table, row } of changes.flatMap((change) => change.rows)) {
    const its = rows.get(table) ?? [];
    rows.set(table, its);
    its.push(row);
  }
  return rows;
}

const ofDeleted = "messages of deleted conversations";

/** A conversation that is being deleted leaves its messages for later, to its own store: they do not move. */
export async function withoutOrphans(
  sql: Sql,
  schema: string,
  changes: readonly Change[],
): Promise<Change[]> {
  const messages = rowsOf(changes).get("messages") ?? [];
  if (messages.length === 0) return [...changes];
  const wanted = new Map(messages.map((row) => [conversationOf(row), parentOf(row)]));
  const there = new Set(
    (await stored(sql, schema, tables.conversations, [...wanted.values()])).keys(),
  );
  for (const { table, within } of changes.flatMap(({ scopes }) => scopes)) {
    if (table === "conversations") there.delete(nameOfConversation(within));
  }
  for (const row of rowsOf(changes).get("conversations") ?? []) there.add(nameOfConversation(row));
  return changes.map((change) => {
    const isOrphan = ({ table, row }: Change["rows"][number]) =>
      table === "messages" && !there.has(conversationOf(row));
    const orphans = change.rows.filter(isOrphan);
    if (orphans.length === 0) return change;
    const rows = change.rows.filter((row) => !isOrphan(row));
    return { ...change, rows, leftOut: [...change.leftOut, ...orphans.map(() => ofDeleted)] };
  });
}

const parentOf = ({ user_id, conversation_id }: Row): Row => ({ user_id, id: conversation_id });
const conversationOf = (message: Row): string => nameOfConversation(parentOf(message));
/** As `keyOf` of the table. */
const nameOfConversation = ({ user_id, id }: Row): string => `${user_id}/${id}`;
