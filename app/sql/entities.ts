/** Which row of which table an item of a tenant's table becomes. */
import * as z from "zod";
import { chatTable, partitions } from "../resources/table.ts";
import type { Conversation } from "../store/conversation-store.ts";
import { inFull } from "../store/dynamodb/conversations/details.ts";
import { readDeletedItem } from "../store/dynamodb/messages/message-item.ts";
import { readMessage } from "../store/dynamodb/messages/messages.ts";
import { storedPreferences } from "../store/dynamodb/profiles.ts";
import { headerItem, isPastTrash } from "../store/dynamodb/table/header.ts";
import {
  auditKey,
  documentKey,
  headerKey,
  type Key,
  messageKey,
  profileKey,
  recordKey,
  sequenceOf,
  usageKey,
} from "../store/dynamodb/table/keys.ts";
import type { TableAccess } from "../store/dynamodb/table/table-access.ts";
import type { Message } from "../store/message.ts";
import type { Scope } from "./rows.ts";
import type { Row, TableName } from "./schema.ts";

export type Entity =
  | { readonly table: TableName; readonly row: Row }
  /** Not moved, and why. */
  | { readonly leftOut: string };

/** Time alone makes them go: the row stays in PostgreSQL until something reads the item again. */
export const expired = "expired";
export const pastTrash = "past its time in the trash";

type Item = Readonly<Record<string, unknown>>;

/** A user's item's key taken apart: `USER#u`, `CONV#c` and the like. */
interface Place {
  readonly user: string;
  readonly conversation: string | undefined;
  readonly kind: string;
  readonly name: string;
}

/** Kinds that serve the running API alone: repeats, tokens that are good for minutes, a signing key. */
const leftOutKinds: Readonly<Record<string, string>> = {
  IDEM: "idempotency records",
  TOKEN: "one-time tokens",
  RUN: "answers under way",
  EDIT: "notes for syncs of what was edited",
  PINS: "which conversations are pinned: they say it themselves",
  DETAILS: "settings, metadata and tags: they are their conversations'",
};

/** What another version wrote in a form that this one cannot read moves as it is. */
export async function entityOf(table: TableAccess, item: Item): Promise<Entity> {
  try {
    return await knownEntity(table, item);
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    return other(item, String(item[chatTable.partitionKey]), String(item[chatTable.sortKey]));
  }
}

async function knownEntity(table: TableAccess, item: Item): Promise<Entity> {
  const now = table.now();
  const { expiresAt } = item;
  if (typeof expiresAt === "number" && expiresAt * 1000 <= now.getTime()) return leftOut(expired);
  const [pk, sk] = [String(item[chatTable.partitionKey]), String(item[chatTable.sortKey])];
  if (pk === "TENANT")
    return leftOut(
      "what serves the running API: the key that signs cursors, notes of the maintenance",
    );
  if (pk.startsWith("AUDIT#")) return auditEntry(item, sk);
  const place = placeOf(pk, sk);
  if (place === undefined) return other(item, pk, sk);
  const why = leftOutKinds[place.kind];
  if (why !== undefined) return leftOut(why);
  if (place.conversation !== undefined) {
    return place.kind === "MSG"
      ? message(table, item, place, place.conversation)
      : other(item, pk, sk);
  }
  switch (place.kind) {
    case "PROFILE":
      return profile(item, place);
    case "CONV":
      return conversation(table, item, place);
    case "DOC":
      return document(item, place);
    case "SESSION":
    case "STATE":
      return record(item, place);
    case "USAGE":
      return usage(item, place);
    default:
      return other(item, pk, sk);
  }
}

