import { isDeepStrictEqual } from "node:util";
import * as z from "zod";
import { isPlace, type LiveDocument } from "./document.ts";

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
    const isSame =
      known !== undefined &&
      known.timestamp === message.timestamp &&
      isDeepStrictEqual(known.content, message.content);
    return isSame ? { ...known, ...message } : message;
  });
  return { ...before, ...next, messages };
}
