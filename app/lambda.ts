import { createApp } from "./app.ts";
import { dependenciesOf } from "./dependencies.ts";
import { readEnvironment } from "./environment.ts";
import { bufferedHandler } from "./lambda/buffered.ts";
import { type StreamingRuntime, streamingHandler } from "./lambda/streaming.ts";

/**
 * What Lambda runs: `index.handler`. Where the runtime can stream, as Node's on AWS does, the
 * handler streams; elsewhere it answers in one piece.
 */
declare global {
  var awslambda: Partial<StreamingRuntime> | undefined;
}

const app = createApp(dependenciesOf(readEnvironment(process.env)));

// The first Request loads Node's fetch and the first match compiles the routes: some 40 ms that
// belong into the init phase, not into the first user's request.
app.router.match("GET", new URL(new Request("http://localhost/health").url).pathname);

// The object alone says nothing: the AWS SDK makes one where the runtime has none.
const { streamifyResponse, HttpResponseStream } = globalThis.awslambda ?? {};

export const handler =
  streamifyResponse === undefined || HttpResponseStream === undefined
    ? bufferedHandler(app)
    : streamifyResponse(streamingHandler(app, { HttpResponseStream }));
