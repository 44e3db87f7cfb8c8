import { randomBytes, randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { json } from "node:stream/consumers";
import type { Engine } from "../engine.ts";
import { type ConverseEvent, ModelRefusal } from "./converse.ts";
import { frame } from "./frame.ts";
import type { LocalModel } from "./models.ts";

/**
 * Amazon Bedrock's ConverseStream on this machine, answered by `models`. Its address holds a secret:
 * what answers may be billed, and other users of the machine could ask it too.
 *
 * @param onRefusal told of each question that a model did not answer, without any of its words.
 */
export async function startModels(
  models: readonly LocalModel[],
  onRefusal: (message: string) => void,
): Promise<Engine> {
  const secret = randomBytes(24).toString("base64url");
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const path = decodeURIComponent(request.url ?? "");
    const id = path.startsWith(`/${secret}/model/`)
      ? path.slice(`/${secret}/model/`.length).replace(/\/converse-stream$/, "")
      : undefined;
    const model = models.find((one) => one.id === id);
    response.setHeader("x-amzn-requestid", randomUUID());
    if (model === undefined) return refuse(response, new ModelRefusal(404));
    const left = new AbortController();
    response.on("close", () => left.abort());
    try {
      const events = await model.answers(await json(request), left.signal);
      response.writeHead(200, { "content-type": "application/vnd.amazon.eventstream" });
      for await (const event of events) await write(response, event, left.signal);
      response.end();
    } catch (error) {
      if (left.signal.aborted) return;
      const refusal = error instanceof ModelRefusal ? error : new ModelRefusal(undefined);
      onRefusal(`model ${model.id} (${model.answeredBy}): ${refusal.message}`);
      refuse(response, refusal);
    }
  };
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  return {
    endpoint: `http://127.0.0.1:${port}/${secret}`,
    async stop() {
      server.closeAllConnections();
      if (server.listening) await new Promise((resolve) => server.close(resolve));
    },
  };
}

function refuse(response: ServerResponse, { status, type, message }: ModelRefusal): void {
  if (response.headersSent) {
    response.end(frame("modelStreamErrorException", { message }, "exception"));
    return;
  }
  response.writeHead(status, { "content-type": "application/json", "x-amzn-errortype": type });
  response.end(JSON.stringify({ message }));
}

async function write(
  response: ServerResponse,
  event: ConverseEvent,
  signal: AbortSignal,
): Promise<void> {
  for (const [name, payload] of Object.entries(event)) {
    if (!response.write(frame(name, payload))) await once(response, "drain", { signal });
  }
}
