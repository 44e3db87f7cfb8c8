import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import { matchedRoutes } from "hono/route";
import type { AppEnv } from "../context.ts";
import { contract } from "../contract/index.ts";
import type { Log } from "../lambda/log.ts";
import type { Outcome } from "./outcomes.ts";
import { type LogContext, requestContext } from "./request-context.ts";

/** What stands for whatever no route answers: there is no end of such paths. */
const unmatched = "unmatched";

const operations = new Map<string, string>(
  contract.map((route) => [
    `${route.method.toUpperCase()} ${route.getRoutingPath()}`,
    route.operationId,
  ]),
);

/** Logs each request, and gives what is logged meanwhile its context. */
export function requestLog(tenant: string, log: Log) {
  return createMiddleware<AppEnv>(async (c, next) => {
    const start = performance.now();
    const route = routeOf(c);
    const operation = operations.get(`${route?.method} ${route?.path}`) ?? route?.path ?? unmatched;
    const context: LogContext = { tenant, requestId: c.env?.requestId, operation };
    await requestContext.run(context, next);
    const { status } = c.res;
    log({
      level: "INFO",
      message: "request",
      ...context,
      method: c.req.method,
      route: route?.path ?? unmatched,
      status,
      outcome: outcomeOf(status),
      requests: 1,
      ms: Math.round(performance.now() - start),
    });
  });
}

/** The route that answers, not the middleware around it. */
function routeOf(c: Context<AppEnv>) {
  return matchedRoutes(c).findLast(({ method, path }) => method !== "ALL" && !path.includes("*"));
}

function outcomeOf(status: number): Outcome {
  if (status >= 500) return "failed";
  return status >= 400 ? "refused" : "ok";
}
