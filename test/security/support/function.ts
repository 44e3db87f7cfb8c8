import type { Fetcher } from "../../../app/lambda/answer.ts";
import { bufferedHandler } from "../../../app/lambda/buffered.ts";
import type { ProxyEvent } from "../../../app/lambda/event.ts";
import { claimsOf } from "../../../testing/app/api.ts";
import { eventOf } from "../../../testing/app/lambda.ts";

export interface FunctionRequest {
  /** Null: the gateway let a request through without claims. */
  readonly claims?: object | null;
  readonly query?: Readonly<Record<string, string | readonly string[]>>;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Buffer | undefined;
  readonly domainName?: string;
}

export interface FunctionAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

export const asUser = (user: string, changes: Record<string, string | undefined> = {}) => ({
  claims: claimsOf(user, changes),
});

/** Calls the app as API Gateway does, through the entry that Lambda runs: its raw strings, its claims. */
export async function call(
  { app }: { readonly app: Fetcher },
  method: string,
  path: string,
  { claims = null, query, headers = {}, body, domainName }: FunctionRequest = {},
): Promise<FunctionAnswer> {
  const event = eventOf(method, path);
  const lists = (values: NonNullable<FunctionRequest["query"]>) =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, [value].flat()]));
  const changed: ProxyEvent = {
    ...event,
    headers: null,
    multiValueHeaders: lists(headers),
    multiValueQueryStringParameters: query === undefined ? null : lists(query),
    requestContext: {
      ...event.requestContext,
      ...(domainName !== undefined && { domainName }),
      authorizer: claims === null ? null : { claims },
    },
    body: body === undefined ? null : body.toString(body instanceof Buffer ? "base64" : undefined),
    isBase64Encoded: body instanceof Buffer,
  };
  const answer = await bufferedHandler(app)(changed);
  return { status: answer.statusCode, headers: answer.headers, text: answer.body };
}

export const json = { "content-type": "application/json" };
