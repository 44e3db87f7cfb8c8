import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import { syncWindowMinutes } from "../store/conversation-store.ts";
import { conversation } from "./conversations.ts";
import { identifier, json, paging, problems, signedIn } from "./parts.ts";

export const syncCursorDays = 30;

export const syncConversations = createRoute({
  method: "get",
  path: "/sync",
  operationId: "syncConversations",
  summary: "What changed since an earlier sync",
  description:
    "Without a cursor: every conversation, in every state. With one: those created, changed, with new " +
    "messages or read elsewhere since, and those that are gone. Every change is told at least once; " +
    `apply it by \`id\` and \`version\`, since changes of the last ${syncWindowMinutes} minutes may be ` +
    "told again. A conversation whose `createdAt` is another than that of the one you hold is another " +
    "one. Its new messages: `GET /conversations/{id}/messages?after={newest sequence you hold}`; " +
    "where `version` grew by more, the newest messages were replaced.",
  tags: ["sync"],
  security: signedIn,
  request: {
    query: z.strictObject({
      limit: paging(100, 100).limit,
      cursor: z
        .string()
        .max(8_000)
        .optional()
        .openapi({
          description: `\`cursor\` of the sync before; good for ${syncCursorDays} days, then sync anew.`,
        }),
    }),
  },
  responses: {
    200: {
      description: "What changed.",
      content: json(
        z
          .object({
            items: z.array(conversation).readonly(),
            deleted: z.array(identifier).readonly().openapi({ description: "Ids that are gone." }),
            cursor: z.string().openapi({ description: "For the next sync." }),
            more: z.boolean().openapi({ description: "Whether to go on at once." }),
          })
          .openapi("Changes"),
      ),
    },
    ...problems(400),
  },
});
