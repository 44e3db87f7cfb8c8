/** `app/transfer/`: moving a user's data in and out, and erasing it. */
import { createMiddleware } from "hono/factory";
import type { AppEnv } from "../context.ts";
import { Problem } from "../http/problem.ts";
import { type ErasureParts, mayWrite } from "./erasure.ts";

const searchingMs = 10_000;

/**
 * Refuses writes of a user who is being erased, for one read unit each. Not those below a
 * conversation, appends among them: the erasure refuses them at no cost, since it marks every
 * conversation before it deletes anything.
 */
export function refuseWhileErasing({ now, ...parts }: ErasureParts & { now: () => Date }) {
  return createMiddleware<AppEnv>(async (c, next) => {
    const isWrite = ["POST", "PUT", "PATCH"].includes(c.req.method);
    const isElsewhere = /^\/(conversations\/[^/]+|admin)(\/|$)/.test(c.req.path);
    if (isWrite && !isElsewhere) {
      const time = now();
      const until = new Date(time.getTime() + searchingMs);
      if (!(await mayWrite(parts, c.get("user").id, time, until))) throw new Problem("erasing");
    }
    await next();
  });
}
