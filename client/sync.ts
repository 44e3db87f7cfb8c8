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
  /** Forgets everything: the cursor has expired, and the next page begins anew. */
  readonly clear: () => void | Promise<void>;
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