/** Every place in PostgreSQL where what an item says may stand. */
export function scopesOf({ pk, sk }: Key): readonly Scope[] {
  const unknown: Scope = { table: "other_items", within: { pk, sk } };
  if (pk.startsWith("AUDIT#")) return [unknown, { table: "audit_log", within: { id: sk } }];
  const place = placeOf(pk, sk);
  if (place === undefined) return [unknown];
  const { user: user_id, conversation: conversation_id, kind, name } = place;
  if (conversation_id !== undefined) {
    if (kind !== "MSG") return [unknown];
    const within = { user_id, conversation_id, sequence: sequenceOf({ pk, sk }) };
    return [unknown, { table: "messages", within }];
  }
  switch (kind) {
    case "PROFILE":
      return [unknown, { table: "profiles", within: { user_id } }];
    case "CONV":
      return [unknown, { table: "conversations", within: { user_id, id: name } }];
    case "DOC":
      return [unknown, { table: "documents", within: { user_id, id: name } }];
    case "SESSION":
    case "STATE":
      return [unknown, { table: "records", within: { user_id, kind: kind.toLowerCase(), name } }];
    case "USAGE":
      return [unknown, { table: "usage", within: { user_id, period: name } }];
    default:
      return [unknown];
  }
}

/** The item whose rows a changed item's are: settings are their conversation's. Undefined for what does not move. */
export function movedKey(key: Key): Key | undefined {
  if (key.pk === partitions.tenant) return undefined;
  const place = placeOf(key.pk, key.sk);
  if (place?.kind === "DETAILS" && place.conversation !== undefined) {
    return headerKey(place.user, place.conversation);
  }
  return place !== undefined && place.kind in leftOutKinds ? undefined : key;
}

/** The item that a row of PostgreSQL was made of. */
export function keyOfRow(table: TableName, row: Row): Key {
  const [user, id] = [String(row.user_id), String(row.id)];
  switch (table) {
    case "profiles":
      return profileKey(user);
    case "conversations":
      return headerKey(user, id);
    case "messages":
      return messageKey(user, String(row.conversation_id), Number(row.sequence));
    case "documents":
      return documentKey(user, id);
    case "records":
      return recordKey(user, String(row.kind), String(row.name));
    case "usage":
      return usageKey(user, String(row.period));
    case "audit_log":
      return auditKey(id);
    case "other_items":
      return { pk: String(row.pk), sk: String(row.sk) };
  }
}

