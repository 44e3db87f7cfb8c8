/**
 * `testing/runtime/`: Lambda's Runtime API and AWS's own runtime client, for the bundle as AWS runs it.
 *
 * Lambda's Runtime API on this machine, for AWS's own runtime client (`aws-lambda-ric` on npm): hands
 * events over one at a time and takes the answers (Lambda Developer Guide, "Using the Lambda runtime API").
 */
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { z } from "zod";

/** What the function sent for one event. */
export interface Answered {
  /** Status and headers, of a streamed answer. */
  readonly prelude: { readonly statusCode: number; readonly headers: Record<string, string> };
  readonly body: Buffer;
  readonly isStreamed: boolean;
}

interface Waiting {
  readonly id: string;
  readonly event: unknown;
  readonly timeoutMs: number;
  readonly read: ReadOptions;
  readonly answered: PromiseWithResolvers<Answered>;
}

export interface ReadOptions {
  /** Called after each part of the answer; the next one is read when it resolves. */
  readonly onRead?: (bytesSoFar: number) => Promise<void>;
  /** Breaks the connection after so many bytes. */
  readonly breakAfterBytes?: number;
}

const prelude = z.object({ statusCode: z.number(), headers: z.record(z.string(), z.string()) });

export class RuntimeApi {
  /** `127.0.0.1:<port>`, as in `AWS_LAMBDA_RUNTIME_API`. */
  readonly address: string;
  /** Errors that the runtime told before its first event. */
  readonly initErrors: unknown[] = [];
  readonly #server: Server;
  readonly #queue: Waiting[] = [];
  readonly #running = new Map<string, Waiting>();
  #asking: ServerResponse | undefined;

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.address = `127.0.0.1:${port}`;
    server.on("request", (request, response) => void this.#serve(request, response));
  }

  static async start(): Promise<RuntimeApi> {
    const server = createServer();
    // A frozen runtime may be silent for longer than Node.js waits.
    server.keepAliveTimeout = 0;
    server.requestTimeout = 0;
    await once(server.listen(0, "127.0.0.1"), "listening");
    return new RuntimeApi(server, z.object({ port: z.number() }).parse(server.address()).port);
  }

  /** @param timeoutMs what the function believes to have. */
  invoke(event: unknown, timeoutMs = 30_000, read: ReadOptions = {}): Promise<Answered> {
    const answered = Promise.withResolvers<Answered>();
    this.#queue.push({ id: randomUUID(), event, timeoutMs, read, answered });
    this.#handOver();
    return answered.promise;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, , , what, id = "", end] = (request.url ?? "").split("/");
    if (what === "invocation" && id === "next") {
      this.#asking = response;
      this.#handOver();
      return;
    }
    const invocation = this.#running.get(id);
    try {
      if (what === "init") this.initErrors.push(JSON.parse(String(await read(request, {}))));
      else if (invocation === undefined) throw new Error(`no invocation ${id}`);
      else if (end === "error")
        invocation.answered.reject(new Error(String(await read(request, {}))));
      else invocation.answered.resolve(await answerOf(request, invocation.read));
    } catch (error) {
      invocation?.answered.reject(error);
    }
    this.#running.delete(id);
    if (!response.destroyed) response.writeHead(202).end("{}");
  }

  #handOver(): void {
    const response = this.#asking;
    const next = response === undefined ? undefined : this.#queue.shift();
    if (response === undefined || next === undefined) return;
    this.#asking = undefined;
    this.#running.set(next.id, next);
    response.writeHead(200, {
      "content-type": "application/json",
      "lambda-runtime-aws-request-id": next.id,
      "lambda-runtime-deadline-ms": String(Date.now() + next.timeoutMs),
      "lambda-runtime-invoked-function-arn":
        "arn:aws:lambda:us-east-1:123456789012:function:acme-api",
    });
    response.end(JSON.stringify(next.event));
  }
}

async function answerOf(request: IncomingMessage, options: ReadOptions): Promise<Answered> {
  const isStreamed = request.headers["lambda-runtime-function-response-mode"] === "streaming";
  const bytes = await read(request, options);
  // Eight NUL bytes end the prelude.
  const end = bytes.indexOf(Buffer.alloc(8));
  if (!isStreamed || end < 0) throw new Error(`no streamed answer: ${bytes.subarray(0, 200)}`);
  const head = prelude.parse(JSON.parse(String(bytes.subarray(0, end))));
  return { prelude: head, body: bytes.subarray(end + 8), isStreamed };
}

async function read(request: IncomingMessage, options: ReadOptions): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= (options.breakAfterBytes ?? Number.POSITIVE_INFINITY)) {
      request.destroy();
      throw new Error("the test broke the connection");
    }
    await options.onRead?.(size);
  }
  return Buffer.concat(chunks);
}
