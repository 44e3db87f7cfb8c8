import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import { conversationStates } from "../store/conversation-store.ts";
import { roles, stopReasons } from "../store/message.ts";
import { jsonUpTo, preferences } from "./any-json.ts";
import { citations, contentBytes, tokenUsage } from "./messages.ts";
import {
  conversationPath,
  header,
  identifier,
  json,
  modelId,
  problems,
  signedIn,
  text,
  timestamp,
  wellFormed,
} from "./parts.ts";

const tags = ["data"];
const security = signedIn;
/** Not of a literal type: to Hono it would be JSON, one value and not a stream of lines. */
export const ndjson: string = "application/x-ndjson";
export const bytes: string = "application/octet-stream";
/**
 * Bytes of an import. Lambda takes an event of 6,291,456 bytes, in which the body stands as a JSON
 * string: lines of JSON at most double there, and headers and claims come beside them.
 */
export const importBytes = 3_000_000;

/** In one form, whatever the precision: times are compared as text. */
const time = timestamp.transform((value) => new Date(value).toISOString());

const count = z.number().int().min(0);
const name = identifier;
const record = {
  name,
  value: jsonUpTo(64),
  expiresAt: time.nullable().default(null),
};

/** What an import reads of a line: the fields of an export that are the user's to set. */
export const importedLine = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("conversation"),
    id: identifier,
    title: text(200).min(1),
    modelId: modelId.nullable().default(null),
    createdAt: time,
    state: z.enum(conversationStates).default("active"),
    purgeAt: time.nullable().default(null),
    lastReadSequence: count.nullish().transform((sequence) => sequence ?? 0),
    firstSequence: count.min(1).max(9_999_999_999).default(1),
  }),
  z.object({
    kind: z.literal("message"),
    conversation: identifier,
    sequence: count.min(1).max(9_999_999_999),
    role: z.enum(roles),
    content: wellFormed.refine((value) => Buffer.byteLength(value) <= contentBytes, "is too large"),
    type: z
      .string()
      .regex(/^[a-z][a-z0-9-]{0,31}$/, "must match [a-z][a-z0-9-]{0,31}")
      .default("text"),
    timestamp: time,
    modelId: modelId.nullable().default(null),
    isError: z.boolean().default(false),
    errorMessage: text(4_000).nullable().default(null),
    citations: citations.default([]),
    llmResponseId: z
      .string()
      .regex(/^[\x21-\x7e]{1,256}$/)
      .nullable()
      .default(null),
    stopReason: z.enum(stopReasons).nullable().default(null),
    usage: tokenUsage.nullable().default(null),
    documents: z.array(identifier).max(100).default([]),
    feedback: z
      .object({ rating: z.enum(["up", "down"]), comment: text(2_000).nullable(), timestamp: time })
      .nullable()
      .default(null),
  }),
  z.object({
    kind: z.literal("profile"),
    name: text(200).min(1).nullable().default(null),
    email: z.email().max(254).nullable().default(null),
    preferences: preferences.default({}),
  }),
  z.object({ kind: z.literal("session"), ...record }),
  z.object({ kind: z.literal("state"), ...record }),
  z.object({ kind: z.enum(["export", "usage", "document", "unreadable", "cursor", "end"]) }),
]);

export const exportAll = createRoute({
  method: "get",
  path: "/export",
  operationId: "exportAll",
  summary: "Take out everything that is kept of the caller",
  description:
    "One JSON object a line, told apart by `kind`: `export`, `profile`, `usage`, `session`, `state`, " +
    "`document` (what is known of it; its bytes come from the `downloadUrl` of `GET /documents/{id}`), `conversation`, " +
    "each followed by its `message`s, `unreadable` for each item that this version cannot read, and `end`. An export is whole when its last line is `end`; one " +
    "that broke off goes on behind its last `cursor` line. Hashes of one-time tokens stay inside.",
  tags,
  security,
  request: {
    query: z.strictObject({
      cursor: z
        .string()
        .max(2_000)
        .optional()
        .openapi({ description: "Of the last `cursor` line; good for 24 hours." }),
    }),
  },
  responses: {
    200: {
      description: "Streamed, as fast as it is read.",
      content: { [ndjson]: { schema: z.string() } },
    },
    ...problems(400),
  },
});

export const exportConversation = createRoute({
  method: "get",
  path: "/conversations/{id}/export",
  operationId: "exportConversation",
  summary: "Take out one conversation as Markdown",
  tags,
  security,
  request: { params: conversationPath },
  responses: {
    200: {
      description: "Streamed.",
      headers: { "Content-Disposition": header("Suggests a file name.") },
      content: { "text/markdown": { schema: z.string() } },
    },
    ...problems(400, 404),
  },
});

export const importAll = createRoute({
  method: "post",
  path: "/import",
  operationId: "importAll",
  summary: "Bring in what an export took out",
  description:
    "Lines of an export, 3 MB at most: send a larger one in parts, cut between lines. Ids, sequences " +
    "and times stay. What is there already stays as it is, so that the same lines may be sent again. " +
    "Answers one line for each: `created`, `exists`, `conflict` (another message stands there), `gap` " +
    "(the message before it is missing), `skipped` (not the caller's to set, or expired) or `refused` " +
    "with a reason, and at last `done`. An answer that ends with `next` ran out of time: send the lines " +
    "from that one on. An answer with neither broke off: send the lines again.",
  tags,
  security,
  request: {
    body: {
      required: true,
      content: {
        [ndjson]: {
          schema: z.string().openapi({
            example:
              '{"kind":"conversation","id":"trip","title":"Lisbon","createdAt":"2026-11-20T12:00:00.000Z"}\n',
          }),
        },
        // The same lines, for programs that were generated: many know no other type of a file.
        [bytes]: { schema: z.string().openapi({ format: "binary" }) },
      },
    },
  },
  responses: {
    200: { description: "Streamed.", content: { [ndjson]: { schema: z.string() } } },
    ...problems(400, 409, 413, 415),
  },
});

const erasure = z
  .object({
    id: identifier,
    status: z.enum(["running", "complete"]),
    requestedAt: timestamp,
    completedAt: timestamp.nullable().openapi({
      description: "When a search found nothing left.",
    }),
    writableAt: timestamp.nullable().openapi({
      description: "From when on the caller may write again; null while erasing.",
    }),
  })
  .openapi("Erasure", { description: "The receipt of an erasure; kept for 90 days." });

export const eraseAll = createRoute({
  method: "delete",
  path: "/me",
  operationId: "eraseAll",
  summary: "Erase everything that is kept of the caller",
  description:
    "Conversations, documents, profile, sessions, state, tokens and counters, for good. Writes are " +
    "refused with 409 meanwhile. Large accounts take several steps: each look at the receipt does one. " +
    "What stays: the account in the user pool, entries of the audit log, and, until they expire, " +
    "backups and earlier versions in the bucket.",
  tags,
  security,
  responses: {
    202: {
      description: "Begun, and for most accounts complete.",
      headers: { Location: header("Path of the receipt.") },
      content: json(erasure),
    },
    ...problems(),
  },
});

export const getErasure = createRoute({
  method: "get",
  path: "/me/erasures/{id}",
  operationId: "getErasure",
  summary: "Look at the receipt of an erasure, and carry on with it",
  tags,
  security,
  request: {
    params: z.object({
      id: identifier.openapi({ param: { name: "id", in: "path" }, description: "The erasure." }),
    }),
  },
  responses: {
    200: { description: "How far it is.", content: json(erasure) },
    ...problems(400, 404),
  },
});
