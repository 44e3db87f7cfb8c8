import type { IncomingMessage } from "node:http";
import type { Api } from "./api.ts";
import type { Claims } from "./authorizer.ts";
import type { Match } from "./match.ts";

export interface EventSource {
  readonly api: Api;
  readonly match: Match;
  readonly request: IncomingMessage;
  /** Without stage, percent-encoded. */
  readonly path: string;
  readonly query: string;
  readonly body: Buffer;
  readonly claims: Claims | undefined;
  readonly requestId: string;
  readonly accountId: string;
}

/**
 * A proxy event of a REST API, payload format 1.0 (API Gateway Developer Guide, "Input format of a
 * Lambda function for proxy integration"). REST APIs decode the query but hand the path over as it came.
 */
export function proxyEvent(source: EventSource) {
  const { api, match, request, path } = source;
  const headers = headerLists(request, source.requestId);
  const query = valueLists(new URLSearchParams(source.query));
  const binary = isBinary(api.binaryMediaTypes, request.headers["content-type"]);
  return {
    resource: match.route.resource,
    path,
    httpMethod: request.method ?? "GET",
    headers: lastValues(headers),
    multiValueHeaders: headers,
    queryStringParameters: query && lastValues(query),
    multiValueQueryStringParameters: query,
    pathParameters: match.pathParameters,
    stageVariables: null,
    requestContext: requestContext(source),
    body: source.body.length === 0 ? null : source.body.toString(binary ? "base64" : "utf8"),
    isBase64Encoded: source.body.length > 0 && binary,
  };
}

function requestContext({ api, match, request, path, claims, requestId, accountId }: EventSource) {
  const now = new Date();
  return {
    accountId,
    apiId: api.id,
    ...(claims && { authorizer: { claims } }),
    domainName: request.headers.host ?? "127.0.0.1",
    domainPrefix: api.id,
    extendedRequestId: requestId,
    httpMethod: request.method ?? "GET",
    identity: {
      accessKey: null,
      accountId: null,
      caller: null,
      cognitoAuthenticationProvider: null,
      cognitoAuthenticationType: null,
      cognitoIdentityId: null,
      cognitoIdentityPoolId: null,
      principalOrgId: null,
      sourceIp: request.socket.remoteAddress ?? "127.0.0.1",
      user: null,
      userAgent: request.headers["user-agent"] ?? null,
      userArn: null,
    },
    path: `/${api.stage}${path}`,
    protocol: `HTTP/${request.httpVersion}`,
    requestId,
    requestTime: logTime(now),
    requestTimeEpoch: now.getTime(),
    resourceId: match.route.resource,
    resourcePath: match.route.resource,
    stage: api.stage,
  };
}

type Lists = Record<string, string[]>;

/** Headers in the client's own spelling, with what API Gateway adds. */
function headerLists(request: IncomingMessage, requestId: string): Lists {
  // By lower-case name. A map: a header may be called `constructor` or `__proto__`.
  const lists = new Map<string, { name: string; values: string[] }>();
  const add = (name: string, value: string) => {
    const known = lists.get(name.toLowerCase()) ?? { name, values: [] };
    known.values.push(value);
    lists.set(name.toLowerCase(), known);
  };
  for (let i = 0; i + 1 < request.rawHeaders.length; i += 2) {
    add(request.rawHeaders[i] ?? "", request.rawHeaders[i + 1] ?? "");
  }
  const digits = requestId.replaceAll("-", "");
  const seconds = Math.floor(Date.now() / 1000).toString(16);
  add("X-Amzn-Trace-Id", `Root=1-${seconds}-${digits.slice(0, 24)}`);
  add("X-Forwarded-For", request.socket.remoteAddress ?? "127.0.0.1");
  add("X-Forwarded-Port", String(request.socket.localPort ?? 80));
  add("X-Forwarded-Proto", "http");
  return Object.fromEntries(lists.values().map(({ name, values }) => [name, values]));
}

function valueLists(query: URLSearchParams): Lists | null {
  const names = [...new Set(query.keys())];
  if (names.length === 0) return null;
  return Object.fromEntries(names.map((name) => [name, query.getAll(name)]));
}

const lastValues = (lists: Lists): Record<string, string> =>
  Object.fromEntries(Object.entries(lists).map(([name, values]) => [name, values.at(-1) ?? ""]));

function isBinary(mediaTypes: readonly string[], contentType = "application/json"): boolean {
  const [type, subtype] = contentType.split(";")[0]?.trim().toLowerCase().split("/") ?? [];
  return mediaTypes.some((mediaType) => {
    const [binaryType, binarySubtype] = mediaType.toLowerCase().split("/");
    return (
      (binaryType === "*" || binaryType === type) &&
      (binarySubtype === "*" || binarySubtype === subtype)
    );
  });
}

/** `19/Nov/2026:08:05:03 +0000`, the format of `$context.requestTime`. */
function logTime(date: Date): string {
  const [, day, month, year, time] = date.toUTCString().split(/,? /);
  return `${day}/${month}/${year}:${time} +0000`;
}
