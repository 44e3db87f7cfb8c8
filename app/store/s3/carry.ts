import { isDeepStrictEqual } from "node:util";
import * as z from "zod";
import { isGone, isPlace, type LiveDocument, storedMessage } from "./document.ts";

const fields = z.record(z.string(), z.unknown());
const stored = z.looseObject({ messages: z.array(fields).default([]) });

/**
 * The document to write, with whatever a later version keeps in it beside what we know: a rollback must
 * not lose it. A message that gave way takes its own along.
 */
export function carry(raw: unknown, next: LiveDocument): unknown {
  const before = stored.safeParse(raw).data;
  if (before === undefined) return next;
  const messages = next.messages.map((message, index) => {
    const known = before.messages[index];
    if (isPlace(message) && known !== undefined) return known;
    const isThere =
      known !== undefined &&
      known.sequence === message.sequence &&
      known.timestamp === message.timestamp;
    if (isGone(message)) {
      const isKnown = isThere && "deletedAt" in known;
      return isKnown ? known : storedMessage(message, next.updatedAt);
    }
    const isSame =
      isThere &&
      (message.editedAt !== null ||
        (isDeepStrictEqual(known.content, message.content) &&
          "parts" in known === "parts" in message));
    if (!isSame) return message;
    const { parts: _, ...others } = known;
    return { ...others, ...message };
  });
  return { ...before, ...next, messages };
}
