/**
 * `app/documents/`: documents that users upload: how they are read, kept, searched and attached to
 * messages.
 */
import { type FieldError, Problem } from "../http/problem.ts";
import { isImage } from "../parts/media.ts";
import { type BytesPart, fileBytes, imageBytes, type MessagePart } from "../parts/parts.ts";
import { StoreError } from "../store/store-error.ts";
import type { Library } from "./library.ts";
import type { Document } from "./types.ts";

interface Attaching {
  readonly documents: readonly string[];
  readonly parts?: readonly MessagePart[] | undefined;
}

/**
 * The problem `validation` unless each document is one of the user's that is ready, and each image or file
 * among the parts is of the type that it says, and small enough to be sent to a model.
 */
export async function requireDocuments(
  library: Pick<Library, "get">,
  user: string,
  { documents, parts = [] }: Attaching,
): Promise<void> {
  const named = documents.map((id, index) => ({
    id,
    pointer: `/documents/${index}`,
    part: undefined,
  }));
  const bytes = placed(parts, "/parts");
  const referred = bytes.flatMap(({ part, pointer }) =>
    part.document === undefined
      ? []
      : [{ id: part.document, pointer: `${pointer}/document`, part }],
  );
  const looked = await Promise.all(
    [...named, ...referred].map(async ({ id, pointer, part }) => ({
      pointer,
      message: faultOf(await ready(library, user, id), part),
    })),
  );
  const inline = bytes.map(({ part, pointer }) => ({
    pointer: `${pointer}/data`,
    message: part.data === undefined ? undefined : faultOfBytes(part, part.data),
  }));
  const errors = [...looked, ...inline].flatMap(({ pointer, message }): FieldError[] =>
    message === undefined ? [] : [{ in: "body", pointer, message }],
  );
  if (errors.length > 0) throw new Problem("validation", { errors });
}

/** Every image and file, with where it stands in the body. */
function placed(
  parts: readonly MessagePart[],
  path: string,
): { readonly part: BytesPart; readonly pointer: string }[] {
  return parts.flatMap((part, index) => {
    const pointer = `${path}/${index}`;
    if (part.type === "tool-result") return placed(part.content ?? [], `${pointer}/content`);
    return part.type === "image" || part.type === "file" ? [{ part, pointer }] : [];
  });
}

function faultOf(found: Document | undefined, part: BytesPart | undefined): string | undefined {
  if (found === undefined) return "is no document that is ready";
  if (part === undefined) return undefined;
  if (found.type !== part.mediaType) return `is a document of type ${found.type}`;
  const most = part.type === "image" ? imageBytes : fileBytes;
  return found.size > most ? `has ${found.size} bytes, and a model takes ${most}` : undefined;
}

function faultOfBytes(part: BytesPart, data: string): string | undefined {
  const isOther = part.type === "image" && !isImage(part.mediaType, Buffer.from(data, "base64"));
  return isOther ? `is no ${part.mediaType}` : undefined;
}

async function ready(
  library: Pick<Library, "get">,
  user: string,
  id: string,
): Promise<Document | undefined> {
  try {
    const document = await library.get(user, id);
    return document.status === "ready" ? document : undefined;
  } catch (error) {
    if (error instanceof StoreError && error.kind === "not-found") return undefined;
    throw error;
  }
}
