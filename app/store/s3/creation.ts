import { createHash } from "node:crypto";
import * as z from "zod";
import { ConditionLost, type ObjectStore } from "../../objects/object-store.ts";
import { LostRace, untilWon } from "../contention.ts";
import type { ConversationDraft, Once } from "../conversation-store.ts";
import { epochSeconds, recordLifeSeconds } from "../expiry.ts";
import { StoreError } from "../store-error.ts";
import { settings, settingsOf } from "./document.ts";
import { requestPrefix } from "./history.ts";

const record = z.object({
  bodyHash: z.string(),
  draft: z.object({
    id: z.string(),
    title: z.string(),
    modelId: z.string().nullable(),
    pinned: z.boolean().optional(),
    isUntitled: z.boolean().optional(),
    firstSequence: z.number().optional(),
    settings: settings.optional(),
    metadata: z.record(z.string(), z.string()).optional(),
    tags: z.array(z.string()).readonly().optional(),
  }),
  createdAt: z.string(),
  expiresAt: z.number(),
});
export type CreationRecord = z.infer<typeof record>;

/**
 * Decides what a creation with an idempotency key creates: whoever writes the record first. Then
 * everybody who repeats the request, after a crash too, creates that same conversation.
 */
export async function claimCreation(
  objects: ObjectStore,
  user: string,
  draft: ConversationDraft,
  once: Once,
  now: Date,
): Promise<CreationRecord> {
  const key = keyOf(user, once);
  const expiresAt = epochSeconds(now) + recordLifeSeconds;
  const { settings: said, ...others } = draft;
  const mine = {
    bodyHash: once.bodyHash,
    draft: { ...others, ...(said && { settings: settingsOf(said) }) },
    createdAt: now.toISOString(),
    expiresAt,
  };
  const claim = async (when: "absent" | { etag: string }) => {
    try {
      await objects.put(key, JSON.stringify(mine), { contentType: "application/json", when });
      return true;
    } catch (error) {
      if (error instanceof ConditionLost) return false;
      throw error;
    }
  };
  return untilWon(async () => {
    if (await claim("absent")) return mine;
    const stored = await objects.get(key);
    // Two claims at once may both be refused.
    if (stored === undefined) throw new LostRace();
    const first = record.parse(JSON.parse(Buffer.from(stored.body).toString()));
    if (first.expiresAt <= epochSeconds(now)) {
      if (await claim({ etag: stored.etag })) return mine;
      throw new LostRace();
    }
    if (first.bodyHash !== once.bodyHash) throw new StoreError("key-reused");
    return first;
  });
}

/** Deletes the record of a refused creation. */
export async function releaseCreation(
  objects: ObjectStore,
  user: string,
  once: Once,
): Promise<void> {
  await objects.delete([keyOf(user, once)]);
}

function keyOf(user: string, { key }: Once): string {
  const hash = createHash("sha256").update(key).digest("base64url");
  return `${requestPrefix(user)}${hash}.json`;
}
