import { zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { newIdentifier } from "../../../http/identifiers.ts";
import type { ListedObject } from "../../../objects/object-store.ts";
import { packParts, unpackParts } from "../../../parts/stored.ts";
import { bucketFolders } from "../../../resources/bucket.ts";
import type { Message } from "../../message.ts";
import { StoreError } from "../../store-error.ts";
import { contentsOf } from "../erasing/orphans.ts";
import { dropObjects, note, noteWith, takeBackWith } from "../maintenance/leftovers.ts";
import { identifier } from "../table/keys.ts";
import type { TableAccess } from "../table/table-access.ts";
import type { TransactItems } from "../table/transaction.ts";

/** Bytes of UTF-8 that stand in the item as they are, for everybody to read. */
const plainBytes = 32 * 1024;
/** Compressed bytes that fit into an item of 400 KB beside everything else that a message has. */
const packedBytes = 300_000;

/** The same for parts, which have what the content and all other fields leave of an item. */
const partsBytes = 12 * 1024;

/**
 * Where a content and its parts are: in the item, in the item compressed, or in an object of that name. Laid
 * over a message's attributes, it also takes the content out of them.
 */
export interface StoredContent {
  readonly content?: string | undefined;
  readonly packed?: Uint8Array | undefined;
  readonly object?: string | undefined;
  /** See `packParts`. */
  readonly parts?: string | undefined;
  readonly packedParts?: Uint8Array | undefined;
  readonly partsObject?: string | undefined;
}

type Content = Pick<Message, "content" | "parts">;

/** A content as an item can hold it, or, as `outside`, what no item can. */
export interface PackedContent extends StoredContent {
  readonly outside?: Uint8Array | undefined;
  readonly outsideParts?: Uint8Array | undefined;
}

/** Touches nothing yet: whether a message is taken is decided before anything of it is stored. */
export function packContents(contents: readonly Content[]): readonly PackedContent[] {
  return contents.map(({ content, parts }) => {
    const { plain, ...text } = pack(content, plainBytes, packedBytes);
    if (parts === undefined) return { content: plain, ...text };
    const kept = pack(packParts(parts), partsBytes, partsBytes);
    return {
      content: plain,
      ...text,
      parts: kept.plain,
      packedParts: kept.packed,
      outsideParts: kept.outside,
    };
  });
}

function pack(text: string, mostPlain: number, mostPacked: number) {
  if (Buffer.byteLength(text) <= mostPlain) return { plain: text };
  const packed = zstdCompressSync(text);
  return packed.length <= mostPacked ? { packed } : { outside: packed };
}

export const isOutside = ({ outside, outsideParts }: PackedContent): boolean =>
  outside !== undefined || outsideParts !== undefined;

/** Whether the bucket holds some of it. */
export const isStowed = ({ object, partsObject }: StoredContent): boolean =>
  object !== undefined || partsObject !== undefined;

/** Contents on their way into items, and the part of it that lies in the bucket. */
export interface Stowed {
  readonly contents: readonly StoredContent[];
  /** Belongs into the transaction that writes the items. */
  readonly writes: TransactItems;
  /** Takes back what is stored, unless the transaction was carried out. */
  drop(): Promise<void>;
}

/**
 * Puts what no item can hold into the bucket. First comes a note of the objects, which the transaction
 * takes back: whoever dies in between leaves the note, and the maintenance the rest.
 */
export async function stow(
  table: TableAccess,
  user: string,
  conversation: string,
  packed: readonly PackedContent[],
): Promise<Stowed> {
  if (!packed.some(isOutside)) return { contents: packed, writes: [], drop: async () => {} };
  const { objects } = table;
  if (objects === undefined) throw new StoreError("full");
  const prefix = overflowPrefix(user, conversation);
  const stowed: { readonly key: string; readonly body: Uint8Array }[] = [];
  const place = (body: Uint8Array | undefined) => {
    if (body === undefined) return undefined;
    const name = newIdentifier();
    stowed.push({ key: `${prefix}${name}`, body });
    return name;
  };
  const contents = packed.map(({ outside, outsideParts, ...content }) => ({
    ...content,
    object: place(outside),
    partsObject: place(outsideParts),
  }));
  const keys = stowed.map(({ key }) => key);
  const noted = await note(table, { kind: "objects", objects: keys });
  const drop = () => dropObjects(table, noted, keys);
  try {
    await Promise.all(
      stowed.map(({ key, body }) =>
        // Nobody else has the name, and the SDK may put it twice.
        objects.put(key, body, { contentType: "application/zstd", when: "always" }),
      ),
    );
  } catch (error) {
    await drop().catch(() => {});
    throw error;
  }
  return { contents, writes: [takeBackWith(table, noted)], drop };
}

/**
 * For messages that give way: their objects, noted in the transaction that makes them unused. `undefined`
 * where there are none.
 */
export async function stowedBefore(
  table: TableAccess,
  user: string,
  conversation: string,
  first: number,
  last: number,
): Promise<{ readonly write: TransactItems[number]; drop(): Promise<void> } | undefined> {
  const names = await contentsOf(table, user, conversation, { first, last });
  if (names.size === 0) return undefined;
  const keys = [...names].map((name) => `${overflowPrefix(user, conversation)}${name}`);
  const { put, ...noted } = noteWith(table, { kind: "objects", objects: keys });
  return { write: put, drop: () => dropObjects(table, noted, keys) };
}

export async function readContent(
  table: TableAccess,
  user: string,
  conversation: string,
  stored: StoredContent,
): Promise<Content> {
  const prefix = overflowPrefix(user, conversation);
  const load = async (object: string | undefined) => {
    if (object === undefined) return undefined;
    const found = await table.objects?.get(`${prefix}${object}`);
    // The item was replaced or deleted since it was read, and its object with it.
    if (found === undefined) throw new StoreError("busy");
    return unpack(found.body);
  };
  const [text, kept] = await Promise.all([load(stored.object), load(stored.partsObject)]);
  const content = text ?? contentOf(stored);
  const parts =
    kept ?? (stored.packedParts === undefined ? stored.parts : unpack(stored.packedParts));
  return parts === undefined ? { content } : { content, parts: unpackParts(parts, content) };
}

/** The content lies where this version does not look for it. */
export class UnknownContent extends Error {
  override readonly name = "UnknownContent";
}

/** The content that stands in the item itself. */
function contentOf({ content, packed }: StoredContent): string {
  if (content !== undefined) return content;
  if (packed !== undefined) return unpack(packed);
  throw new UnknownContent("a message without content");
}

export async function deleteOverflow(
  table: TableAccess,
  user: string,
  conversation: string,
): Promise<void> {
  if (table.objects === undefined) return;
  const found: ListedObject[] = [];
  for await (const object of table.objects.list(overflowPrefix(user, conversation))) {
    found.push(object);
  }
  await table.objects.delete(found.map(({ key }) => key));
}

export function overflowPrefix(user: string, conversation: string): string {
  return `${bucketFolders.messages.prefix}${identifier(user)}/${identifier(conversation)}/`;
}

function unpack(packed: Uint8Array): string {
  return zstdDecompressSync(packed).toString();
}
