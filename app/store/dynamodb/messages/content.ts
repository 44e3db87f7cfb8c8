import { zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { newIdentifier } from "../../../http/identifiers.ts";
import type { ListedObject } from "../../../objects/object-store.ts";
import { bucketFolders } from "../../../resources/bucket.ts";
import { StoreError } from "../../store-error.ts";
import { contentsOf } from "../erasing/orphans.ts";
import { dropObjects, note, noteWith, takeBackWith } from "../maintenance/leftovers.ts";
import { identifier } from "../table/keys.ts";
import type { TableAccess } from "../table/table-access.ts";
import type { TransactItems } from "../table/transaction.ts";

/** Bytes of UTF-8 that stand in the item as they are, for everybody to read. */
const plainBytes = 32 * 1024;
/** Compressed bytes that fit into an item of 400 KB beside everything else that a message has. */
const packedBytes = 300 * 1024;

/**
 * Where a content is: in the item, in the item compressed, or in an object of that name. Laid over a
 * message's attributes, it also takes the content out of them.
 */
export interface StoredContent {
  readonly content?: string | undefined;
  readonly packed?: Uint8Array | undefined;
  readonly object?: string | undefined;
}

/** A content as an item can hold it, or, as `outside`, what no item can. */
export interface PackedContent extends StoredContent {
  readonly outside?: Uint8Array;
}

/** Touches nothing yet: whether a message is taken is decided before anything of it is stored. */
export function packContents(contents: readonly string[]): readonly PackedContent[] {
  return contents.map((content) => {
    if (Buffer.byteLength(content) <= plainBytes) return { content };
    const packed = zstdCompressSync(content);
    return {
      content: undefined,
      ...(packed.length <= packedBytes ? { packed } : { outside: packed }),
    };
  });
}

export const isOutside = ({ outside }: PackedContent): boolean => outside !== undefined;

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
  const named = packed.map(({ outside, ...content }) =>
    outside === undefined ? { content } : { content, outside, object: newIdentifier() },
  );
  const keys = named.flatMap(({ object }) => (object === undefined ? [] : `${prefix}${object}`));
  const noted = await note(table, { kind: "objects", objects: keys });
  const drop = () => dropObjects(table, noted, keys);
  try {
    await Promise.all(
      named.map(async ({ outside, object }) => {
        if (outside === undefined || object === undefined) return;
        // Nobody else has the name, and the SDK may put it twice.
        const options = { contentType: "application/zstd", when: "always" } as const;
        await objects.put(`${prefix}${object}`, outside, options);
      }),
    );
  } catch (error) {
    await drop().catch(() => {});
    throw error;
  }
  return {
    contents: named.map(({ content, object }) =>
      object === undefined ? content : { content: undefined, object },
    ),
    writes: [takeBackWith(table, noted)],
    drop,
  };
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
): Promise<string> {
  if (stored.object === undefined) return contentOf(stored);
  const key = `${overflowPrefix(user, conversation)}${stored.object}`;
  const found = await table.objects?.get(key);
  // The item was replaced or deleted since it was read, and its object with it.
  if (found === undefined) throw new StoreError("busy");
  return unpack(found.body);
}

/** The content lies where this version does not look for it. */
export class UnknownContent extends Error {
  override readonly name = "UnknownContent";
}

/** The content that stands in the item itself. */
export function contentOf({ content, packed }: StoredContent): string {
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
