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
  summary: "Get the conversations that changed since an earlier sync",
  description:
    "Without a cursor it returns every conversation, in every state. With a cursor it returns the conversations that were " +
    "created, changed, got messages or were read since, and the ids of deleted ones. Every change is returned at least once. " +
    `Changes of the last ${syncWindowMinutes} minutes may be returned again, so apply them by \`id\` and \`version\`. ` +
    "If `createdAt` differs from your copy's, the id belongs to a new conversation: discard the copy. Get new messages with " +
    "`GET /conversations/{id}/messages?after={newest sequence of your copy}`. If `version` grew by more than they explain, the newest " +
    "messages may have been replaced: read them again. If `editedVersion` is newer than your copy's version, messages were edited or deleted: get them with " +
    "`GET /conversations/{id}/changes?since={version of your copy}`.",
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
          description: `\`cursor\` of the previous sync. Valid for ${syncCursorDays} days; afterwards sync without one.`,
        }),
    }),
  },
  responses: {
    200: {
      description: "The changes.",
      content: json(
        z
          .object({
            items: z.array(conversation).readonly(),
            deleted: z
              .array(identifier)
              .readonly()
              .openapi({ description: "Ids of deleted conversations." }),
            cursor: z.string().openapi({ description: "The cursor for the next sync." }),
            more: z.boolean().openapi({ description: "Whether there is another page." }),
          })
          .openapi("Changes"),
      ),
    },
    ...problems(400),
  },
});
