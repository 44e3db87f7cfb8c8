import type { Client } from "./client.ts";
import type { components } from "./contract.ts";
import { ApiProblem, result } from "./problem.ts";

export type Conversation = components["schemas"]["Conversation"];

/** Where an application keeps its copy of the conversation list: memory, IndexedDB, SQLite. */
export interface ConversationCache {
  /** Of the last `apply`; undefined at first. */
  readonly cursor: () => string | undefined | Promise<string | undefined>;
  /**
   * Takes a page of changes over, with its cursor, in one transaction if the cache has them. A change
   * may be told again: replace by `id`, unless the copy has a higher `version` of the same `createdAt`.
   */
  readonly apply: (changes: {
    readonly changed: readonly Conversation[];
    readonly deleted: readonly string[];
    readonly cursor: string;
  }) => void | Promise<void>;
  /** Forgets everything: the cursor has expired, and the next page starts again. */
  readonly clear: () => void | Promise<void>;
}

export type Message = components["schemas"]["Message"];

/** Where an application keeps its copy of one conversation's messages. */
export interface MessageCache {
  /** Takes messages over, each by its id, and drops those that are gone. */
  readonly apply: (changes: {
    readonly changed: readonly Message[];
    readonly deleted: readonly string[];
  }) => void | Promise<void>;
}

/**
 * Brings the messages of a conversation up to date: those edited and deleted since the version that the copy was made of,
 * then the new ones. Note `conversation.version` when it is done. Where the newest answer may have been made anew, let
 * `sequence` be that of the message before it.
 */
export async function syncMessages(
  api: Client,
  conversation: Pick<Conversation, "id" | "editedVersion">,
  held: { readonly version: number; readonly sequence: number },
  cache: MessageCache,
): Promise<void> {
  const path = { id: conversation.id };
  for (let since = held.version; since < (conversation.editedVersion ?? 0); ) {
    const page = await result(
      api.GET("/conversations/{id}/changes", { params: { path, query: { since } } }),
    );
    await cache.apply({ changed: page.items, deleted: page.deleted });
    since = page.version;
    if (!page.more) break;
  }
  let cursor: string | undefined;
  do {
    const query = cursor === undefined ? { after: held.sequence } : { cursor };
    const page = await result(api.GET("/conversations/{id}/messages", { params: { path, query } }));
    await cache.apply({ changed: page.items, deleted: page.deleted ?? [] });
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
}

/** Brings the cache up to date. Safe to stop at any time: the next call goes on from its cursor. */
export async function syncConversations(
  api: Client,
  cache: ConversationCache,
  { signal }: { readonly signal?: AbortSignal } = {},
): Promise<void> {
  let hasBegunAnew = false;
  for (;;) {
    const cursor = await cache.cursor();
    const query = cursor === undefined ? {} : { cursor };
    const page = await result(
      api.GET("/sync", { params: { query }, ...(signal !== undefined && { signal }) }),
    ).catch((error: unknown) => {
      const isExpired = error instanceof ApiProblem && error.status === 400;
      if (!isExpired || cursor === undefined || hasBegunAnew) throw error;
      return undefined;
    });
    if (page === undefined) {
      hasBegunAnew = true;
      await cache.clear();
      continue;
    }
    await cache.apply({ changed: page.items, deleted: page.deleted, cursor: page.cursor });
    if (!page.more) return;
  }
}
