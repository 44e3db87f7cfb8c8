// Teaches zod the method `openapi`.
import "@hono/zod-openapi";
import * as z from "zod";
import { identifierPattern } from "../http/identifiers.ts";
import { problemKinds, problemType } from "../http/problem.ts";
import { isBlank } from "../models/chat-model.ts";

/** What several routes share: parameters, headers, error answers. */

/** A response header that holds text. */
export function header(description: string) {
  return { description, schema: { type: "string" as const } };
}

/** Absent where the tenant has no quotas, and where no model is asked. */
export const rateLimit = {
  "RateLimit-Policy": header(
    'The quotas of tokens, each with its window in seconds: `"tokens-per-day";q=50000;w=86400;qu="tokens"`.',
  ),
  RateLimit: header(
    'What is left of each quota, and the seconds until it is renewed: `"tokens-per-day";r=41200;t=3600`. The most that ' +
      "running answers may use counts as used.",
  ),
};

export const identifier = z.string().regex(identifierPattern, "must match [0-9A-Za-z_-]{1,64}");

/** Text that UTF-8 can carry: a lone surrogate would be stored as something else than was sent. */
export function text(maxCharacters: number) {
  return wellFormed.max(maxCharacters);
}

/** Text that shows something: a name of nothing but white space and invisible characters is none. */
export function shownText(maxCharacters: number) {
  return text(maxCharacters)
    .refine((value) => !isBlank(value), "must not be blank")
    .openapi({ minLength: 1, pattern: "\\S" });
}

export const wellFormed = z
  .string()
  .refine((value) => value.isWellFormed(), "must be well-formed Unicode");

export const modelId = z.string().regex(/^[\x21-\x7e]{1,128}$/, "must be 1 to 128 visible ASCII");

/** Of a tool or a guardrail. */
export const optionName = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}$/, "must match [A-Za-z0-9_-]{1,64}");

export const timestamp = z.iso.datetime();

export const conversationPath = z.object({
  id: identifier.openapi({ param: { name: "id", in: "path" }, description: "The conversation." }),
});

/** A query parameter: decimal digits only, where `Number` would also read `0x10`, `1e1`, ` 5` and nothing. */
export function wholeNumber(minimum: number, maximum: number = Number.MAX_SAFE_INTEGER) {
  return z.preprocess(
    (value) =>
      typeof value === "string" && /^(0|[1-9][0-9]*)$/.test(value) ? Number(value) : value,
    z.number("must be a whole number in decimal digits").int().min(minimum).max(maximum),
  );
}

export function paging(defaultLimit: number, maxLimit: number) {
  return {
    limit: wholeNumber(1, maxLimit)
      .default(defaultLimit)
      .openapi({ type: "integer", minimum: 1, maximum: maxLimit, default: defaultLimit }),
    cursor: z
      .string()
      .max(2_000)
      .optional()
      .openapi({ description: "`nextCursor` of the previous page. Valid for 24 hours." }),
  };
}

export const nextCursor = z
  .string()
  .nullable()
  .openapi({ description: "Cursor of the next page. Null on the last one." });

const entityTags = z.string().max(1_000).optional();

/** Of a change. */
export const conditions = z.object({
  "if-match": entityTags.openapi({
    description:
      "One or several `ETag`s: the change is refused with 412 if none is current. `*`: refused if the resource does not exist.",
    example: '"3"',
  }),
  "if-none-match": entityTags.openapi({
    description:
      "`*`: the change is refused with 412 if the resource exists. An `ETag`: refused if it is current.",
    example: '"2"',
  }),
});

/** The answer to a read of what the caller holds; the document adds `If-None-Match` to such reads. */
export const notModified = {
  description: "The caller's copy is current.",
  headers: { ETag: header("The version.") },
};

export const idempotencyKeyHeader = z.object({
  "idempotency-key": z
    .string()
    .regex(/^[\x21-\x7e]{1,255}$/, "must be 1 to 255 visible ASCII characters")
    .optional()
    .openapi({
      description:
        "Makes the request safe to repeat for 24 hours: a repeated request gets the first response again, with " +
        "`Idempotency-Replayed: true`. The same key with another body is refused with 422.",
    }),
});

export const problem = z
  .object({
    type: z.string().openapi({
      description:
        `Kind of the problem, for programs: ${problemKinds.map((kind) => `\`${problemType(kind)}\``).join(", ")}, ` +
        "or a type of the gateway.",
      example: problemType("validation"),
    }),
    title: z.string().openapi({ example: "The request is not valid" }),
    status: z.number().int().openapi({ example: 400 }),
    detail: z.string().optional().openapi({ description: "One sentence for developers." }),
    errors: z
      .array(
        z.object({
          in: z.enum(["body", "query", "path", "header"]),
          pointer: z.string(),
          message: z.string(),
        }),
      )
      .optional(),
  })
  .openapi("Problem", { description: "RFC 9457 problem details." });

const failures = {
  400: "The request is not valid.",
  403: "The caller is not an administrator, or the tenant's state does not allow the request.",
  404: "It does not exist, or belongs to another user.",
  409: "The id is in use or was until 24 hours ago, the conversation's state does not allow it, or too many are pinned.",
  412: "The resource has changed since the version in `If-Match`.",
  413: "The body, or the message in it, is too large.",
  415: "The body is not JSON.",
  422: "The idempotency key was used with another body.",
} as const;

const problemContent = { "application/problem+json": { schema: problem } };

/** Answers of a signed-in route beside its success: those named, and those that any may give. */
export function problems<S extends keyof typeof failures>(...statuses: S[]) {
  return {
    403: {
      description: "The tenant is suspended, or it is off-boarding and the request would write.",
      content: problemContent,
    },
    ...Object.fromEntries(
      statuses.map((status) => [
        status,
        { description: failures[status], content: problemContent },
      ]),
    ),
    401: { description: "The access token is missing or not valid.", content: problemContent },
    503: {
      description: "The service is busy. Try again after `Retry-After` seconds.",
      content: problemContent,
    },
  };
}

export function json<T extends z.ZodType>(schema: T) {
  return { "application/json": { schema } };
}

/** Ids of what a list leaves out. */
export const unreadable = z
  .array(z.string())
  .readonly()
  .optional()
  .openapi({
    description:
      "Ids of items that this version of the service cannot read, for example because a later version wrote them. " +
      "Absent if there are none.",
  });

/** Body of a list's answer. */
export function pageOf<T extends z.ZodType>(item: T) {
  return json(z.object({ items: z.array(item).readonly(), unreadable, nextCursor }));
}

export const signedIn = [{ accessToken: [] }];
