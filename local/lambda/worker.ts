/**
 * The thread that runs one function's bundle, in the place of Lambda's Node runtime. Started by
 * `function.ts`; its environment variables are the function's own.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parentPort, workerData } from "node:worker_threads";
import { answerBytes, streamBytes } from "./limits.ts";
import type { FromWorker, ToWorker, WorkerSettings } from "./protocol.ts";
import { awslambda, isStreaming, ResponseStream } from "./response-stream.ts";

type Handler = (event: unknown, ...rest: unknown[]) => unknown;

const settings: WorkerSettings = workerData;
const port = parentPort;
if (port === null) throw new Error("worker.ts runs as a worker thread only.");

Object.assign(globalThis, { awslambda });
const handler = await loadHandler(settings);

interface Invocation {
  readonly stream: ResponseStream;
  /** Chunks that the receiver has room for. */
  room: number;
  bytes: number;
  /** Sends the chunk that waits for room. */
  resume: (() => void) | undefined;
}

const invocations = new Map<string, Invocation>();

// Messages that came while the bundle was loading were kept by the port.
port.on("message", (message: ToWorker) => {
  const invocation = invocations.get(message.id);
  switch (message.type) {
    case "invoke":
      void invoke(message.id, message.event, message.deadline);
      break;
    case "pull":
      if (invocation) makeRoom(invocation);
      break;
    case "unread":
      if (invocation) stopReading(invocation);
      break;
    case "abort":
      invocation?.stream.destroy(new Error("The function's time is up."));
      break;
  }
});

async function invoke(id: string, event: unknown, deadline: number): Promise<void> {
  const stream = new ResponseStream((bytes) => sendChunk(id, bytes));
  invocations.set(id, { stream, room: 0, bytes: 0, resume: undefined });
  stream.once("finish", () => send({ type: "end", id }));
  stream.once("close", () => {
    invocations.delete(id);
    send({ type: "closed", id });
  });
  try {
    const context = invocationContext(id, deadline);
    if (isStreaming(handler)) {
      await handler(event, stream, context);
      if (!stream.writableEnded && !stream.destroyed) {
        throw new Error("The handler returned without ending its response stream.");
      }
    } else {
      const answer = JSON.stringify((await handler(event, context)) ?? null);
      if (Buffer.byteLength(answer) > answerBytes) {
        throw new Error(
          `Response payload size exceeded maximum allowed payload size (${answerBytes} bytes).`,
        );
      }
      stream.end(answer);
    }
  } catch (error) {
    // The stack goes to the function's log, as in CloudWatch.
    process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
    send({ type: "failed", id, message: error instanceof Error ? error.message : String(error) });
    stream.destroy();
  }
}

function count(id: string, invocation: Invocation, chunk: Uint8Array): void {
  invocation.bytes += chunk.length;
  if (invocation.bytes <= streamBytes) return;
  const message = `The streamed response exceeds ${streamBytes} bytes, the most that Lambda streams.`;
  send({ type: "failed", id, message });
  invocation.stream.destroy(new Error(message));
}

/** Resolves once the chunk is on its way, which is not before the receiver has room for it. */
function sendChunk(id: string, chunk: Uint8Array): Promise<void> {
  const invocation = invocations.get(id);
  if (invocation !== undefined) count(id, invocation, chunk);
  return new Promise((resolve) => {
    const sendNow = () => {
      // A copy: the chunk may be a view of memory that other buffers share.
      send({ type: "chunk", id, bytes: Uint8Array.from(chunk) });
      resolve();
    };
    if (invocation === undefined) return;
    if (invocation.room > 0) {
      invocation.room--;
      sendNow();
    } else {
      invocation.resume = sendNow;
    }
  });
}

/** As on AWS, the function goes on and is never told: every chunk is taken at once, and dropped. */
function stopReading(invocation: Invocation): void {
  invocation.room = Number.POSITIVE_INFINITY;
  invocation.resume?.();
  invocation.resume = undefined;
}

function makeRoom(invocation: Invocation): void {
  if (invocation.resume === undefined) {
    invocation.room++;
    return;
  }
  const { resume } = invocation;
  invocation.resume = undefined;
  resume();
}

/** Lambda Developer Guide, "Using the Lambda context object to retrieve Node.js function information". */
function invocationContext(awsRequestId: string, deadline: number) {
  return {
    ...settings.context,
    awsRequestId,
    functionVersion: "$LATEST",
    logStreamName: "local",
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
}

async function loadHandler({ codeDir, handler: name }: WorkerSettings): Promise<Handler> {
  const [, file = "", exportName = ""] = /^(.+)\.([^.]+)$/.exec(name) ?? [];
  const path = [".mjs", ".js", ".cjs"]
    .map((extension) => join(codeDir, file + extension))
    .find(existsSync);
  if (path === undefined) throw new Error(`Handler ${name}: no ${file}.mjs or .js in ${codeDir}.`);
  const exported: unknown = Reflect.get(await import(pathToFileURL(path).href), exportName);
  if (!isHandler(exported)) throw new Error(`Handler ${name}: ${path} exports no such function.`);
  return exported;
}

function isHandler(value: unknown): value is Handler {
  return typeof value === "function";
}

function send(message: FromWorker): void {
  port?.postMessage(message);
}
