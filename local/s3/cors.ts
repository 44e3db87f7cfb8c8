import type { Refusal, S3Request } from "./refusal.ts";

/** A rule of a bucket's CORS configuration (Amazon S3 API reference, `CORSRule`). */
interface CorsRule {
  readonly origins: readonly string[];
  readonly methods: readonly string[];
  readonly headers: readonly string[];
  readonly exposed: readonly string[];
  readonly maxAgeSeconds: string | undefined;
}

/**
 * CORS as buckets are configured: the first rule that allows origin, method and every header counts
 * (Amazon S3 User Guide, "How does Amazon S3 evaluate the CORS configuration on a bucket?"). S3 keeps the
 * configuration with the bucket; here it is said again at every start, as the stack says it.
 */
export class BucketCors {
  readonly #rules = new Map<string, readonly CorsRule[]>();
  readonly #page: readonly CorsRule[];

  /** @param pageOrigin allowed by every bucket. */
  constructor(pageOrigin?: string) {
    const methods = ["GET", "HEAD", "POST"];
    const rule = { methods, headers: ["*"], exposed: ["ETag"], maxAgeSeconds: undefined };
    this.#page = pageOrigin === undefined ? [] : [{ ...rule, origins: [pageOrigin] }];
  }

  /** Status or refusal of a request that sets or deletes a configuration; undefined for every other request. */
  keeps(request: S3Request, body: unknown): number | Refusal | undefined {
    const { searchParams } = new URL(request.url, "http://s3");
    if (!searchParams.has("cors")) return undefined;
    const bucket = bucketOf(request);
    if (request.method === "DELETE") {
      this.#rules.delete(bucket);
      return 204;
    }
    if (request.method !== "PUT") return undefined;
    const rules = readRules(body instanceof Uint8Array ? Buffer.from(body).toString() : "");
    if (rules === undefined) {
      const message =
        "The XML you provided was not well-formed or did not validate against our published schema";
      return { status: 400, code: "MalformedXML", message };
    }
    this.#rules.set(bucket, rules);
    return 200;
  }

  /** What the answer tells the browser, to a preflight as to the request itself. */
  headersFor(request: S3Request): Record<string, string> {
    const { origin } = request.headers;
    const rule = this.#ruleFor(request);
    if (rule === undefined || typeof origin !== "string") return {};
    const isOpen = rule.origins.includes("*");
    const asked = requestedHeaders(request);
    return {
      "access-control-allow-origin": isOpen ? "*" : origin,
      ...(!isOpen && { "access-control-allow-credentials": "true" }),
      "access-control-allow-methods": rule.methods.join(", "),
      ...(rule.exposed.length > 0 && { "access-control-expose-headers": rule.exposed.join(", ") }),
      ...(request.method === "OPTIONS" && {
        ...(asked.length > 0 && { "access-control-allow-headers": asked.join(", ") }),
        ...(rule.maxAgeSeconds !== undefined && { "access-control-max-age": rule.maxAgeSeconds }),
      }),
      vary: "Origin, Access-Control-Request-Headers, Access-Control-Request-Method",
    };
  }

  refusedPreflight(request: S3Request): Refusal | undefined {
    const { origin, "access-control-request-method": method } = request.headers;
    if (origin === undefined || method === undefined) {
      const missing = origin === undefined ? "Origin" : "Access-Control-Request-Method";
      const message = `Insufficient information. ${missing} request header needed.`;
      return { status: 400, code: "BadRequest", message };
    }
    if (this.#ruleFor(request) !== undefined) return undefined;
    const message = this.#rules.has(bucketOf(request))
      ? "CORSResponse: This CORS request is not allowed. The bucket's rules do not allow this origin, method or one of the headers."
      : "CORSResponse: CORS is not enabled for this bucket.";
    return { status: 403, code: "AccessForbidden", message };
  }

  #ruleFor(request: S3Request): CorsRule | undefined {
    const { origin, "access-control-request-method": asked } = request.headers;
    const method = request.method === "OPTIONS" ? asked : request.method;
    if (typeof origin !== "string" || typeof method !== "string") return undefined;
    const rules = [...this.#page, ...(this.#rules.get(bucketOf(request)) ?? [])];
    return rules.find(
      ({ origins, methods, headers }) =>
        origins.some((pattern) => matches(pattern, origin)) &&
        methods.includes(method) &&
        requestedHeaders(request).every((name) =>
          headers.some((pattern) => matches(pattern.toLowerCase(), name)),
        ),
    );
  }
}

function requestedHeaders({ method, headers }: S3Request): string[] {
  if (method !== "OPTIONS") return [];
  return String(headers["access-control-request-headers"] ?? "")
    .split(",")
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== "");
}

/** Patterns have at most one `*`, for any number of characters. */
function matches(pattern: string, text: string): boolean {
  const [start = "", end] = pattern.split("*");
  if (end === undefined) return text === pattern;
  return text.length >= start.length + end.length && text.startsWith(start) && text.endsWith(end);
}

const bucketOf = ({ url }: S3Request): string =>
  decodeURIComponent(new URL(url, "http://s3").pathname.split("/")[1] ?? "");

/** The rules as AWS's SDKs write them; undefined where there is none, or one without origin or method. */
function readRules(xml: string): readonly CorsRule[] | undefined {
  const rules = valuesOf(xml, "CORSRule").map((rule) => ({
    origins: valuesOf(rule, "AllowedOrigin").map(unescaped),
    methods: valuesOf(rule, "AllowedMethod"),
    headers: valuesOf(rule, "AllowedHeader").map(unescaped),
    exposed: valuesOf(rule, "ExposeHeader").map(unescaped),
    maxAgeSeconds: valuesOf(rule, "MaxAgeSeconds")[0],
  }));
  const isWhole = ({ origins, methods }: CorsRule) => origins.length > 0 && methods.length > 0;
  return rules.length > 0 && rules.every(isWhole) ? rules : undefined;
}

const valuesOf = (xml: string, name: string): string[] =>
  [...xml.matchAll(new RegExp(`<${name}>(.*?)</${name}>`, "gs"))].map(([, value]) => value ?? "");

const entities: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
};

/** Text of an element, without XML's entities. */
export const unescaped = (text: string): string =>
  text.replace(/&(amp|lt|gt|quot|apos);/g, (found, name) => entities[name] ?? found);
