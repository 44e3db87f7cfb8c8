import { EventRequest } from "./event-request.ts";

/** A proxy event of a REST API (payload format 1.0), as far as we read it. */
export interface ProxyEvent {
  readonly httpMethod: string;
  /** Without the stage. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>> | null;
  readonly multiValueHeaders?: Readonly<Record<string, readonly string[]>> | null;
  /** Decoded, unlike in a URL. */
  readonly multiValueQueryStringParameters?: Readonly<Record<string, readonly string[]>> | null;
  readonly queryStringParameters?: Readonly<Record<string, string>> | null;
  readonly body?: string | null;
  readonly isBase64Encoded?: boolean;
  readonly requestContext: {
    readonly requestId: string;
    readonly domainName?: string;
    readonly authorizer?: { readonly claims?: unknown } | null;
  };
}

/** The part of Lambda's context object that the app uses. */
export interface InvocationContext {
  getRemainingTimeInMillis(): number;
}

/** What the app is given beside the request. */
export function bindingsOf({ requestContext }: ProxyEvent, context?: InvocationContext) {
  return {
    claims: requestContext.authorizer?.claims,
    requestId: requestContext.requestId,
    ...(context && { deadline: Date.now() + context.getRemainingTimeInMillis() }),
  };
}

/** Throws a TypeError for what no request can hold as it came, e.g. a header's name with a blank or the path `/../x`. */
export function requestOf(event: ProxyEvent, signal?: AbortSignal): Request {
  const body = bodyOf(event);
  return new EventRequest({
    url: urlOf(event).href,
    method: event.httpMethod,
    headers: headersOf(event, body),
    body,
    signal,
  });
}

function urlOf(event: ProxyEvent): URL {
  const { path, requestContext } = event;
  const host = requestContext.domainName ?? "localhost";
  const url =
    isPlain.test(path) && isHost.test(host)
      ? new URL(`https://${host}${path}`)
      : composed(host, path);
  for (const [name, values] of entries(
    event.multiValueQueryStringParameters,
    event.queryStringParameters,
  )) {
    for (const value of values) url.searchParams.append(name, value);
  }
  return url;
}

function composed(host: string, path: string): URL {
  const url = new URL(`https://${host}`);
  // Nothing but a host: a gateway that takes it from the `Host` header may hand over more.
  url.search = "";
  url.hash = "";
  // The setter escapes `?` and `#`, which a path that was decoded on its way may hold: pasted into
  // a URL, `/conversations/a#b` would read as conversation `a`.
  url.pathname = path;
  // It also resolves `..` and turns `\` into `/`: what came past the gateway as one path would be routed
  // as another.
  if (url.pathname.split("/").length !== path.split("/").length) {
    throw new TypeError("a path of other segments than were sent");
  }
  return url;
}

/** A path in which nothing is escaped, resolved or cut off. */
const isPlain = /^(?:\/[\w-]+)+$/;
const isHost = /^[\w.-]+(?::\d+)?$/;

function headersOf(event: ProxyEvent, body: string | Buffer | null): Headers {
  const headers = new Headers();
  for (const [name, values] of entries(event.multiValueHeaders, event.headers)) {
    for (const value of values) headers.append(name, value);
  }
  // They spoke of the body on its way to the gateway; the limit on bodies must count what is here.
  headers.delete("transfer-encoding");
  headers.delete("content-length");
  if (body !== null) headers.set("content-length", String(Buffer.byteLength(body)));
  return headers;
}

function entries(
  multiple: Readonly<Record<string, readonly string[]>> | null | undefined,
  single: Readonly<Record<string, string>> | null | undefined,
): (readonly [string, readonly string[]])[] {
  if (multiple) return Object.entries(multiple);
  return Object.entries(single ?? {}).map(([name, value]) => [name, [value]] as const);
}

/**
 * Whether the text of a body is what the client sent. The gateway puts U+FFFD in the place of bytes that are no
 * UTF-8, which changes the length that the client gave; a U+FFFD of the client's own does not.
 */
export function isAsSent({
  body,
  isBase64Encoded,
  headers,
  multiValueHeaders,
}: ProxyEvent): boolean {
  if (!body?.includes("\uFFFD") || isBase64Encoded) return true;
  const length = entries(multiValueHeaders, headers).find(
    ([name]) => name.toLowerCase() === "content-length",
  )?.[1][0];
  return length === undefined || Number(length) === Buffer.byteLength(body);
}

function bodyOf({ httpMethod, body, isBase64Encoded }: ProxyEvent) {
  // A GET with a body is legal HTTP, but no `Request` takes one.
  if (!body || httpMethod === "GET" || httpMethod === "HEAD") return null;
  return isBase64Encoded ? Buffer.from(body, "base64") : body;
}
