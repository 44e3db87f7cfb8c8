/** `app/transfer/`: moving a user's data in and out, and erasing it. */
import { createMiddleware } from "hono/factory";
import type { AppEnv } from "../context.ts";
import { Problem } from "../http/problem.ts";
import type { ErasureStore } from "../store/erasure-store.ts";
import { isWritable } from "./erasure.ts";

/**
 * Refuses writes of a user who is being erased, for one read unit each. Not those below a
 * conversation, appends among them: the erasure refuses them at no cost, since it marks every
 * conversation before it deletes anything.
 */
export function refuseWhileErasing(erasures: Pick<ErasureStore, "last">, now: () => Date) {
  return createMiddleware<AppEnv>(async (c, next) => {
    const isWrite = ["POST", "PUT", "PATCH"].includes(c.req.method);
    const isElsewhere = /^\/(conversations\/[^/]+|admin)(\/|$)/.test(c.req.path);
    if (isWrite && !isElsewhere) {
      const erasure = await erasures.last(c.get("user").id);
      if (!isWritable(erasure, now())) throw new Problem("erasing");
    }
    await next();
  });
}
