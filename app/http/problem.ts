import { mostPins } from "../store/conversation-store.ts";
import { commonHeaders } from "./common-headers.ts";

/** Every failure that the API can answer with: one stable kind, one status, one title. */
const kinds = {
  validation: { status: 400, title: "The request is not valid" },
  "malformed-json": { status: 400, title: "The body is not JSON" },
  "invalid-cursor": { status: 400, title: "The cursor is not valid for this list" },
  unauthenticated: { status: 401, title: "A valid access token is required" },
  forbidden: { status: 403, title: "Only administrators may do this" },
  "tenant-suspended": { status: 403, title: "The tenant is suspended" },
  "tenant-off-boarding": {
    status: 403,
    title: "The tenant is off-boarding: its data can only be read, exported and erased",
  },
  "not-found": { status: 404, title: "There is nothing here" },
  "method-not-allowed": { status: 405, title: "The method is not allowed here" },
  "id-taken": { status: 409, title: "The id is taken" },
  "not-active": { status: 409, title: "The conversation is archived or in the trash" },
  "not-uploaded": { status: 409, title: "The document is not uploaded yet" },
  erasing: { status: 409, title: "The user is being erased" },
  "conversation-full": { status: 409, title: "The conversation is full: start another" },
  "too-many-pins": {
    status: 409,
    title: `${mostPins} conversations are pinned: unpin another one first`,
  },
  "guardrail-unavailable": {
    status: 409,
    title: "The conversation's guardrail is not available",
  },
  "model-unavailable": { status: 409, title: "The model is not available" },
  "answer-under-way": { status: 409, title: "Another question is being answered" },
  "nothing-to-regenerate": {
    status: 409,
    title: "The last messages are not a question and its answer",
  },
  "precondition-failed": { status: 412, title: "The resource has changed" },
  "too-large": { status: 413, title: "The body is too large" },
  "unsupported-media-type": { status: 415, title: "The content type is not supported" },
  "idempotency-key-reused": {
    status: 422,
    title: "The idempotency key belongs to another request",
  },
  "quota-exceeded": { status: 429, title: "The quota is used up" },
  internal: { status: 500, title: "Something went wrong here" },
  "model-failed": { status: 502, title: "The model failed" },
  busy: { status: 503, title: "The service is busy" },
} as const satisfies Record<string, { status: number; title: string }>;

export type ProblemKind = keyof typeof kinds;

/** Of a body whose bytes are not what it says they are. */
export const notUtf8 = "The body is not UTF-8.";

export const problemKinds: readonly ProblemKind[] = Object.keys(kinds).filter(isKind);

/** What a status may mean here. */
export function kindsOf(status: number) {
  return problemKinds
    .map((kind) => ({ kind, ...kinds[kind] }))
    .filter((problem) => problem.status === status);
}

/** One field that was refused. `pointer` is a JSON pointer (RFC 6901) or a parameter's name. */
export interface FieldError {
  readonly in: "body" | "query" | "path" | "header";
  readonly pointer: string;
  readonly message: string;
}

interface ProblemOptions {
  /** One sentence for the developer who reads it. Never values that the client sent. */
  readonly detail?: string;
  readonly errors?: readonly FieldError[];
  readonly headers?: Readonly<Record<string, string>>;
}

/** A failure on its way to the client as `application/problem+json` (RFC 9457). */
export class Problem extends Error {
  override readonly name = "Problem";
  readonly kind: ProblemKind;
  readonly status: number;
  readonly options: ProblemOptions;

  constructor(kind: ProblemKind, options: ProblemOptions = {}) {
    super(kinds[kind].title);
    this.kind = kind;
    this.status = kinds[kind].status;
    this.options = options;
  }

  toResponse(): Response {
    return new Response(JSON.stringify(this), {
      status: this.status,
      headers: {
        "content-type": "application/problem+json",
        ...commonHeaders,
        ...this.options.headers,
      },
    });
  }

  /**
   * The body has no `instance` and repeats nothing of the request, so that the answer for someone
   * else's conversation is byte-identical to the answer for one that never existed.
   */
  toJSON() {
    const { detail, errors } = this.options;
    return {
      type: problemType(this.kind),
      title: this.message,
      status: this.status,
      ...(detail === undefined ? {} : { detail }),
      ...(errors === undefined ? {} : { errors }),
    };
  }
}

export function problemType(kind: ProblemKind): string {
  return `urn:chatstack:problem:${kind}`;
}

function isKind(key: string): key is ProblemKind {
  return key in kinds;
}
