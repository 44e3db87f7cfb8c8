/**
 * Streams answers through a Lambda handler to readers of this process: how soon the first piece comes, what a
 * stalled reader costs, and what goes on when it has left. `node streaming.ts <contender> <table>`; the engine's
 * endpoint is in the environment, the figures go to descriptor 3.
 */
import { writeSync } from "node:fs";
import { setImmediate, setTimeout as sleep } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { createApp } from "../../app/app.ts";
import { dependenciesOf } from "../../app/lambda/dependencies.ts";
import { readEnvironment } from "../../app/lambda/environment.ts";
import { type StreamingHandler, streamingHandler } from "../../app/lambda/streaming.ts";
import type { ChatModel } from "../../app/models/chat-model.ts";
import { embeddedModels } from "../../app/models/embedded.ts";
import { awslambda, ResponseStream } from "../../local/lambda/response-stream.ts";
import { eventOf } from "../../testing/app/lambda.ts";
import { importPeer } from "../peers.ts";
import { environment } from "../stub-store.ts";

const [contender = "", table = ""] = process.argv.slice(2);
Object.assign(globalThis, { awslambda });

let firstTokenMs = 300;
let words = 0;
const model = counted(embeddedModels(async () => setImmediate())[0]);
const dependencies = {
  ...dependenciesOf(readEnvironment({ ...environment, TABLE_NAME: table })),
  models: [model],
  log: () => {},
};
const handler = await handlerOf(contender);

const own = await repeated(20, modelAlone);
const first = await repeated(20, async () => firstPiece(await conversation()));
firstTokenMs = 0;
const stalled = await measureStalled(100);
writeSync(3, JSON.stringify({ own, first, ...stalled }));
process.exit();

/** The embedded model, with a pause before its first word, as of a model that reads its prompt. */
function counted(base: ChatModel | undefined): ChatModel {
  if (base === undefined) throw new Error("there is no embedded model");
  return {
    ...base,
    contextTokens: 2 ** 40,
    maxOutputTokens: 2 ** 30,
    async *answer(prompt, signal) {
      await sleep(firstTokenMs);
      for await (const event of base.answer(prompt, signal)) {
        words++;
        yield event;
      }
    },
  };
}

function ask(content: string, signal: AbortSignal) {
  return model.answer({ system: "", messages: [{ role: "user", content }], passages: [] }, signal);
}

async function handlerOf(name: string): Promise<StreamingHandler> {
  if (name === "chatstack") {
    return streamingHandler(createApp(dependencies), {
      HttpResponseStream: {
        from: (stream, prelude) => {
          if (!(stream instanceof ResponseStream)) throw new Error("not our stream");
          return awslambda.HttpResponseStream.from(stream, prelude);
        },
      },
    });
  }
  const { streaming } = await importPeer<{ streaming(answer: typeof ask): StreamingHandler }>(
    "http/streaming.mjs",
  );
  return streaming(ask);
}

async function conversation(): Promise<string> {
  const id = crypto.randomUUID();
  const draft = { id, title: "Benchmark", modelId: null };
  if (contender === "chatstack") await dependencies.conversations.create("alice", draft);
  return id;
}

async function modelAlone(): Promise<number> {
  const start = performance.now();
  await ask("/words 3", new AbortController().signal)[Symbol.asyncIterator]().next();
  return performance.now() - start;
}

/** Milliseconds until the first word reaches the reader. */
async function firstPiece(id: string): Promise<number> {
  const start = performance.now();
  return new Promise((done, fail) => {
    const stream = new ResponseStream(async (bytes) => {
      if (Buffer.from(bytes).includes("delta")) done(performance.now() - start);
    });
    handler(chatEvent(id, "/words 3"), stream).catch(fail);
  });
}

/** Readers that take one piece of an endless answer, then none; after two seconds they leave. */
async function measureStalled(readers: number) {
  const ids = await repeated(readers, conversation);
  const before = heapAfterCollection();
  words = 0;
  const streams = ids.map((id) => {
    const stream = new ResponseStream(() => new Promise(() => {}));
    void handler(chatEvent(id, "/endless"), stream).catch(() => {});
    return stream;
  });
  await sleep(2_000);
  const wordsAhead = words / readers;
  const kilobytes = (heapAfterCollection() - before) / 1024 / readers;
  for (const stream of streams) stream.destroy(new Error("The client closed the connection."));
  await sleep(500);
  words = 0;
  await sleep(1_000);
  return { wordsAhead, kilobytes, wordsAfter: words / readers };
}

function chatEvent(id: string, content: string) {
  const headers = { Accept: "text/event-stream", "Content-Type": "application/json" };
  return eventOf("POST", `/conversations/${id}/chat`, {
    body: JSON.stringify({ content }),
    headers,
    multiValueHeaders: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, [value]]),
    ),
  });
}

async function repeated<T>(count: number, work: () => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (let index = 0; index < count; index++) results.push(await work());
  return results;
}

function heapAfterCollection(): number {
  setFlagsFromString("--expose-gc");
  const collect: () => void = runInNewContext("gc");
  collect();
  return process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers;
}
