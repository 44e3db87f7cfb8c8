/** Administrators ask for tenants here; what becomes of them comes from `chatstack fleet`. */
import type { AppBindings } from "chatstack/components";
import { Hono } from "hono";
import { z } from "zod";
import { gitHub } from "./github.ts";
import { Refused } from "./repository.ts";
import { changed, tenantFile } from "./tenant-file.ts";
import { note, requested, tenantOf } from "./tenants.ts";

const repository = gitHub(process.env.REPOSITORY ?? "", process.env.TOKEN_PARAMETER ?? "");
const app = new Hono<{ Bindings: AppBindings }>();

app.get("/health", (c) => c.json({ status: "ok" }));

app.use(async (c, next) => {
  const { sub, "cognito:groups": groups = "" } = c.env.claims ?? {};
  if (sub === undefined) return c.json({ error: "no user" }, 401);
  if (!groups.split(/[\s,[\]]+/).includes("admins"))
    return c.json({ error: "no administrator" }, 403);
  return next();
});

const asked = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]{1,30}$/),
  tier: z.enum(["basic", "standard", "enterprise"]),
  stack: z.string().regex(/^[\w-]+$/),
});

app.post("/tenants", async (c) => {
  const body = asked.safeParse(await c.req.json().catch(() => undefined));
  if (!body.success) return c.json({ error: z.prettifyError(body.error) }, 400);
  const { id, tier, stack } = body.data;
  const known = await tenantOf(id);
  if (known && known.stack !== stack) return c.json({ error: `${id} is in ${known.stack}` }, 409);
  const pullRequest = await repository.propose({
    branch: `tenant-${id}-add`,
    title: `Add tenant ${id} to ${stack}`,
    path: tenantFile(stack, id),
    write: (text) => {
      if (text !== undefined) throw new Refused(`${id} has a file already`);
      return `tier: ${tier}\n`;
    },
  });
  return c.json(await requested(id, stack, pullRequest), 202);
});

const actions = ["suspend", "resume", "offboard"] as const;
const retention = z.strictObject({ retainUntil: z.iso.date().optional() });

app.post(`/tenants/:id/:action{${actions.join("|")}}`, async (c) => {
  const { id, action } = c.req.param();
  const body = retention.safeParse(await c.req.json().catch(() => ({})));
  if (!body.success) return c.json({ error: z.prettifyError(body.error) }, 400);
  const known = await tenantOf(id);
  if (!known) return c.json({ error: "no such tenant" }, 404);
  const pullRequest = await repository.propose({
    branch: `tenant-${id}-${action}`,
    title: `${action} tenant ${id} of ${known.stack}`,
    path: tenantFile(known.stack, id),
    write: (text) => {
      if (text === undefined)
        throw new Refused(`${id} has no file yet: merge its pull request first`);
      return changed(text, action, body.data.retainUntil);
    },
  });
  return c.json(await requested(id, known.stack, pullRequest), 202);
});

app.get("/tenants/:id", async (c) => {
  const known = await tenantOf(c.req.param("id"));
  return known ? c.json(known) : c.json({ error: "no such tenant" }, 404);
});

app.onError((error, c) => {
  if (error instanceof Refused) return c.json({ error: error.message }, 409);
  process.stdout.write(`${JSON.stringify({ level: "ERROR", error: error.message })}\n`);
  return c.json({ error: error.name }, 500);
});

/** What EventBridge delivers: docs/reference/tenant-event.schema.json, in an envelope. */
const delivered = z.object({
  detail: z.object({
    event: z.enum(["requested", "provisioned", "removed", "failed"]),
    at: z.string(),
    stack: z.string(),
    tenant: z.string(),
    outputs: z.record(z.string(), z.unknown()).optional(),
    causes: z.array(z.string()).optional(),
  }),
});

const fleet = ({ body }: { readonly body: string }): Promise<void> =>
  note(delivered.parse(JSON.parse(body)).detail);

export default { fetch: app.fetch, queues: { fleet } };
