/**
 * The Lambda function's entry point, and beside it what turns gateway events into requests and answers
 * back.
 */
import { createApp } from "../app.ts";
import { maintain } from "../maintenance/maintenance.ts";
import { headerNames } from "../openapi/header-names.ts";
import { handlerOf } from "../own-app/handler.ts";
import { dependenciesOf } from "./dependencies.ts";
import { readEnvironment } from "./environment.ts";

const ports = dependenciesOf(readEnvironment(process.env));
const app = createApp(ports);

// The first Request loads Node's fetch and the first match compiles the routes: some 40 ms that
// belong into the init phase, not into the first user's request.
app.router.match("GET", new URL(new Request("http://localhost/health").url).pathname);

/** What Lambda runs: `index.handler`. */
export const handler = handlerOf({
  fetch: (request, bindings) => app.fetch(request, bindings),
  maintain: (until) => maintain(ports, until),
  ended: ports.ended,
  headerNames,
});
