/**
 * `app/http/`: the code that every request passes through: identity, bodies, problem details, cursors,
 * conditions, idempotency keys, CORS.
 */
import { createMiddleware } from "hono/factory";
import type { AppEnv } from "../context.ts";
import { commonHeaders } from "./common-headers.ts";
import { isHeld } from "./conditions.ts";

/**
 * Sets the common headers on every answer. Answers 304 to a client that already has the version that would be
 * sent, as its `If-None-Match` says.
 */
export const answerHeaders = createMiddleware<AppEnv>(async (c, next) => {
  await next();
  for (const [name, value] of Object.entries(commonHeaders)) c.res.headers.set(name, value);
  const { method } = c.req;
  if ((method !== "GET" && method !== "HEAD") || c.res.status !== 200) return;
  if (!isHeld(c.req.header("if-none-match"), c.res.headers.get("etag"))) return;
  const { headers } = c.res;
  headers.delete("content-type");
  headers.delete("content-length");
  await c.res.body?.cancel();
  c.res = undefined;
  c.res = new Response(null, { status: 304, headers });
});
