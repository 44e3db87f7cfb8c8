import { pageBytes } from "../../resources/memory.ts";
import type { MessageChanges } from "../conversation-store.ts";
import type { Guard } from "../guard.ts";
import type { Message, MessageEdit } from "../message.ts";
import { StoreError } from "../store-error.ts";
import { checkGuard } from "./arrival.ts";
import {
  editsOf,
  gonePlace,
  isGone,
  isPlace,
  type LiveDocument,
  messageAt,
  noteOf,
} from "./document.ts";

/** The document with one message changed, or deleted without an edit. */
export function edited(
  found: LiveDocument,
  messageId: string,
  edit: MessageEdit | undefined,
  guard: Guard | undefined,
  now: Date,
): LiveDocument {
  if (found.state !== "active") throw new StoreError("not-active");
  checkGuard(found, guard);
  const { sequence, timestamp } = messageAt(found, messageId);
  const editedAt = now.toISOString();
  const messages = found.messages.map((message) => {
    if (message.sequence !== sequence) return message;
    if (edit === undefined) return gonePlace(sequence, timestamp);
    const { parts: _, ...others } = message;
    const { content, parts } = edit;
    return { ...others, content, ...(parts !== undefined && { parts: [...parts] }), editedAt };
  });
  return {
    ...found,
    messages,
    edits: [...editsOf(found, now), noteOf(sequence, found.version + 1, now)],
    editedVersion: found.version + 1,
    updatedAt: editedAt > found.updatedAt ? editedAt : found.updatedAt,
    version: found.version + 1,
  };
}

export function changesOf(
  found: LiveDocument,
  { since, limit }: { readonly since: number; readonly limit: number },
  now: Date,
): MessageChanges {
  const edits = editsOf(found, now).filter(({ version }) => version > since);
  const items: Message[] = [];
  const deleted: string[] = [];
  const looked = new Set<number>();
  let bytes = 0;
  let version = since;
  for (const edit of edits) {
    const message = found.messages[edit.sequence - 1 - found.cleared];
    if (!looked.has(edit.sequence)) {
      bytes += message === undefined ? 0 : Buffer.byteLength(JSON.stringify(message));
      // What one version did is told together.
      const isFull = edit.version > version && (looked.size >= limit || bytes > pageBytes);
      if (isFull && looked.size > 0) return { items, deleted, version, more: true };
      looked.add(edit.sequence);
      if (message === undefined || isGone(message)) deleted.push(String(edit.sequence));
      else if (!isPlace(message)) items.push(message);
    }
    version = edit.version;
  }
  return { items, deleted, version: Math.max(since, found.version), more: false };
}
