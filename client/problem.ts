import type { ClientResponse } from "hono/client";

/** A failure as the API words it (RFC 9457). */
export class ApiProblem extends Error {
  override readonly name = "ApiProblem";
  readonly status: number;
  /** `urn:chatstack:problem:…`; `about:blank` where neither API nor gateway said more. */
  readonly type: string;
  /** What was refused in the request, as it came. */
  readonly errors: readonly unknown[];
  /** When to try again, if at all. */
  readonly retryAfterSeconds: number | undefined;

  constructor(response: Pick<Response, "status" | "headers">, body: unknown) {
    const member = (name: string): unknown =>
      typeof body === "object" && body !== null ? Reflect.get(body, name) : undefined;
    super(String(member("detail") ?? member("title") ?? `status ${response.status}`));
    const errors = member("errors");
    const retryAfter = response.headers.get("retry-after");
    this.status = response.status;
    this.type = String(member("type") ?? "about:blank");
    this.errors = Array.isArray(errors) ? errors : [];
    this.retryAfterSeconds = retryAfter === null ? undefined : Number(retryAfter);
  }
}

/** What a successful response's JSON is, among all that the contract says of a route. */
type Success<R> =
  R extends ClientResponse<infer T, infer S, string>
    ? S extends 200 | 201 | 202
      ? T
      : never
    : never;

/** The JSON of a successful answer. Throws `ApiProblem` for any other. */
export async function result<R extends ClientResponse<unknown>>(
  response: Promise<R>,
): Promise<Success<R>> {
  const answer = await response;
  const text = await answer.text();
  if (!answer.ok) throw new ApiProblem(answer, parsed(text));
  return JSON.parse(text);
}

/** A proxy in between may answer with anything. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
