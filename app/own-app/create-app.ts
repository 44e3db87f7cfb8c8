import { Hono } from "hono";
import { createMiddleware } from "hono/factory";
import type { BlankSchema, Schema } from "hono/types";
import { createApp as chatApp } from "../app.ts";
import type { AppEnv } from "../context.ts";
import { routesAt } from "../contract/match.ts";
import { refusalOf } from "../http/failures.ts";
import type { Ports } from "../lambda/dependencies.ts";
import { nodeRequest } from "../lambda/event-request.ts";
import { maintain } from "../maintenance/maintenance.ts";
import { type HeaderNames, readHeaderNames } from "../openapi/header-names.ts";
import { documentWith } from "./document.ts";
import type { EventHandlers } from "./events.ts";
import { type Hooks, withHooks } from "./hooks.ts";
import type { RouteEnv } from "./route-env.ts";

/** What is put to the app, beside what stands behind its ports. */
export interface Extension<S extends Schema = BlankSchema, Path extends string = "/"> {
  /**
   * A Hono app whose routes answer what the app has no route for: with the same sign-in, limits, states of the
   * tenant, problem details and logs. Those of an `OpenAPIHono` are in `/openapi.json` and `/docs` too.
   */
  readonly routes?: Hono<RouteEnv, S, Path>;
  /** Told of what happened. */
  readonly hooks?: Hooks;
}

/** What the app does beside requests; `eventSources` of `chatstack/components` goes by its names. */
export interface Handlers<
  Queues extends EventHandlers["queues"],
  Schedules extends EventHandlers["schedules"],
> {
  readonly queues?: Queues;
  readonly schedules?: Schedules;
}

/** The app with what was put to it. `handler` makes a Lambda handler of it. */
export interface ChatApp {
  /** @param bindings claims of the verified access token, and the request's id. */
  fetch(request: Request, bindings?: AppEnv["Bindings"]): Response | Promise<Response>;
  /** What the function does on its schedule. */
  maintain(until: Date): Promise<object>;
  /** Resolves when nothing goes on behind an answer any more: Lambda stops the process then. */
  ended(): Promise<void>;
  /** Headers that pages of other origins may send and read. */
  headerNames(): HeaderNames;
}

/**
 * The chat app, extended.
 *
 * @param parts every port (`dependencies()` makes those on AWS) and the extension.
 * @throws Error if a route or a schema of the extension has the name of one of the app's.
 */
export function createApp<
  S extends Schema = BlankSchema,
  Path extends string = "/",
  Queues extends EventHandlers["queues"] = undefined,
  Schedules extends EventHandlers["schedules"] = undefined,
>({
  routes,
  hooks = {},
  queues,
  schedules,
  ...ports
}: Ports & Extension<S, Path> & Handlers<Queues, Schedules>): ChatApp &
  Handlers<Queues, Schedules> {
  const parts = withHooks(ports, hooks);
  let document: string | undefined;
  const openApi = () => {
    document ??= documentWith(routes);
    return document;
  };
  const app = chatApp({ ...parts, openApi });
  if (routes !== undefined) {
    refuseTaken(routes.routes);
    const own = new Hono<RouteEnv>()
      .use(
        createMiddleware<RouteEnv>(async (c, next) => {
          c.set("tenant", parts.tenant);
          c.set("store", parts.conversations);
          c.set("documents", parts.library);
          c.set("models", parts.models);
          await next();
        }),
      )
      .route("/", routes);
    app.route("/", own);
    app.notFound((c) =>
      refusalOf([
        ...routesAt(c.req.path).map(({ method }) => method.toUpperCase()),
        ...methods.filter((method) => hasRoute(own, method, c.req.path)),
      ]),
    );
  }
  // As the app's own function does: what a first request loads and compiles belongs to the init phase.
  app.router.match("GET", new URL(new Request("http://localhost/health").url).pathname);
  return {
    fetch: (request, bindings) =>
      app.fetch(routes === undefined ? request : nodeRequest(request), bindings),
    maintain: (until) => maintain(parts, until),
    ended: async () => parts.ended?.(),
    headerNames: () => readHeaderNames(JSON.parse(openApi())),
    queues,
    schedules,
  };
}

const methods = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/** A route, not a middleware that stands before every path. */
const hasRoute = ({ router }: Pick<Hono<RouteEnv>, "router">, method: string, path: string) =>
  router.match(method, path)[0].some(([[, route]]) => route.method !== "ALL");

/** The app's routes come first: one of the same path would never be asked. */
function refuseTaken(routes: Hono["routes"]): void {
  for (const { method, path } of routes) {
    const example = path.replaceAll(/:\w+(?:\{[^}]*\})?\??/g, "x");
    if (!routesAt(example).some((route) => route.method.toUpperCase() === method)) continue;
    throw new Error(`createApp: ${method} ${path} is a route of the app already`);
  }
}
