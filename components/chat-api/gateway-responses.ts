/**
 * What API Gateway itself answers before a request reaches the app, in the app's own error format:
 * problem details (RFC 9457), and in its words where the app has the same problem. Response types: API Gateway Developer Guide, "Gateway response types".
 */
export interface GatewayResponse {
  readonly responseType: string;
  /** Absent for the two defaults, which keep whatever status API Gateway chose. */
  readonly statusCode?: string;
  /** Parameter mappings: literal values stand in single quotes. */
  readonly headers?: Record<string, string>;
  readonly body: string;
}

/** @param origins whose pages may read the answers. */
export const gatewayResponses = (origins: readonly string[]): GatewayResponse[] =>
  responses.map((response) =>
    origins.length === 0
      ? response
      : {
          ...response,
          headers: { ...response.headers, ...originHeaders(response.responseType, origins) },
        },
  );

const responses: readonly GatewayResponse[] = [
  {
    ...problem("UNAUTHORIZED", 401, "unauthenticated", "A valid access token is required"),
    // RFC 9110 section 11.6.1: a 401 names the scheme.
    headers: { "gatewayresponse.header.WWW-Authenticate": "'Bearer'" },
  },
  problem("ACCESS_DENIED", 403, "access-denied", "Access is denied"),
  // A block of AWS's own rule groups; the firewall's answer to a flood is a custom one, which goes first.
  problem("WAF_FILTERED", 403, "access-denied", "Access is denied"),
  problem("MISSING_AUTHENTICATION_TOKEN", 404, "not-found", "There is nothing here"),
  problem("REQUEST_TOO_LARGE", 413, "too-large", "The body is too large"),
  {
    ...problem("THROTTLED", 429, "too-many-requests", "Too Many Requests"),
    headers: { "gatewayresponse.header.Retry-After": "'1'" },
  },
  problem("INTEGRATION_TIMEOUT", 504, "timeout", "Gateway Timeout"),
  problem("INTEGRATION_FAILURE", 502, "bad-gateway", "Bad Gateway"),
  defaultProblem("DEFAULT_4XX"),
  defaultProblem("DEFAULT_5XX"),
];

const headerPrefix = "gatewayresponse.header.";

/** Names of the headers that the responses above carry. */
const ownHeaders = [...new Set(responses.flatMap(({ headers = {} }) => Object.keys(headers)))]
  .map((parameter) => parameter.slice(headerPrefix.length))
  .toSorted();

/**
 * A literal holds one origin. For several the request's own is repeated, whosever it is: these answers
 * say nothing of a tenant, and no cookie is ever sent along. What the firewall blocks never reaches a
 * method, so that its answer repeats nothing.
 */
const originHeaders = (
  responseType: string,
  origins: readonly string[],
): Record<string, string> => ({
  "gatewayresponse.header.Access-Control-Allow-Origin":
    origins.length === 1
      ? `'${origins[0]}'`
      : responseType === "WAF_FILTERED"
        ? "'*'"
        : "method.request.header.Origin",
  "gatewayresponse.header.Access-Control-Expose-Headers": `'${ownHeaders.join(",")}'`,
  "gatewayresponse.header.Vary": "'Origin'",
});

function problem(responseType: string, status: number, kind: string, title: string) {
  return {
    responseType,
    statusCode: String(status),
    body: JSON.stringify({ type: `urn:chatstack:problem:${kind}`, title, status }),
  };
}

/** `messageString` is quoted by API Gateway; its words are AWS's, never the client's. */
function defaultProblem(responseType: string) {
  return { responseType, body: '{"type":"about:blank","title":$context.error.messageString}' };
}
