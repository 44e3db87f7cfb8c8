/** `app/own-app/`: what stands between Lambda and an app of a team's own. */
import { withOrigins } from "../http/cors.ts";
import type { Fetcher } from "../lambda/answer.ts";
import { bufferedHandler } from "../lambda/buffered.ts";
import { streamingHandler } from "../lambda/streaming.ts";

/**
 * The handler of a function that runs such an app: the app answers gateway events as ours does,
 * streaming where the runtime can, and lets the pages of `CORS_ORIGINS` call.
 */
export function handlerOf(app: Fetcher) {
  const { CORS_ORIGINS = "" } = process.env;
  const fetcher = withOrigins(
    app,
    CORS_ORIGINS.split(",").filter((origin) => origin !== ""),
  );
  // The object alone says nothing: the AWS SDK makes one where the runtime has none.
  const { streamifyResponse, HttpResponseStream } = globalThis.awslambda ?? {};
  return streamifyResponse === undefined || HttpResponseStream === undefined
    ? bufferedHandler(fetcher)
    : streamifyResponse(streamingHandler(fetcher, { HttpResponseStream }));
}