export function placeOf(pk: string, sk: string): Place | undefined {
  const [, user, conversation] = /^USER#([\w-]+)(?:#CONV#([\w-]+))?$/.exec(pk) ?? [];
  const [, kind, name = ""] = /^([A-Z]+)(?:#(.*))?$/s.exec(sk) ?? [];
  return user === undefined || kind === undefined ? undefined : { user, conversation, kind, name };
}

function leftOut(why: string): Entity {
  return { leftOut: why };
}

function other(item: Item, pk: string, sk: string): Entity {
  return { table: "other_items", row: { pk, sk, item } };
}

const profileItem = z.looseObject({
  name: z.string().nullable(),
  email: z.string().nullable(),
  preferences: storedPreferences,
  createdAt: z.string(),
  updatedAt: z.string(),
  version: z.number(),
});

function profile(item: Item, { user }: Place): Entity {
  const { name, email, preferences, createdAt, updatedAt, version } = profileItem.parse(item);
  return {
    table: "profiles",
    row: {
      user_id: user,
      name,
      email,
      preferences,
      created_at: createdAt,
      updated_at: updatedAt,
      version,
    },
  };
}

async function conversation(table: TableAccess, item: Item, { user }: Place): Promise<Entity> {
  if (item.state === "deleting" || item.state === "deleted") return leftOut("deleted");
  const header = headerItem.parse(item);
  if (isPastTrash(header, table.now())) return leftOut(pastTrash);
  return conversationEntity(user, await inFull(table, user, header, "strong"));
}

export function conversationEntity(user: string, conversation: Conversation): Entity {
  const {
    id,
    title,
    modelId,
    state,
    createdAt,
    updatedAt,
    purgeAt,
    messageCount,
    lastReadSequence,
    version,
    // Told by the messages.
    lastMessage: _lastMessage,
    unreadCount: _unreadCount,
    editedVersion: _editedVersion,
    pinned,
    tags,
    metadata,
    settings,
    ...others
  } = conversation;
  const set = Object.entries(settings ?? {}).filter(([, value]) => value !== null);
  const attributes = {
    ...others,
    ...(pinned === true && { pinned }),
    ...(tags !== null && tags.length > 0 && { tags }),
    ...(Object.keys(metadata ?? {}).length > 0 && { metadata }),
    ...(set.length > 0 && { settings: Object.fromEntries(set) }),
  };
  return {
    table: "conversations",
    row: {
      user_id: user,
      id,
      title,
      model_id: modelId,
      state,
      created_at: createdAt,
      updated_at: updatedAt,
      purge_at: purgeAt,
      message_count: messageCount,
      last_read_sequence: lastReadSequence,
      version,
      attributes: orNull(attributes),
    },
  };
}

async function message(
  table: TableAccess,
  item: Item,
  { user }: Place,
  conversationId: string,
): Promise<Entity> {
  if (readDeletedItem(item) !== undefined) return leftOut("deleted");
  return messageEntity(user, conversationId, await readMessage(table, user, conversationId, item));
}

export function messageEntity(user: string, conversationId: string, message: Message): Entity {
  const {
    sequence,
    role,
    content,
    type,
    timestamp,
    modelId,
    isError,
    errorMessage,
    citations,
    llmResponseId,
    stopReason,
    usage: tokens,
    feedback,
    // The sequence as text.
    id: _id,
    editedAt,
    ...others
  } = message;
  const { inputTokens = null, outputTokens = null, ...cacheTokens } = tokens ?? {};
  const attributes = { ...others, ...cacheTokens, ...(editedAt !== null && { editedAt }) };
  return {
    table: "messages",
    row: {
      user_id: user,
      conversation_id: conversationId,
      sequence,
      role,
      content,
      type,
      created_at: timestamp,
      model_id: modelId,
      is_error: isError,
      error_message: errorMessage,
      citations,
      llm_response_id: llmResponseId,
      stop_reason: stopReason,
      input_tokens: inputTokens,
      output_tokens: outputTokens,
      feedback,
      attributes: orNull(attributes),
    },
  };
}

const documentItem = z.looseObject({
  name: z.string(),
  type: z.string(),
  size: z.number(),
  status: z.string(),
  createdAt: z.string(),
  pages: z.number().optional(),
  passages: z.number().optional(),
});

function document(item: Item, { user, name: id }: Place): Entity {
  const { name, type, size, status, createdAt, pages, passages } = documentItem.parse(item);
  if (status === "deleting") return leftOut("deleted");
  const row = { user_id: user, id, name, type, size_bytes: size, status, created_at: createdAt };
  const attributes = Object.entries({ pages, passages }).filter(([, value]) => value !== undefined);
  return {
    table: "documents",
    row: { ...row, attributes: orNull(Object.fromEntries(attributes)) },
  };
}

const recordItem = z.looseObject({
  value: z.string(),
  createdAt: z.string(),
  updatedAt: z.string(),
  expiresAt: z.number().optional(),
  version: z.number(),
});

function record(item: Item, { user, kind, name }: Place): Entity {
  const { value, createdAt, updatedAt, expiresAt, version } = recordItem.parse(item);
  return {
    table: "records",
    row: {
      user_id: user,
      kind: kind.toLowerCase(),
      name,
      value: JSON.parse(value),
      created_at: createdAt,
      updated_at: updatedAt,
      expires_at: expiresAt === undefined ? null : new Date(expiresAt * 1000).toISOString(),
      version,
    },
  };
}

/** The month alone: its days serve quotas. */
function usage(item: Item, { user, name: period }: Place): Entity {
  const tokens = z.object({ in: z.number().default(0), out: z.number().default(0) }).parse(item);
  const row = { user_id: user, period, input_tokens: tokens.in, output_tokens: tokens.out };
  return { table: "usage", row };
}

const auditItem = z.looseObject({
  timestamp: z.string(),
  admin: z.string(),
  action: z.string(),
  target: z.string(),
  requestId: z.string().nullable(),
});

function auditEntry(item: Item, id: string): Entity {
  const { timestamp, admin, action, target, requestId } = auditItem.parse(item);
  const row = { id, created_at: timestamp, admin_id: admin, action, target };
  return { table: "audit_log", row: { ...row, request_id: requestId } };
}

function orNull(attributes: Record<string, unknown>) {
  return Object.keys(attributes).length === 0 ? null : attributes;
}
