import { createHash } from "node:crypto";
import { createMiddleware } from "hono/factory";
import type { AppEnv } from "../context.ts";
import { routeOf, takesHeader } from "../contract/match.ts";
import type { Once } from "../store/conversation-store.ts";
import { Problem } from "./problem.ts";

/**
 * What makes a request the same request. The key is part of the hash, so that a stored hash says
 * nothing of a short content to whoever does not hold the key.
 */
export function once(key: string | undefined, operation: string, body: unknown): Once | undefined {
  if (key === undefined) return undefined;
  const request = JSON.stringify([key, operation, body]);
  return { key, bodyHash: createHash("sha256").update(request).digest("base64url") };
}

const header = "idempotency-key";

/** Refuses a key where none is kept: whoever sends one relies on it. */
export const refuseUnkeptKeys = createMiddleware<AppEnv>(async (c, next) => {
  if (c.req.method === "POST" && c.req.header(header) !== undefined) {
    const route = routeOf("post", c.req.path);
    if (route !== undefined && !takesHeader(route, header)) {
      const message = "is not taken by this operation, which would not remember it: leave it out";
      throw new Problem("validation", { errors: [{ in: "header", pointer: header, message }] });
    }
  }
  return next();
});
