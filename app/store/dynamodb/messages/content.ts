import { zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { newIdentifier } from "../../../http/identifiers.ts";
import type { ListedObject } from "../../../objects/object-store.ts";
import { bucketFolders } from "../../../resources/bucket.ts";
import { StoreError } from "../../store-error.ts";
import { identifier } from "../table/keys.ts";
import type { TableAccess } from "../table/table-access.ts";

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

/**
 * Puts what no item can hold into the bucket. The object comes first and its name, which nobody had
 * before, goes into the item with the transaction: a crash between the two leaves an object that
 * nothing points to, for the sweep, and never a pointer to nothing.
 */
export async function storeContents(
  table: TableAccess,
  user: string,
  conversation: string,
  contents: readonly string[],
): Promise<readonly StoredContent[]> {
  return Promise.all(
    contents.map(async (content) => {
      if (Buffer.byteLength(content) <= plainBytes) return { content };
      const packed = zstdCompressSync(content);
      if (packed.length <= packedBytes) return { content: undefined, packed };
      if (table.objects === undefined) throw new StoreError("full");
      const object = newIdentifier();
      await table.objects.put(`${overflowPrefix(user, conversation)}${object}`, packed, {
        contentType: "application/zstd",
        // Nobody else has the name, and the SDK may put it twice.
        when: "always",
      });
      return { content: undefined, object };
    }),
  );
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

/** The content that stands in the item itself. */
export function contentOf({ content, packed }: StoredContent): string {
  if (content !== undefined) return content;
  if (packed !== undefined) return unpack(packed);
  throw new Error("the content of this message lies in the bucket");
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
