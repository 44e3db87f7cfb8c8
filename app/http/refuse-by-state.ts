import { createMiddleware } from "hono/factory";
import type { AppEnv } from "../context.ts";
import { routesAt } from "../contract/match.ts";
import { eraseAll } from "../contract/transfer.ts";
import type { TenantState } from "../resources/tenant-state.ts";
import { Problem } from "./problem.ts";

/**
 * Refuses what a tenant does not answer in its state, before anything looks at the request or at the
 * store. What is neither a read nor named below is refused: a new route is closed until it is judged.
 */
export function refuseByState(state: Exclude<TenantState, "active">) {
  return createMiddleware<AppEnv>(async (c, next) => {
    if (state === "suspended") throw new Problem("tenant-suspended");
    if (!isAnsweredWhileOffBoarding(c.req.method, c.req.path)) {
      throw new Problem("tenant-off-boarding");
    }
    await next();
  });
}

/**
 * Erasing is a right that users keep for as long as their data is kept (GDPR, article 17). A look at its
 * receipt, which carries on with it, is a GET. The administrators' sweep is not: what is due in the
 * trash is nobody's request, and goes with the rest.
 */
const answeredBesideReads: readonly { readonly method: string; readonly path: string }[] = [
  eraseAll,
];

function isAnsweredWhileOffBoarding(method: string, path: string): boolean {
  if (["GET", "HEAD"].includes(method)) return true;
  return routesAt(path).some(
    (route) => route.method === method.toLowerCase() && answeredBesideReads.includes(route),
  );
}
