import { once } from "node:events";
import {
  Agent,
  createServer,
  request as forward,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import { buffer } from "node:stream/consumers";
import { accessesOf, type TableInfo } from "./dynamodb.ts";
import { refusalOf } from "./principals.ts";
import type { FunctionRole } from "./roles.ts";

export interface FrontOptions {
  /** Base URL of DynamoDB. */
  readonly upstream: string;
  readonly role: FunctionRole;
  readonly tables: ReadonlyMap<string, TableInfo>;
}

export interface Front {
  readonly endpoint: string;
  stop(): Promise<void>;
}

/**
 * A DynamoDB endpoint of one function's own: it passes on what the function's role allows, and answers
 * the rest as AWS does.
 */
export async function startFront({ upstream, role, tables }: FrontOptions): Promise<Front> {
  const { hostname, port } = new URL(upstream);
  const agent = new Agent({ keepAlive: true });
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const body = await buffer(request);
    const [, operation = ""] = String(request.headers["x-amz-target"] ?? "").split(".");
    const Message = refusalOf(role, accessesOf(operation, parsed(body), tables));
    if (Message !== undefined) {
      response.writeHead(400, { "content-type": "application/x-amz-json-1.0" });
      response.end(
        JSON.stringify({
          __type: "com.amazon.coral.service#AccessDeniedException",
          Message,
        }),
      );
      return;
    }
    const { method, url: path, headers } = request;
    const passed = forward({ hostname, port, method, path, headers, agent });
    response.on("close", () => passed.destroy());
    passed.on("error", () => response.destroy());
    passed.on("response", (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
      answer.pipe(response);
      answer.on("error", () => response.destroy());
    });
    passed.end(body);
  };
  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("no port was given");
  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    async stop() {
      agent.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A body that is no JSON object is DynamoDB's to refuse. */
function parsed(body: Buffer): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body.toString());
    return typeof value === "object" && value !== null
      ? Object.fromEntries(Object.entries(value))
      : {};
  } catch {
    return {};
  }
}
