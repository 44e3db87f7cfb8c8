/**
 * The Lambda function's entry point, and beside it what turns gateway events into requests and answers
 * back.
 */
import { createApp } from "../app.ts";
import { withOrigins } from "../http/cors.ts";
import { maintain } from "../maintenance/maintenance.ts";
import { headerNames } from "../openapi/header-names.ts";
import { bufferedHandler } from "./buffered.ts";
import { dependenciesOf } from "./dependencies.ts";
import { readEnvironment } from "./environment.ts";
import { scheduledBuffered, scheduledStreaming } from "./scheduled.ts";
import { streamingHandler } from "./streaming.ts";

const environment = readEnvironment(process.env);
const dependencies = dependenciesOf(environment);
const app = createApp(dependencies);
const fetcher = withOrigins(app, environment.CORS_ORIGINS, headerNames());
const run = (until: Date) => maintain(dependencies, until);

// The first Request loads Node's fetch and the first match compiles the routes: some 40 ms that
// belong into the init phase, not into the first user's request.
app.router.match("GET", new URL(new Request("http://localhost/health").url).pathname);

// The object alone says nothing: the AWS SDK makes one where the runtime has none.
const { streamifyResponse, HttpResponseStream } = globalThis.awslambda ?? {};

/**
 * What Lambda runs: `index.handler`. Where the runtime can stream, as Node's on AWS does, the
 * handler streams; elsewhere it answers in one piece.
 */
export const handler =
  streamifyResponse === undefined || HttpResponseStream === undefined
    ? scheduledBuffered(run, bufferedHandler(fetcher))
    : streamifyResponse(scheduledStreaming(run, streamingHandler(fetcher, { HttpResponseStream })));
