import { createHash } from "node:crypto";
import * as z from "zod";
import { isIdentifier } from "../../../http/identifiers.ts";
import { chatTable, creationIndex, partitions, recencyIndex } from "../../../resources/table.ts";
import { orderOf } from "./order.ts";

/** Where each item lives. See the entities in `docs/concepts/data-model.md`. */
export type Key = Readonly<
  Record<typeof chatTable.partitionKey | typeof chatTable.sortKey, string>
>;

/** The key of an item that a query or a scan has found. */
export const keyItem = z.object({ pk: z.string(), sk: z.string() });

export function profileKey(user: string): Key {
  return key(userPartition(user), "PROFILE");
}

export function usageKey(user: string, month: string): Key {
  return key(userPartition(user), `USAGE#${month}`);
}

/** A session or a piece of application state. */
export function recordKey(user: string, kind: string, name: string): Key {
  return key(userPartition(user), `${recordPrefix(kind)}${identifier(name)}`);
}

export function recordPrefix(kind: string): string {
  return `${kind.toUpperCase()}#`;
}

/** The answer that is under way in a conversation. */
export function runKey(user: string, conversation: string): Key {
  return key(userPartition(user), `RUN#${identifier(conversation)}`);
}

/** `hash` is base64url, so it is an identifier too. */
export function tokenKey(user: string, hash: string): Key {
  return key(userPartition(user), `TOKEN#${identifier(hash)}`);
}

export const headerPrefix = "CONV#";

export function headerKey(user: string, conversation: string): Key {
  return key(userPartition(user), `${headerPrefix}${identifier(conversation)}`);
}

export function conversationOf(header: Key): string {
  return header.sk.slice(headerPrefix.length);
}

export function messagePartition(user: string, conversation: string): string {
  return `${userPartition(user)}#CONV#${identifier(conversation)}`;
}

export const editPrefix = "EDIT#";

/** That a version of the conversation edited or deleted a message. */
export function editKey(user: string, conversation: string, version: number): Key {
  return key(messagePartition(user, conversation), editSortKey(version));
}

export function editSortKey(version: number): string {
  return `${editPrefix}${String(version).padStart(sequenceDigits, "0")}`;
}

/** What a conversation has beside its header: settings, metadata, tags. */
export function detailsKey(user: string, conversation: string): Key {
  return key(messagePartition(user, conversation), "DETAILS");
}

/** Ids of the conversations that a user has pinned. */
export function pinsKey(user: string): Key {
  return key(userPartition(user), "PINS");
}

const messagePrefix = "MSG#";
const sequenceDigits = 10;
export const lastSequence = 10 ** sequenceDigits - 1;

export function messageKey(user: string, conversation: string, sequence: number): Key {
  return key(messagePartition(user, conversation), messageSortKey(sequence));
}

export function messageSortKey(sequence: number): string {
  return `${messagePrefix}${String(sequence).padStart(sequenceDigits, "0")}`;
}

export function sequenceOf(message: Key): number {
  return Number(message.sk.slice(messagePrefix.length));
}

export const documentPrefix = "DOC#";

export function documentKey(user: string, document: string): Key {
  return key(userPartition(user), `${documentPrefix}${identifier(document)}`);
}

export function documentOf(item: Key): string {
  return item.sk.slice(documentPrefix.length);
}

export const idempotencyPrefix = "IDEM#";

/** The client's key is hashed: it may hold any character and up to 255 of them. */
export function idempotencyKey(partition: string, clientKey: string): Key {
  const hash = createHash("sha256").update(clientKey).digest("base64url");
  return key(partition, `${idempotencyPrefix}${hash}`);
}

export const signingKeyKey: Key = key(partitions.tenant, "CURSOR-SIGNING-KEY");

/** What a maintenance run knows as due at a time, among what the tenant's processes share. */
export function dueKey(at: string, user: string, conversation: string): Key {
  return key(
    partitions.tenant,
    `${duePrefix}${at}#${identifier(user)}#${identifier(conversation)}`,
  );
}

