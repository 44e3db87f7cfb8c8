import { type ConversationChanges, tombstoneDays, trashDays } from "../conversation-store.ts";
import { epochSeconds, recordLifeSeconds } from "../expiry.ts";
import { type Document, type LiveDocument, newestOf, settingsOf } from "./document.ts";

const daySeconds = 24 * 60 * 60;

/** The document with what is named changed. */
export function revised(
  found: LiveDocument,
  { title, modelId = found.modelId, state, pinned, settings, metadata, tags }: ConversationChanges,
  now: Date,
): LiveDocument {
  const purgeAt = new Date(now.getTime() + trashDays * daySeconds * 1000).toISOString();
  return {
    ...found,
    // Whoever names it, it is a person's now.
    ...(title !== undefined && { title, autoTitle: undefined }),
    modelId,
    pinned: pinned ?? found.pinned,
    settings: { ...found.settings, ...settingsOf(settings, found.settings) },
    metadata: { ...(metadata ?? found.metadata) },
    tags: [...(tags ?? found.tags)],
    ...(state !== undefined && { state, purgeAt: state === "trashed" ? purgeAt : null }),
    updatedAt: now.toISOString(),
    version: found.version + 1,
  };
}

/** The document without its messages; the sequence goes on. */
export function cleared(found: LiveDocument, now: Date): LiveDocument {
  const newest = newestOf(found);
  return {
    ...found,
    cleared: newest,
    messages: [],
    lastRead: newest,
    updatedAt: now.toISOString(),
    version: found.version + 1,
  };
}

/** What stands in the place of a deleted conversation. */
export function tombstone({ createdBy }: Pick<LiveDocument, "createdBy">, now: Date): Document {
  const seconds = epochSeconds(now);
  return {
    state: "deleted",
    createdBy,
    takenUntil: seconds + recordLifeSeconds,
    expiresAt: seconds + tombstoneDays * daySeconds,
  };
}
