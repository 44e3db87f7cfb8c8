import { isIdentifier } from "../http/identifiers.ts";
import { bucketFolders } from "../resources/bucket.ts";

/**
 * Where the bytes of a document lie. An upload goes to a place of its own and is copied from there
 * when it is complete: a grant that is used again touches nothing that was read, and the bucket's
 * life cycle drops what nobody completes.
 */
export const uploadFolder = bucketFolders.uploads.prefix;
export const documentFolder = bucketFolders.documents.prefix;
export const passageFolder = bucketFolders.passages.prefix;

export const documentFolders = [uploadFolder, documentFolder, passageFolder] as const;

export function uploadKey(user: string, id: string): string {
  return key(uploadFolder, user, id);
}

export function documentKey(user: string, id: string): string {
  return key(documentFolder, user, id);
}

export function passageKey(user: string, id: string): string {
  return `${key(passageFolder, user, id)}.json`;
}

/** Every object of a document. */
export function documentKeys(user: string, id: string): readonly string[] {
  return [uploadKey(user, id), documentKey(user, id), passageKey(user, id)];
}

/** Everything of a user that the bucket holds, whatever wrote it. */
export function userFolders(user: string): readonly string[] {
  if (!isIdentifier(user)) {
    throw new TypeError("not an identifier: it must not become part of a key");
  }
  return Object.values(bucketFolders).map(({ prefix }) => `${prefix}${user}/`);
}

/** The user is the token's, the id ours; this is the last door before a key is built. */
function key(folder: string, user: string, id: string): string {
  if (!isIdentifier(user) || !isIdentifier(id)) {
    throw new TypeError("not an identifier: it must not become part of a key");
  }
  return `${folder}${user}/${id}`;
}
