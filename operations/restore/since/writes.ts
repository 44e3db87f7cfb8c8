/** What users wrote to the old table after the point restored to, carried to the restored table. */
import { isDeepStrictEqual } from "node:util";
import { placeOf } from "../../../app/sql/entities.ts";
import { type Item, itemsOf, keyOf, nameOf } from "../../../app/sql/items.ts";
import { carryConversation, conversationChange } from "../../../app/store/dynamodb/carry.ts";
import { isDue } from "../../../app/store/dynamodb/table/keys.ts";
import { eachBatch } from "../../migrate/source.ts";
import type { Counted } from "./changes.ts";
import { putItem } from "./items.ts";
import type { Pass } from "./pass.ts";

type Place = NonNullable<ReturnType<typeof placeOf>>;

export async function carryWrites(pass: Pass): Promise<void> {
  let items = 0;
  await eachBatch(pass.from, async (batch) => {
    await carry(
      pass,
      batch.filter((item) => isWanted(pass, item)),
    );
    items += batch.length;
    pass.onProgress(`looking for what was written since: ${items.toLocaleString("en")} items`);
  });
}

/** Not what has expired, nor a message that was neither written nor rated since. */
function isWanted({ since, request, erasing }: Pass, item: Item): boolean {
  const { pk, sk } = keyOf(item);
  const { expiresAt } = item;
  if (typeof expiresAt === "number" && expiresAt * 1000 <= request.now().getTime()) return false;
  const place = placeOf(pk, sk);
  if (place === undefined) return !isDue({ pk, sk });
  const { user, conversation, kind, name } = place;
  if (erasing.has(user) || request.leave.has(user)) return false;
  if (request.leave.has(conversation ?? (kind === "CONV" ? name : ""))) return false;
  return kind !== "MSG" || isSince(item, since) || isRatedSince(item, since);
}

async function carry(pass: Pass, items: readonly Item[]): Promise<void> {
  const restored = await itemsOf(pass.to, items.map(keyOf));
  for (const item of items) {
    const there = restored.get(nameOf(item));
    const { pk, sk } = keyOf(item);
    const place = placeOf(pk, sk);
    if (place === undefined) await carryTenantItem(pass, item, there, pk);
    else if (place.kind === "CONV" && place.conversation === undefined) {
      await carryHeader(pass, item, there, place);
    } else if (place.kind === "MSG") await carryMessage(pass, item, there, place);
    else await carryUserItem(pass, item, there, place);
  }
}

async function carryHeader(pass: Pass, item: Item, there: Item | undefined, place: Place) {
  const { from, to, since, request, tally } = pass;
  const { user, name: conversation } = place;
  const now = request.now();
  const found = conversationChange(item, there, { since, now });
  if (found.change === "same") return;
  if (found.change === "deleted" && request.deletions === "restored") return;
  const done =
    request.mode === "list"
      ? found
      : await carryConversation({ from, to, since }, user, conversation);
  if (done.left !== undefined) tally.leave({ user, conversation, why: done.left });
  if (done.change === "same") return;
  // What a hole keeps from being carried over is no change in each run anew.
  if (done.left !== undefined && done.messages === 0) return;
  tally.conversation({ user, conversation, change: done.change, messages: done.messages });
}

/** One that stands in both and was rated, or written anew in its place, since. */
async function carryMessage(pass: Pass, item: Item, there: Item | undefined, place: Place) {
  const { to, since, request, tally } = pass;
  const { user, conversation = "" } = place;
  // A new one comes with its conversation.
  if (there === undefined || isDeepStrictEqual(item, there)) return;
  const { feedback: _, ...words } = item;
  const { feedback: __, ...wordsThere } = there;
  if (!isSince(item, since) && !isDeepStrictEqual(words, wordsThere)) {
    tally.leave({ user, conversation, why: "a message was changed, and not by the app" });
    return;
  }
  if (isSameMessage(item, there)) return;
  tally.add("messages rated or replaced", user);
  if (request.mode === "bring-over") await putItem(to, item);
}

/** An import may have put the same content elsewhere in the bucket: its own name is no difference. */
function isSameMessage({ object, ...one }: Item, { object: other, ...another }: Item): boolean {
  return object !== undefined && other !== undefined && isDeepStrictEqual(one, another);
}

const kinds: Readonly<Record<string, Counted>> = {
  PROFILE: "profiles",
  DOC: "documents",
  SESSION: "records",
  STATE: "records",
  TOKEN: "tokens",
  USAGE: "usage counters",
  IDEM: "request records",
};

async function carryUserItem(pass: Pass, item: Item, there: Item | undefined, place: Place) {
  const { to, since, request, tally } = pass;
  const { user, kind } = place;
  if (isDeepStrictEqual(item, there)) return;
  // Begun and not finished: its next state follows.
  if (kind === "DOC" && item.status === "deleting") return;
  // Only a script changes one without noting when.
  const isNoted = item.updatedAt === undefined || isUpdatedSince(item, since);
  if (there !== undefined && !isNoted) {
    return tally.leave({ user, conversation: "", why: `${kind} was changed, and not by the app` });
  }
  tally.add(kinds[kind] ?? "other items", user);
  if (request.mode === "bring-over") await putItem(to, item);
}

/** Audit entries, receipts of erasures, what the tenant's processes share. */
async function carryTenantItem(pass: Pass, item: Item, there: Item | undefined, pk: string) {
  const { to, request, tally } = pass;
  const isReceipt = pk.startsWith("ERASURE#");
  if (isReceipt ? isDeepStrictEqual(item, there) : there !== undefined) return;
  tally.add(pk.startsWith("AUDIT#") ? "audit entries" : "other items", undefined);
  if (request.mode === "bring-over") await putItem(to, item);
}

const isSince = ({ timestamp }: Item, since: Date): boolean => new Date(String(timestamp)) >= since;

const isUpdatedSince = ({ updatedAt }: Item, since: Date): boolean =>
  new Date(String(updatedAt)) >= since;

function isRatedSince({ feedback }: Item, since: Date): boolean {
  if (typeof feedback !== "object" || feedback === null || !("timestamp" in feedback)) return false;
  return new Date(String(feedback.timestamp)) >= since;
}
