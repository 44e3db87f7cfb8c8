import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import { conversationStates } from "../store/conversation-store.ts";
import { getUsage } from "./chat.ts";
import { conversation } from "./conversations.ts";
import {
  identifier,
  json,
  nextCursor,
  pageOf,
  paging,
  problems,
  signedIn,
  timestamp,
} from "./parts.ts";

const tags = ["admin"];
const security = signedIn;
const mostDays = 366;
const dayMs = 24 * 60 * 60 * 1000;

const day = z.iso.date().openapi({ description: "A day in UTC.", example: "2026-11-20" });

/** One day, or a range of days that may cross months. */
const days = {
  from: day,
  to: day.optional().openapi({ description: "The last day, included. Default: `from`." }),
};

const isRange = ({ from, to = from }: { from: string; to?: string | undefined }) =>
  from <= to && (Date.parse(to) - Date.parse(from)) / dayMs < mostDays;
const rangeMessage = { path: ["to"], message: `must be 0 to ${mostDays - 1} days after from` };

const userPath = z.object({
  user: identifier.openapi({ param: { name: "user", in: "path" }, description: "The user's id." }),
});

export const listCreatedConversations = createRoute({
  method: "get",
  path: "/admin/conversations",
  operationId: "listCreatedConversations",
  summary: "List the conversations created on a day or a range of days, oldest first",
  description:
    "Returns who created each conversation and when, and nothing that a user wrote. The request is recorded in the audit log. The list is empty if " +
    "the tenant keeps its history in S3, which has no index by day.",
  tags,
  security,
  request: {
    query: z.strictObject({ ...paging(100, 500), ...days }).refine(isRange, rangeMessage),
  },
  responses: {
    200: {
      description:
        "One page, possibly shorter than `limit`. The list ends where `nextCursor` is null.",
      content: pageOf(z.object({ user: identifier, id: identifier, createdAt: timestamp })),
    },
    ...problems(400, 403),
  },
});

export const listUserConversations = createRoute({
  method: "get",
  path: "/admin/users/{user}/conversations",
  operationId: "listUserConversations",
  summary: "List a user's conversations in one state, most recently changed first",
  description: "Without titles and messages. The request is recorded in the audit log.",
  tags,
  security,
  request: {
    params: userPath,
    query: z.strictObject({
      ...paging(50, 100),
      state: z.enum(conversationStates).default("active"),
    }),
  },
  responses: {
    200: {
      description: "One page. It is empty for a user who has no conversations or does not exist.",
      content: pageOf(
        conversation
          .pick({
            id: true,
            modelId: true,
            createdAt: true,
            updatedAt: true,
            state: true,
            purgeAt: true,
            messageCount: true,
          })
          .openapi("ConversationMetadata"),
      ),
    },
    ...problems(400, 403),
  },
});

export const getUserUsage = createRoute({
  method: "get",
  path: "/admin/users/{user}/usage",
  operationId: "getUserUsage",
  summary: "Get the tokens that a user's chats used, today and this month",
  description: "The request is recorded in the audit log.",
  tags,
  security,
  request: { params: userPath },
  responses: { 200: getUsage.responses[200], ...problems(400, 403) },
});

const month = z
  .string()
  .regex(/^\d{4}-(0[1-9]|1[0-2])$/, "must be a month such as 2026-11")
  .openapi({ example: "2026-11" });

export const getTotals = createRoute({
  method: "get",
  path: "/admin/totals",
  operationId: "getTotals",
  summary: "Get what all users used on each day of a month",
  description:
    "Each page has the sums for some of the users and conversations: add up the pages. `stored` is of all users, and only on the " +
    "first page. The other totals leave out users who " +
    "were erased. Counters of a month are deleted after 13 months. The request is recorded in the audit log.",
  tags,
  security,
  request: { query: z.strictObject({ ...paging(200, 500), month }) },
  responses: {
    200: {
      description: "One page. The list ends where `nextCursor` is null.",
      content: json(
        z
          .object({
            users: z.number().int().openapi({
              description: "Number of users on this page who asked a model in the month.",
            }),
            days: z
              .array(
                z.object({
                  day,
                  users: z
                    .number()
                    .int()
                    .openapi({ description: "Number of users who asked a model." }),
                  answers: z.number().int().openapi({
                    description: "Number of answers. An answer and its question are two messages.",
                  }),
                  conversations: z.number().int().openapi({
                    description:
                      "Number of conversations created on this day and not deleted since. 0 if the tenant keeps its history in S3.",
                  }),
                  inputTokens: z.number().int(),
                  outputTokens: z.number().int(),
                }),
              )
              .readonly()
              .openapi({ description: "The days with any use." }),
            stored: z
              .array(
                z.object({
                  day,
                  users: z
                    .number()
                    .int()
                    .openapi({ description: "Number of users who had conversations." }),
                  conversations: z.number().int(),
                  messages: z.number().int(),
                  bytes: z.number().int().openapi({
                    description:
                      "Bytes of the messages' texts and parts, or of the conversations' objects if the tenant keeps its history in S3.",
                  }),
                }),
              )
              .readonly()
              .openapi({
                description:
                  "What was stored, as the scheduled maintenance counted it once a day. Only the first page has it.",
              }),
            nextCursor,
          })
          .openapi("Totals"),
      ),
    },
    ...problems(400, 403),
  },
});

export const listAudit = createRoute({
  method: "get",
  path: "/admin/audit",
  operationId: "listAudit",
  summary: "List the requests of administrators, newest first",
  description: "Entries cannot be changed or deleted. This request is recorded too.",
  tags,
  security,
  request: {
    query: z.strictObject({
      ...paging(50, 100),
      month,
    }),
  },
  responses: {
    200: {
      description: "One page.",
      content: pageOf(
        z
          .object({
            id: z.string(),
            timestamp,
            admin: identifier,
            action: z.string(),
            target: z.string(),
            requestId: z.string().nullable(),
          })
          .openapi("AuditEntry"),
      ),
    },
    ...problems(400, 403),
  },
});

export const sweep = createRoute({
  method: "post",
  path: "/admin/sweep",
  operationId: "sweep",
  summary: "Purge the trash that is due, and finish interrupted deletions and erasures",
  description:
    "The tenant's scheduled maintenance does the same; this request does it now. It examines the conversations " +
    "created on the given days, for half a read unit each. Repeat the request with the cursor until the cursor is null. " +
    "No reader sees a conversation whose time is over, whether or not it was purged.",
  tags,
  security,
  request: {
    body: {
      required: true,
      content: json(
        z
          .strictObject({ ...days, cursor: z.string().max(4_000).optional() })
          .refine(isRange, rangeMessage),
      ),
    },
  },
  responses: {
    200: {
      description: "One step.",
      content: json(
        z.object({
          examined: z.number().int(),
          purged: z.number().int(),
          orphans: z.number().int().openapi({
            description:
              "Number of objects in the bucket that no item referred to. The last step removes them.",
          }),
          erased: z
            .number()
            .int()
            .openapi({ description: "Number of users whose erasure was completed." }),
          nextCursor,
        }),
      ),
    },
    ...problems(400, 403, 413, 415),
  },
});
