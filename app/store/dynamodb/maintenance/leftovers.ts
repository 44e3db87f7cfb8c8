import { DeleteCommand, PutCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import { documentKeys } from "../../../documents/keys.ts";
import { longestRequestMs } from "../../../http/deadline.ts";
import { newIdentifier } from "../../../http/identifiers.ts";
import { Attempts } from "../../../maintenance/attempts.ts";
import { partitions } from "../../../resources/table.ts";
import { documentState } from "../erasing/orphans.ts";
import { type Key, keyItem, leftoverKey, leftoverRange } from "../table/keys.ts";
import { isCarriedOut } from "../table/own-write.ts";
import { between, queryAll } from "../table/query.ts";
import type { TableAccess } from "../table/table-access.ts";
import type { TransactItems } from "../table/transaction.ts";
import { namesIn, updateExpression } from "../table/update.ts";

const atOnce = 100;

/** What is in the bucket, or may come there, before the table points to it. */
type Leftover =
  /** Objects that go, unless the note was taken back with the write that points to them. */
  | { readonly kind: "objects"; readonly objects: readonly string[] }
  /** A document that is being completed or deleted: its objects go with it. */
  | { readonly kind: "document"; readonly user: string; readonly document: string };

const leftover = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("objects"), objects: z.array(z.string()) }),
  z.object({ kind: z.literal("document"), user: z.string(), document: z.string() }),
]);

/** A note of something that must go if this process does not come to say otherwise. */
export interface Note {
  readonly key: Key;
}

/** Put down before anything reaches the bucket, for one write unit. */
export async function note(table: TableAccess, what: Leftover, at?: Date): Promise<Note> {
  const noted = noteAt(table, at);
  const Item = { ...noted.key, ...what };
  await table.client.send(new PutCommand({ TableName: table.tableName, Item }));
  return noted;
}

function noteAt(table: TableAccess, at?: Date): Note {
  const due = at ?? new Date(table.now().getTime() + longestRequestMs);
  return { key: leftoverKey(due.toISOString(), newIdentifier()) };
}

/** The same as part of a transaction, for what becomes a leftover with it. */
export function noteWith(
  table: TableAccess,
  what: Leftover,
): Note & { put: TransactItems[number] } {
  const noted = noteAt(table);
  return {
    ...noted,
    put: { Put: { TableName: table.tableName, Item: { ...noted.key, ...what } } },
  };
}

const standing = "attribute_exists(#pk) AND attribute_not_exists(#revoked)";

/**
 * Takes a note back within the transaction that makes its objects used. It refuses the transaction when
 * the note was revoked: then the objects are gone, or about to go.
 */
export function takeBackWith(table: TableAccess, { key }: Note): TransactItems[number] {
  return {
    Delete: {
      TableName: table.tableName,
      Key: key,
      ConditionExpression: standing,
      ExpressionAttributeNames: namesIn(standing),
    },
  };
}

export async function takeBack(table: TableAccess, { key }: Note): Promise<void> {
  await table.client.send(new DeleteCommand({ TableName: table.tableName, Key: key }));
}

/**
 * Deletes objects that were not written down, and their note. Whether a transaction whose answer was lost
 * was carried out, the note tells: it is gone if it was, and once it is revoked it never will be.
 */
export async function dropObjects(
  table: TableAccess,
  noted: Note,
  objects: readonly string[],
): Promise<void> {
  if (!(await revoke(table, noted))) return;
  await table.objects?.delete(objects);
  await takeBack(table, noted);
}

function revoke(table: TableAccess, { key }: Note): Promise<boolean> {
  const revocation = new UpdateCommand({
    TableName: table.tableName,
    Key: key,
    ...updateExpression({ set: { revoked: true }, condition: "attribute_exists(#pk)" }),
  });
  return isCarriedOut(table.client.send(revocation));
}

/** Clears what is left of requests whose process died. Answers how many notes there were. */
export async function clearLeftovers(table: TableAccess, until: Date): Promise<number> {
  const attempts = new Attempts();
  let cleared = 0;
  // The oldest first: half a read unit when there is none.
  const [first, last] = leftoverRange(table.now().toISOString());
  const due = { ...between(partitions.tenant, first, last), limit: atOnce };
  for await (const item of queryAll(table, due)) {
    if (table.now() >= until) break;
    const key = keyItem.parse(item);
    const { success, data } = leftover.safeParse(item);
    // A later version's: it will come back to it.
    if (!success) continue;
    await attempts.run(async () => {
      if (await clear(table, { key }, data)) cleared++;
    });
  }
  attempts.end();
  return cleared;
}

async function clear(table: TableAccess, noted: Note, what: Leftover): Promise<boolean> {
  switch (what.kind) {
    case "objects":
      await dropObjects(table, noted, what.objects);
      return true;
    case "document": {
      const state = await documentState(table, what.user, what.document);
      if (state === "pending") return false;
      if (state === "gone") await table.objects?.delete(documentKeys(what.user, what.document));
      await takeBack(table, noted);
      return true;
    }
  }
}
