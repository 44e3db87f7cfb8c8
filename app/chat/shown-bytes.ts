import type { Library } from "../documents/library.ts";
import { type ChatModel, isTaken, type Prompt } from "../models/chat-model.ts";
import { type BytesPart, bytesParts } from "../parts/parts.ts";

/** The most images and files that Converse takes in one request (Amazon Bedrock, 2026-11). */
const mostImages = 20;
const mostFiles = 5;
/** Bytes of all images and files together: they are held in memory and sent in one request. */
const mostBytes = 12_000_000;

/**
 * Loads the images and files of a prompt that the model takes, the newest first, within the limits above. The model
 * is only told of the others: those beyond the limits, those whose document is gone, and those that have only a URL.
 */
export async function shownBytes(
  library: Pick<Library, "read">,
  user: string,
  { takes }: ChatModel,
  { messages }: Prompt,
): Promise<{ readonly bytes?: ReadonlyMap<BytesPart, Uint8Array> }> {
  const room = { image: mostImages, file: mostFiles };
  const bytes = new Map<BytesPart, Uint8Array>();
  let left = mostBytes;
  const newest = messages.flatMap(({ parts = [] }) => bytesParts(parts)).toReversed();
  for (const part of newest) {
    if (!isTaken(part, takes) || room[part.type] === 0) continue;
    const found = await load(library, user, part);
    if (found === undefined || found.length > left) continue;
    left -= found.length;
    room[part.type]--;
    bytes.set(part, found);
  }
  return bytes.size === 0 ? {} : { bytes };
}

async function load(library: Pick<Library, "read">, user: string, part: BytesPart) {
  if (part.data !== undefined) return Buffer.from(part.data, "base64");
  return part.document === undefined ? undefined : library.read(user, part.document);
}
