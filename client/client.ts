/** The client, its requests typed by the API's routes, and the walk through a list. */
import { hc } from "hono/client";
import type { App } from "../app/app.ts";

export interface ClientOptions {
  /** Where the tenant's API is, e.g. `https://….execute-api.us-east-1.amazonaws.com/v1`. */
  readonly url: string;
  /** Asked before every request, so that a token may be renewed between two. */
  readonly token: () => string | Promise<string>;
  /** Default: the global one. */
  readonly fetch?: typeof fetch;
}

export type Client = ReturnType<typeof createClient>;

/**
 * Every route by its path and method, with the types of the contract:
 *
 * ```ts
 * const api = createClient({ url, token: () => session.accessToken });
 * const { items } = await result(api.conversations.$get({ query: { limit: "20" } }));
 * ```
 */
export function createClient({ url, token, fetch }: ClientOptions) {
  return hc<App>(url, {
    headers: async () => ({ authorization: `Bearer ${await token()}` }),
    ...(fetch !== undefined && { fetch }),
  });
}

interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

/** Every item of a list: `everyItem((page) => result(api.conversations.$get({ query: page })))`. */
export async function* everyItem<T>(
  readPage: (page: { cursor?: string }) => Promise<Page<T>>,
): AsyncGenerator<T> {
  let cursor: string | undefined;
  do {
    const page: Page<T> = await readPage(cursor === undefined ? {} : { cursor });
    yield* page.items;
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
}
