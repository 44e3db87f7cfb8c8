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
  return key === undefined ? undefined : { key, bodyHash: hashOf(key, operation, body) };
}

export function hashOf(key: string, operation: string, body: unknown): string {
  const request = JSON.stringify([key, operation, body]);
  return createHash("sha256").update(request).digest("base64url");
}

/** Headers that make a request safe, and what an operation does that takes no such header. */
const reliedOn = [
  ["idempotency-key", ["POST"], "would not remember it"],
  ["if-match", ["POST", "PUT", "PATCH", "DELETE"], "would not look at it"],
  ["if-none-match", ["POST", "PUT", "PATCH", "DELETE"], "would not look at it"],
] as const;

/** Refuses an idempotency key where none is kept, and a condition where none is checked: whoever sends one relies on it. */
export const refuseUnheeded = createMiddleware<AppEnv>(async (c, next) => {
  const { method, path } = c.req;
  for (const [header, methods, what] of reliedOn) {
    if (c.req.header(header) === undefined || !methods.some((one) => one === method)) continue;
    const route = routeOf(method, path);
    if (route === undefined || takesHeader(route, header)) continue;
    const message = `is not taken by this operation, which ${what}: leave it out`;
    throw new Problem("validation", { errors: [{ in: "header", pointer: header, message }] });
  }
  return next();
});
