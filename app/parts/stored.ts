import * as z from "zod";
import { type MessagePart, messagePart } from "./parts.ts";

/** Where the text of a part stands in the content, so that it is kept once: UTF-16 units from the part before. */
const slice = z.looseObject({ type: z.literal("text"), length: z.number().int().min(0) });
const rest = z.looseObject({ type: z.string() });
const stored = z.array(z.union([slice, rest]));

/** The parts as they are kept beside the content. */
export function packParts(parts: readonly MessagePart[]): string {
  return JSON.stringify(
    parts.map((part) => {
      if (part.type !== "text") return part;
      const { text, ...others } = part;
      return { ...others, length: text.length };
    }),
  );
}

/**
 * The parts, given what was kept and the content.
 *
 * @throws ZodError for what this version does not know.
 */
export function unpackParts(kept: string, content: string): readonly MessagePart[] {
  let offset = 0;
  return stored.parse(JSON.parse(kept)).map((part) => {
    const known = slice.safeParse(part).data;
    if (known === undefined) return messagePart.parse(part);
    const { length, ...others } = known;
    const text = content.slice(offset, offset + length);
    offset += length;
    return messagePart.parse({ ...others, text });
  });
}
