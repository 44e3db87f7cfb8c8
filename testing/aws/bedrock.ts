import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { frame } from "../../local/models/frame.ts";

export const delta = (text: string) =>
  frame("contentBlockDelta", { contentBlockIndex: 0, delta: { text } });

export const ending = (stopReason: string) => [
  frame("contentBlockStop", { contentBlockIndex: 0 }),
  frame("messageStop", { stopReason }),
  frame("metadata", {
    usage: { inputTokens: 11, outputTokens: 7, totalTokens: 18 },
    metrics: { latencyMs: 5 },
  }),
];

export interface ConverseRequest {
  readonly url: string;
  readonly authorization: string;
  readonly body: Record<string, unknown>;
  readonly request: IncomingMessage;
}

/** Something that speaks Bedrock's protocol on this machine. */
export async function startBedrock(
  answer: (response: ServerResponse, request: ConverseRequest) => void | Promise<void>,
) {
  const requests: ConverseRequest[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const seen = {
      url: decodeURIComponent(request.url ?? ""),
      authorization: request.headers.authorization ?? "",
      body: JSON.parse(Buffer.concat(chunks).toString()),
      request,
    };
    requests.push(seen);
    response.setHeader("x-amzn-requestid", "request-7");
    await answer(response, seen);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    requests,
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export function stream(response: ServerResponse, frames: readonly Uint8Array[]): void {
  response.writeHead(200, { "content-type": "application/vnd.amazon.eventstream" });
  for (const bytes of frames) response.write(bytes);
}

export function refuse(response: ServerResponse, status: number, type: string): void {
  response.writeHead(status, { "content-type": "application/json", "x-amzn-errortype": type });
  response.end(JSON.stringify({ message: "it said: secret words" }));
}
