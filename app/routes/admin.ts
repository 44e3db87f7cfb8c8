/** `app/routes/`: the handlers of the contract's routes, a file for each group. */
import { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import { withLimits } from "../chat/quotas.ts";
import type { AppDependencies, AppEnv } from "../context.ts";
import {
  getTotals,
  getUserUsage,
  listAudit,
  listCreatedConversations,
  listUserConversations,
  sweep,
} from "../contract/admin.ts";
import { administratorsOnly } from "../http/authenticate.ts";
import type { Conversation } from "../store/conversation-store.ts";
import { continuePending } from "../transfer/erasure.ts";

const sweptAtOnce = 200;
const erasingMs = 5_000;

/** No answer leaves before its entry stands in the audit log. */
export function adminRoutes(deps: AppDependencies) {
  const { admin, conversations, usage, quotas, cursors, now } = deps;
  const audited = async <T>(
    c: Context<AppEnv>,
    action: string,
    target: string,
    read: Promise<T>,
  ): Promise<T> => {
    const requestId = c.env?.requestId ?? null;
    const entry = { admin: c.get("user").id, action, target, requestId };
    const [answer] = await Promise.all([read, admin.record(entry)]);
    return answer;
  };

  const app = new OpenAPIHono<AppEnv>();
  app.use("/admin/*", administratorsOnly);
  return app
    .openapi(listCreatedConversations, async (c) => {
      const { limit, cursor, from, to = from } = c.req.valid("query");
      const scope = ["created", from, to];
      const after = await cursors.verify(scope, cursor);
      const reading = admin.created({ from, to }, { limit, after });
      const { items, next } = await audited(c, "list-created", `${from}/${to}`, reading);
      return c.json({ items, nextCursor: await cursors.sign(scope, next) }, 200);
    })

    .openapi(listUserConversations, async (c) => {
      const { user } = c.req.valid("param");
      const { limit, cursor, state } = c.req.valid("query");
      const scope = ["user-conversations", user, state];
      const after = await cursors.verify(scope, cursor);
      const reading = conversations.list(user, { limit, after, state });
      const { items, next } = await audited(c, "list-user-conversations", user, reading);
      const nextCursor = await cursors.sign(scope, next);
      return c.json({ items: items.map(metadataOf), nextCursor }, 200);
    })

    .openapi(getUserUsage, async (c) => {
      const { user } = c.req.valid("param");
      const counted = await audited(c, "get-user-usage", user, usage.get(user));
      return c.json(withLimits(counted, quotas), 200);
    })

    .openapi(getTotals, async (c) => {
      const { limit, cursor, month } = c.req.valid("query");
      const scope = ["totals", month];
      const after = await cursors.verify(scope, cursor);
      const { next, ...totals } = await audited(
        c,
        "get-totals",
        month,
        usage.totals(month, { limit, after }),
      );
      return c.json({ ...totals, nextCursor: await cursors.sign(scope, next) }, 200);
    })

    .openapi(listAudit, async (c) => {
      const { limit, cursor, month } = c.req.valid("query");
      const scope = ["audit", month];
      const after = await cursors.verify(scope, cursor);
      const reading = admin.audit(month, { limit, after });
      const { items, next } = await audited(c, "list-audit", month, reading);
      return c.json({ items, nextCursor: await cursors.sign(scope, next) }, 200);
    })

    .openapi(sweep, async (c) => {
      const { from, to = from, cursor } = c.req.valid("json");
      const scope = ["sweep", from, to];
      const after = await cursors.verify(scope, cursor);
      const sweeping = admin.sweep({ from, to }, { limit: sweptAtOnce, after });
      const swept = await audited(c, "sweep", `${from}/${to}`, sweeping);
      const { examined, purged, orphans, next } = swept;
      const erased = await continuePending(deps, new Date(now().getTime() + erasingMs), now());
      const nextCursor = await cursors.sign(scope, next);
      return c.json({ examined, purged, orphans, erased, nextCursor }, 200);
    });
}

/** Without what the user wrote: the title, and the beginning of the last message. */
function metadataOf(conversation: Conversation) {
  const { id, modelId, createdAt, updatedAt, state, purgeAt, messageCount } = conversation;
  return { id, modelId, createdAt, updatedAt, state, purgeAt, messageCount };
}
