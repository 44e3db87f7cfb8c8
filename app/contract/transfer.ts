import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import { conversationStates } from "../store/conversation-store.ts";
import { roles, stopReasons } from "../store/message.ts";
import { earliestCreation } from "../store/transfer-store.ts";
import { jsonUpTo, preferences } from "./any-json.ts";
import { tags as labels, metadata, settings } from "./conversations.ts";
import {
  agreesWithParts,
  citations,
  contentBytes,
  disagreesWithParts,
  newParts,
  tokenUsage,
} from "./messages.ts";
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
/** A tenth of the places that a conversation has: whoever imports the last of these can go on for as long as anybody writes. */
const mostMessages = 1_000_000_000;
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
    createdAt: time.refine((at) => at >= earliestCreation, `is before ${earliestCreation}`),
    state: z.enum(conversationStates).default("active"),
    purgeAt: time.nullable().default(null),
    lastReadSequence: count.nullish().transform((sequence) => sequence ?? 0),
    firstSequence: count.min(1).max(mostMessages).default(1),
    pinned: z
      .boolean()
      .nullish()
      .transform((value) => value ?? false),
    tags: labels.nullish().transform((value) => value ?? []),
    metadata: metadata.nullish().transform((value) => value ?? {}),
    settings: settings.nullish().transform((value) => value ?? undefined),
  }),
  importedMessage(),
  z.object({
    kind: z.literal("deleted-message"),
    conversation: identifier,
    sequence: count.min(1).max(mostMessages),
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

function importedMessage() {
  const shape = z.object({
    kind: z.literal("message"),
    conversation: identifier,
    sequence: count.min(1).max(mostMessages),
    role: z.enum(roles),
    content: wellFormed.refine((value) => Buffer.byteLength(value) <= contentBytes, "is too large"),
    parts: newParts.refine(
      (value) => value === undefined || Buffer.byteLength(JSON.stringify(value)) <= contentBytes,
      "are too large",
    ),
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
    editedAt: time.nullable().default(null),
  });
  return shape.refine(agreesWithParts, disagreesWithParts);
}

export const exportAll = createRoute({
  method: "get",
  path: "/export",
  operationId: "exportAll",
  summary: "Export everything that is kept of the caller",
  description:
    "One JSON object a line, of these kinds: `export`, `profile`, `usage`, `session`, `state`, " +
    "`document` (without the file, which the `downloadUrl` of `GET /documents/{id}` has), `conversation`, " +
    "followed by its `message`s and a `deleted-message` for each deleted one, `unreadable` for each item that this version " +
    "cannot read, and `end`. An export is complete if its last line is `end`. To continue an interrupted one, send its last " +
    "`cursor` line's cursor. One-time tokens are not exported.",
  tags,
  security,
  request: {
    query: z.strictObject({
      cursor: z
        .string()
        .max(2_000)
        .optional()
        .openapi({ description: "Cursor of the last `cursor` line. Valid for 24 hours." }),
    }),
  },
  responses: {
    200: {
      description: "The export, streamed as fast as the client reads.",
      content: { [ndjson]: { schema: z.string() } },
    },
    ...problems(400),
  },
});

export const exportConversation = createRoute({
  method: "get",
  path: "/conversations/{id}/export",
  operationId: "exportConversation",
  summary: "Export one conversation as Markdown",
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
  summary: "Import lines of an export",
  description:
    "Takes at most 3 MB: send a larger export in parts, cut between lines. Ids, sequences " +
    "and times are kept. Existing data is not changed, so the same lines may be sent again. " +
    "The response has one line for each: `created`, `exists`, `conflict` (another message has this sequence), `gap` " +
    "(the message before it is missing), `skipped` (not for the caller to set, or expired) or `refused` " +
    "with a reason, and `done` at the end. If it ends with `next`, the request ran out of time: send the lines " +
    "from that one on. If it ends with neither, it was interrupted: send the lines again.",
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
      description: "Time at which a search found nothing left, or null.",
    }),
    writableAt: timestamp.nullable().openapi({
      description: "Time from which the caller may write again. Null while erasing.",
    }),
  })
  .openapi("Erasure", { description: "The receipt of an erasure. It is kept for 90 days." });

export const eraseAll = createRoute({
  method: "delete",
  path: "/me",
  operationId: "eraseAll",
  summary: "Erase everything that is kept of the caller",
  description:
    "Deletes conversations, documents, profile, sessions, state, tokens and counters. Meanwhile the caller's writes are " +
    "refused with 409. Large accounts take several steps: each request for the receipt does one. " +
    "Not deleted: the account in the user pool, entries of the audit log, and, until they expire, " +
    "backups and earlier versions in the bucket.",
  tags,
  security,
  responses: {
    202: {
      description: "Started, and for most accounts complete.",
      headers: { Location: header("Path of the receipt.") },
      content: json(erasure),
    },
    ...problems(400),
  },
});

export const getErasure = createRoute({
  method: "get",
  path: "/me/erasures/{id}",
  operationId: "getErasure",
  summary: "Get the receipt of an erasure, and continue the erasure",
  tags,
  security,
  request: {
    params: z.object({
      id: identifier.openapi({ param: { name: "id", in: "path" }, description: "The erasure." }),
    }),
  },
  responses: {
    200: { description: "The receipt.", content: json(erasure) },
    ...problems(400, 404),
  },
});
