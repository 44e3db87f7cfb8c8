/** What the restored table has and must lose again: users who were erased since, and what was deleted. */
import { documentKey as objectKey } from "../../../app/documents/keys.ts";
import { placeOf } from "../../../app/sql/entities.ts";
import { type Item, itemsOf, keyOf, nameOf } from "../../../app/sql/items.ts";
import { tombstoneDays } from "../../../app/store/conversation-store.ts";
import { eraseConversations } from "../../../app/store/dynamodb/erasing/erase.ts";
import { DynamoDBErasureStore } from "../../../app/store/dynamodb/erasing/erasures.ts";
import { erasureKey } from "../../../app/store/dynamodb/table/keys.ts";
import type { TableAccess } from "../../../app/store/dynamodb/table/table-access.ts";
import { eachBatch } from "../../migrate/source.ts";
import type { Counted } from "./changes.ts";
import { deleteItem, putItem } from "./items.ts";
import type { Pass } from "./pass.ts";

type Place = NonNullable<ReturnType<typeof placeOf>>;

export async function applyRemovals(pass: Pass): Promise<void> {
  const erasures = new Map<string, Promise<boolean>>();
  let items = 0;
  await eachBatch(pass.to, async (batch) => {
    await removeFrom(pass, batch, erasures);
    items += batch.length;
    pass.onProgress(`looking for what was deleted since: ${items.toLocaleString("en")} items`);
  });
}

async function removeFrom(
  pass: Pass,
  items: readonly Item[],
  erasures: Map<string, Promise<boolean>>,
): Promise<void> {
  const placed = items.flatMap((item) => {
    const { pk, sk } = keyOf(item);
    const place = placeOf(pk, sk);
    return place ? [{ item, place }] : [];
  });
  const mayBeGone = placed.filter(({ place }) => isLooseEnd(place));
  const inSource = await itemsOf(
    pass.from,
    mayBeGone.map(({ item }) => keyOf(item)),
  );
  for (const { item, place } of placed) {
    const { user } = place;
    // Segments meet the same user: it is erased once, and all wait for it.
    if (!erasures.has(user)) erasures.set(user, eraseIfDue(pass, user));
    if (await erasures.get(user)) continue;
    if (isLooseEnd(place) && !inSource.has(nameOf(item))) await remove(pass, item, place);
  }
}

/** Kinds that may go without a tombstone; a conversation's header is among them, once its own expired. */
const isLooseEnd = ({ kind, conversation }: Place): boolean =>
  conversation === undefined && ["DOC", "SESSION", "STATE", "TOKEN", "CONV"].includes(kind);

/** An erasure that the restored table does not know, or knows as unfinished. */
async function eraseIfDue(pass: Pass, user: string): Promise<boolean> {
  const { from, to, request, tally } = pass;
  const key = erasureKey(user);
  const [theirs, ours] = await Promise.all([itemsOf(from, [key]), itemsOf(to, [key])]);
  const receipt = theirs.get(nameOf(key));
  const known = ours.get(nameOf(key));
  if (receipt === undefined) return false;
  const isKnown = known?.id === receipt.id;
  if (isKnown && (known?.completedAt !== undefined || receipt.completedAt === undefined)) {
    return false;
  }
  tally.erase(user);
  if (request.mode === "list") return true;
  // The bucket is one for both tables: what it held of the user went with the first erasure.
  await eraseAgain({ ...to, objects: undefined }, user);
  await putItem(to, receipt);
  return true;
}

/** All of a user, without a limit in time. */
export async function eraseAgain(table: TableAccess, user: string): Promise<void> {
  const never = new Date(8.64e15);
  const rest = new DynamoDBErasureStore(table);
  do {
    await eraseConversations(table, user, never);
  } while (!(await rest.eraseRest(user, never)));
}

async function remove(pass: Pass, item: Item, { kind, user, name }: Place): Promise<void> {
  const { to, request, tally } = pass;
  const { now, at, leave } = request;
  if (leave.has(user) || isExpired(item, now())) return;
  const isDeleted = kind === "TOKEN" || request.deletions === "deleted";
  switch (kind) {
    case "CONV":
      // A younger deletion would have left a tombstone: this header was lost, and is back.
      if (now().getTime() - at.getTime() > tombstoneDays * 86_400_000) tally.undecided();
      return;
    case "DOC":
      // The app deletes the bytes with the item: bytes that are still there mean that the item was lost.
      if (!isDeleted || (await hasBytes(pass, user, name))) return;
      tally.add("documents deleted", user);
      break;
    default: {
      if (!isDeleted) return;
      const counted: Counted = kind === "TOKEN" ? "tokens used or gone" : "records deleted";
      tally.add(counted, user);
    }
  }
  if (request.mode === "bring-over") await deleteItem(to, item);
}

async function hasBytes({ request }: Pass, user: string, document: string): Promise<boolean> {
  // Without the bucket nothing tells; what may be lost stays.
  if (request.objects === undefined) return true;
  return (await request.objects.head(objectKey(user, document))) !== undefined;
}

const isExpired = ({ expiresAt }: Item, now: Date): boolean =>
  typeof expiresAt === "number" && expiresAt * 1000 <= now.getTime();