const duePrefix = "DUE#";

/** Whether it is a note of what is due: of the table that it stands in alone. */
export const isDue = ({ pk, sk }: Key): boolean =>
  pk === partitions.tenant && sk.startsWith(duePrefix);

/** First and last sort key of what is due by a time: `$` follows `#`. */
export function dueRange(by: string): readonly [first: string, last: string] {
  return [duePrefix, `${duePrefix}${by}$`];
}

export function dueOf(item: Key): { readonly user: string; readonly id: string } {
  const [, , user = "", id = ""] = item.sk.split("#");
  return { user, id };
}

/** What a process that dies leaves behind, and from when on nobody can be at it any more. */
export function leftoverKey(at: string, name: string): Key {
  return key(partitions.tenant, `${leftoverPrefix}${at}#${identifier(name)}`);
}

const leftoverPrefix = "LEFT#";

/** First and last sort key of the leftovers of before a time: `$` follows `#`. */
export function leftoverRange(by: string): readonly [first: string, last: string] {
  return [leftoverPrefix, `${leftoverPrefix}${by}$`];
}

/** How far a search that takes several runs has come. */
export function roundKey(name: string): Key {
  return key(partitions.tenant, `ROUND#${name}`);
}

/** What the search of a day counted. */
export function storedKey(day: string): Key {
  return key(partitions.tenant, `${storedPrefix}${day}`);
}

export const storedPrefix = "STORED#";

export function userPartition(user: string): string {
  return `${partitions.user}${identifier(user)}`;
}

export function userOf(header: Key): string {
  return header.pk.slice(partitions.user.length);
}

export function recencyKeys(user: string, updatedAt: string, state = "active") {
  return {
    [recencyIndex.partitionKey]: userPartition(user),
    [recencyIndex.sortKey]: orderOf(state, updatedAt),
  };
}

/** A month of one tenant's conversations is spread over as many partitions. */
export const creationShards = 8;

export function creationKeys(conversation: string, createdAt: string) {
  const shard = createHash("sha256").update(conversation).digest().readUInt8() % creationShards;
  return {
    [creationIndex.partitionKey]: creationPartition(createdAt.slice(0, 7), shard),
    [creationIndex.sortKey]: createdAt,
  };
}

export function creationPartition(month: string, shard: number): string {
  return `CREATED#${month}#${shard}`;
}

/** Leads to the counters of a month, whoever's they are. */
export function usageKeys(user: string, month: string) {
  const shard = createHash("sha256").update(user).digest().readUInt8() % creationShards;
  return {
    [creationIndex.partitionKey]: usagePartition(month, shard),
    [creationIndex.sortKey]: identifier(user),
  };
}

export function usagePartition(month: string, shard: number): string {
  return `USAGE#${month}#${shard}`;
}

/** An entry's id begins with its time: ids of a month sort by it. */
export function auditKey(id: string): Key {
  return key(auditPartition(id.slice(0, 7)), id);
}

export function auditPartition(month: string): string {
  return `${partitions.audit}${month}`;
}

export function auditEntryOf(entry: Key): string {
  return entry.sk;
}

/**
 * The receipt of a user's erasure. It has a partition of its own, because the user's partitions are erased.
 */
export function erasureKey(user: string): Key {
  return key(`${partitions.erasure}${identifier(user)}`, "RECEIPT");
}

export function erasureUserOf(receipt: Key): string {
  return receipt.pk.slice(partitions.erasure.length);
}

/** Partition of the index by creation: erasures under way. */
export const erasingPartition = "ERASING";

function key(pk: string, sk: string): Key {
  return { [chatTable.partitionKey]: pk, [chatTable.sortKey]: sk };
}

/** Routes validate; this is the last door before a key is built. */
export function identifier(text: string): string {
  if (!isIdentifier(text))
    throw new TypeError("not an identifier: it must not become part of a key");
  return text;
}
