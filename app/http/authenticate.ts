/** The middleware that lets callers in. */
import { createMiddleware } from "hono/factory";
import type { AppEnv } from "../context.ts";
import { type Audience, readUser, roleOf } from "./identity.ts";
import { Problem } from "./problem.ts";

/**
 * Middleware that verifies the caller and gives the user to later handlers. Throws the problem
 * `unauthenticated` otherwise.
 */
export function authenticate(audience: Audience) {
  return createMiddleware<AppEnv>(async (c, next) => {
    c.set("user", readUser(c.env?.claims, audience));
    await next();
  });
}

/** Stands behind `authenticate`: lets administrators through. */
export const administratorsOnly = createMiddleware<AppEnv>(async (c, next) => {
  if (roleOf(c.get("user")) !== "admin") throw new Problem("forbidden");
  await next();
});
