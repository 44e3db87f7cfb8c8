/** A failure as the API describes it (RFC 9457). */
export class ApiProblem extends Error {
  override readonly name = "ApiProblem";
  readonly status: number;
  /** `urn:chatstack:problem:…`; `about:blank` where neither API nor gateway said more. */
  readonly type: string;
  /** What the API refused in the request, as the API listed it. */
  readonly errors: readonly unknown[];
  /** How long to wait before another attempt; undefined where the API does not say. */
  readonly retryAfterSeconds: number | undefined;

  /** @param body the answer's JSON, or anything else that a proxy answered. */
  constructor(response: Pick<Response, "status" | "headers">, body: unknown) {
    const member = (name: string): unknown =>
      typeof body === "object" && body !== null ? Reflect.get(body, name) : undefined;
    super(String(member("detail") ?? member("title") ?? `status ${response.status}`));
    const errors = member("errors");
    this.status = response.status;
    this.type = String(member("type") ?? "about:blank");
    this.errors = Array.isArray(errors) ? errors : [];
    this.retryAfterSeconds = retryAfterSeconds(response.headers);
  }
}

/** `Retry-After` is a number of seconds or a date (RFC 9110, section 10.2.3). */
export function retryAfterSeconds(headers: Headers): number | undefined {
  const value = headers.get("retry-after")?.trim();
  if (value === undefined || value === "") return undefined;
  if (/^\d+$/.test(value)) return Number(value);
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - Date.now()) / 1000));
}

/** What a call of the client answers. */
interface Answer {
  readonly data?: unknown;
  readonly error?: unknown;
  readonly response: Response;
}

type Success<R extends Answer> = Exclude<R, { readonly error: unknown }>["data"];

/**
 * The JSON of a successful answer; undefined where the answer has no body (204). Throws `ApiProblem`
 * for every other answer.
 */
export async function result<R extends Answer>(answer: Promise<R>): Promise<Success<R>> {
  const { data, error, response } = await answer;
  if (!response.ok) throw new ApiProblem(response, error);
  return data;
}
