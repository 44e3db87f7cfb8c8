/**
 * The Lambda function's entry point, and beside it what turns gateway events into requests and answers
 * back.
 */
import { createApp } from "../app.ts";
import { withOrigins } from "../http/cors.ts";
import { bufferedHandler } from "./buffered.ts";
import { dependenciesOf } from "./dependencies.ts";
import { readEnvironment } from "./environment.ts";
import { type StreamingRuntime, streamingHandler } from "./streaming.ts";

/**
 * What Lambda runs: `index.handler`. Where the runtime can stream, as Node's on AWS does, the
 * handler streams; elsewhere it answers in one piece.
 */
declare global {
  var awslambda: Partial<StreamingRuntime> | undefined;
}

const environment = readEnvironment(process.env);
const app = createApp(dependenciesOf(environment));
const fetcher = withOrigins(app, environment.CORS_ORIGINS);

// The first Request loads Node's fetch and the first match compiles the routes: some 40 ms that
// belong into the init phase, not into the first user's request.
app.router.match("GET", new URL(new Request("http://localhost/health").url).pathname);

// The object alone says nothing: the AWS SDK makes one where the runtime has none.
const { streamifyResponse, HttpResponseStream } = globalThis.awslambda ?? {};

export const handler =
  streamifyResponse === undefined || HttpResponseStream === undefined
    ? bufferedHandler(fetcher)
    : streamifyResponse(streamingHandler(fetcher, { HttpResponseStream }));
