import type { InvocationContext, ProxyEvent } from "../../app/lambda/event.ts";
import { streamingHandler } from "../../app/lambda/streaming.ts";
import { awslambda, ResponseStream } from "../../local/lambda/response-stream.ts";
import { claimsOf } from "./api.ts";

/** An event as API Gateway sends it to a proxy integration of a REST API. */
export function eventOf(
  method: string,
  path: string,
  changes: Partial<ProxyEvent> = {},
): ProxyEvent {
  return JSON.parse(
    JSON.stringify({
      resource: "/{proxy+}",
      path,
      httpMethod: method,
      headers: { Accept: "*/*", "Content-Type": "application/json", "Content-Length": "7" },
      multiValueHeaders: {
        Accept: ["*/*"],
        "Content-Type": ["application/json"],
        "Content-Length": ["7"],
      },
      queryStringParameters: null,
      multiValueQueryStringParameters: null,
      pathParameters: { proxy: path.slice(1) },
      stageVariables: null,
      requestContext: {
        requestId: "c6af9ac6-7b61-11e6-9a41-93e8deadbeef",
        domainName: "abc123.execute-api.us-east-1.amazonaws.com",
        path: `/v1${path}`,
        stage: "v1",
        authorizer: { claims: claimsOf("alice", { "cognito:groups": "admins,members" }) },
      },
      body: null,
      isBase64Encoded: false,
      ...changes,
    }),
  );
}

export interface Invocation {
  readonly stream: ResponseStream;
  readonly done: Promise<void>;
  /** Lets the receiver take one chunk; resolves with it. */
  take(): Promise<Uint8Array>;
  /** Whatever is left, once the handler is done. */
  rest(): Promise<Buffer>;
}

/** Runs a streaming handler against Lambda's response stream, with a receiver that we control. */
export function invoke(
  app: Parameters<typeof streamingHandler>[0],
  event: ProxyEvent,
  context?: InvocationContext,
): Invocation {
  const waiting: { chunk: Uint8Array; taken: () => void }[] = [];
  let arrived = () => {};
  const stream = new ResponseStream(
    (chunk) =>
      new Promise((taken) => {
        waiting.push({ chunk: Uint8Array.from(chunk), taken });
        arrived();
      }),
  );
  const { HttpResponseStream } = awslambda;
  const handler = streamingHandler(app, {
    HttpResponseStream: {
      from: (sink, prelude) => {
        if (!(sink instanceof ResponseStream)) throw new Error("not our stream");
        return HttpResponseStream.from(sink, prelude);
      },
    },
  });
  const done = handler(event, stream, context);
  const take = async () => {
    if (waiting.length === 0) await new Promise<void>((resolve) => (arrived = resolve));
    const { chunk, taken } = waiting.shift()!;
    taken();
    return chunk;
  };
  const rest = async () => {
    const chunks: Uint8Array[] = [];
    let isDone = false;
    const end = done.then(() => {
      isDone = true;
    });
    while (!isDone) {
      await Promise.race([end, take().then((chunk) => chunks.push(chunk))]);
    }
    return Buffer.concat(chunks);
  };
  return { stream, done, take, rest };
}

/** Splits a payload into the prelude and the body. */
export function parse(payload: Buffer) {
  const end = payload.indexOf(Buffer.alloc(8));
  return {
    prelude: JSON.parse(payload.subarray(0, end).toString()),
    body: payload.subarray(end + 8),
  };
}
