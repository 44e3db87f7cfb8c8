/** The client, its requests typed by the API's OpenAPI document, and the walk through a list. */
import createFetchClient, { type Client as FetchClient } from "openapi-fetch";
import type { paths } from "./contract.ts";
import { type TransportOptions, transport } from "./transport.ts";

export interface ClientOptions extends TransportOptions {
  /** The address of the tenant's API, e.g. `https://….execute-api.us-east-1.amazonaws.com/v1`. */
  readonly url: string;
}

export type Client = FetchClient<paths, `${string}/${string}`>;

/**
 * Every route by its method and path, with the types of the contract:
 *
 * ```ts
 * const api = createClient({ url, token: () => session.accessToken });
 * const { items } = await result(api.GET("/conversations", { params: { query: { limit: 20 } } }));
 * ```
 *
 * The client asks `token` before every request. It asks again, once, when the API answers 401, and
 * it repeats what failed and is safe to repeat; see `TransportOptions`.
 */
export function createClient({ url, ...options }: ClientOptions): Client {
  return createFetchClient<paths>({ baseUrl: url, fetch: transport(options) });
}

interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

/**
 * Every item of a list:
 *
 * ```ts
 * everyItem((cursor) => result(api.GET("/conversations", { params: { query: { cursor } } })))
 * ```
 */
export async function* everyItem<T>(
  readPage: (cursor: string | undefined) => Promise<Page<T>>,
): AsyncGenerator<T> {
  let cursor: string | undefined;
  do {
    const page: Page<T> = await readPage(cursor);
    yield* page.items;
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
}
