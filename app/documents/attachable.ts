/**
 * `app/documents/`: documents that users upload: how they are read, kept, searched and attached to
 * messages.
 */
import { type FieldError, Problem } from "../http/problem.ts";
import { StoreError } from "../store/store-error.ts";
import type { Library } from "./library.ts";

/** The problem `validation` unless each is a document of the user that is ready. */
export async function requireDocuments(
  library: Library,
  user: string,
  ids: readonly string[],
): Promise<void> {
  const ready = await Promise.all(ids.map((id) => isReady(library, user, id)));
  const errors = ready.flatMap((isFound, index): FieldError[] =>
    isFound
      ? []
      : [{ in: "body", pointer: `/documents/${index}`, message: "is no document that is ready" }],
  );
  if (errors.length > 0) throw new Problem("validation", { errors });
}

async function isReady(library: Library, user: string, id: string): Promise<boolean> {
  try {
    return (await library.get(user, id)).status === "ready";
  } catch (error) {
    if (error instanceof StoreError && error.kind === "not-found") return false;
    throw error;
  }
}
