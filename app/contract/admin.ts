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
  to: day.optional().openapi({ description: "The last day, included; default: `from`." }),
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
  summary: "Conversations created on a day or a range of days, the oldest first",
  description:
    "Who began one and when; never what anybody wrote. The read is audited. Empty where the tenant's " +
    "history lies in S3, which has no index by day.",
  tags,
  security,
  request: {
    query: z.strictObject({ ...paging(100, 500), ...days }).refine(isRange, rangeMessage),
  },
  responses: {
    200: {
      description: "One page. It may be shorter than `limit`: only a null `nextCursor` is the end.",
      content: pageOf(z.object({ user: identifier, id: identifier, createdAt: timestamp })),
    },
    ...problems(400, 403),
  },
});

export const listUserConversations = createRoute({
  method: "get",
  path: "/admin/users/{user}/conversations",
  operationId: "listUserConversations",
  summary: "A user's conversations in one state, the most recently changed first",
  description: "Neither titles nor messages: those are the user's. The read is audited.",
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
      description: "One page; empty for a user who has none, or does not exist.",
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
  summary: "What a user's chats took, today and this month",
  description: "The read is audited.",
  tags,
  security,
  request: { params: userPath },
  responses: { 200: getUsage.responses[200], ...problems(400, 403) },
});

export const listAudit = createRoute({
  method: "get",
  path: "/admin/audit",
  operationId: "listAudit",
  summary: "What administrators looked at, the newest first",
  description: "Append-only. This read is audited too.",
  tags,
  security,
  request: {
    query: z.strictObject({
      ...paging(50, 100),
      month: z
        .string()
        .regex(/^\d{4}-(0[1-9]|1[0-2])$/, "must be a month such as 2026-11")
        .openapi({ example: "2026-11" }),
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
  summary: "Purge the trash that is due, and finish deletions and erasures that broke off",
  description:
    "The tenant's schedule does the same by itself; this does it now. Examines the conversations " +
    "created on these days, for half a read unit each. Repeat with the cursor until it is null. " +
    "Users need not wait for it: what is past its time is gone for every reader.",
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
            description: "Objects of the bucket that nothing pointed to; removed by the last step.",
          }),
          erased: z.number().int().openapi({ description: "Users whose erasure it completed." }),
          nextCursor,
        }),
      ),
    },
    ...problems(400, 403, 413, 415),
  },
});
