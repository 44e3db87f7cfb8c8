import { OpenAPIHono } from "@hono/zod-openapi";
import type { AppDependencies, AppEnv } from "../context.ts";
import { syncConversations, syncCursorDays } from "../contract/sync.ts";

const cursorLifeSeconds = syncCursorDays * 24 * 60 * 60;

export function syncRoutes({ conversations, cursors }: AppDependencies) {
  return new OpenAPIHono<AppEnv>().openapi(syncConversations, async (c) => {
    const user = c.get("user").id;
    const { limit, cursor } = c.req.valid("query");
    const scope = ["sync", user];
    const after = await cursors.verify(scope, cursor);
    const { next, more, ...changed } = await conversations.changes(user, { limit, after });
    const signed = await cursors.signAlways(scope, next, cursorLifeSeconds);
    return c.json({ ...changed, cursor: signed, more }, 200);
  });
}
