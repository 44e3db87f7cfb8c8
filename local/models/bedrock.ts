import { type Answers, ModelRefusal, statusOf } from "./converse.ts";

/** Bedrock itself, with the credentials of whoever runs the start, which no function gets to see. */
export function bedrockAnswers(modelId: string, region: string): Answers {
  let client: ReturnType<typeof openClient> | undefined;
  return async (body, signal) => {
    client ??= openClient(region);
    const { send } = await client;
    const { stream } = await send(modelId, body, signal).catch((error: unknown) => {
      throw new ModelRefusal(statusOf(error));
    });
    return eventsOf(stream ?? []);
  };
}

async function openClient(region: string) {
  const [{ BedrockRuntimeClient, ConverseStreamCommand }, { NodeHttpHandler }] = await Promise.all([
    import("@aws-sdk/client-bedrock-runtime"),
    import("@smithy/node-http-handler"),
  ]);
  // HTTP/1.1, as the app asks: proxies and doubles of Bedrock speak it too.
  const client = new BedrockRuntimeClient({ region, requestHandler: new NodeHttpHandler() });
  return {
    send(modelId: string, body: unknown, abortSignal: AbortSignal) {
      const command = new ConverseStreamCommand({ modelId });
      // The app's own body, with all that Bedrock may be told. It is put before its length is counted and signed.
      command.middlewareStack.add(
        (next) => (args) => next({ ...args, request: withBody(args.request, body) }),
        { step: "build", priority: "high" },
      );
      return client.send(command, { abortSignal });
    },
  };
}

function withBody(request: unknown, body: unknown): unknown {
  return Object.assign(Object(request), { body: JSON.stringify(body) });
}

async function* eventsOf(stream: AsyncIterable<object> | Iterable<object>) {
  for await (const event of stream) {
    for (const [name, payload] of Object.entries(event)) yield { [name]: payload };
  }
}
