import { createMiddleware } from "hono/factory";
import type { AppEnv } from "../context.ts";
import { routeOf } from "../contract/match.ts";
import { Problem } from "../http/problem.ts";
import { type ErasureParts, mayWrite } from "./erasure.ts";

const searchingMs = 10_000;

const writes: ReadonlySet<string> = new Set(["POST", "PUT", "PATCH"]);

const belowConversation = /^\/(conversations\/[^/]+|admin)(\/|$)/;

function isRefusedElsewhere(method: string, path: string): boolean {
  return belowConversation.test(path) && routeOf(method, path) !== undefined;
}

/**
 * Refuses writes of a user who is being erased, for one read unit each. Not the contract's below a
 * conversation, appends among them: the erasure refuses them at no cost, since it marks every
 * conversation before it deletes anything.
 */
export function refuseWhileErasing({ now, ...parts }: ErasureParts & { now: () => Date }) {
  return createMiddleware<AppEnv>(async ({ req, get }, next) => {
    if (writes.has(req.method) && !isRefusedElsewhere(req.method, req.path)) {
      const time = now();
      const until = new Date(time.getTime() + searchingMs);
      if (!(await mayWrite(parts, get("user").id, time, until))) throw new Problem("erasing");
    }
    await next();
  });
}
