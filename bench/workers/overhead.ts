/**
 * Microseconds that a Lambda handler takes for each of six API Gateway events, its store being a stub. One
 * contender in this process: `node overhead.ts <contender> <requests>`; samples as quantiles on descriptor 3.
 */
import { writeSync } from "node:fs";
import { createApp } from "../../app/app.ts";
import { withOrigins } from "../../app/http/cors.ts";
import { bufferedHandler } from "../../app/lambda/buffered.ts";
import type { InvocationContext, ProxyEvent } from "../../app/lambda/event.ts";
import { eventOf } from "../../testing/app/lambda.ts";
import { importPeer } from "../peers.ts";
import { quantile } from "../statistics.ts";
import { peerStore, stubbedDependencies } from "../stub-store.ts";

type Handler = (event: ProxyEvent, context: InvocationContext) => Promise<{ statusCode: number }>;

const [contender = "", requests = "2000"] = process.argv.slice(2);
const handler = await handlerOf(contender);
const context = { getRemainingTimeInMillis: () => 30_000 };

const draft = { role: "user", content: "x".repeat(250) };
const routes: Readonly<Record<string, readonly [event: ProxyEvent, status: number]>> = {
  read: [got("/conversations/conversation-0"), 200],
  list: [got("/conversations"), 200],
  append: [posted("/conversations/conversation-0/messages", draft), 201],
  health: [got("/health"), 200],
  create: [posted("/conversations", { title: "Trip to Lisbon" }), 201],
  "validation error": [posted("/conversations/conversation-0/messages", { content: 1 }), 400],
};

const result: Record<string, { p50: number; p99: number }> = {};
for (const [route, [event, status]] of Object.entries(routes)) {
  await run(event, status, Number(requests) / 2);
  const samples = await run(event, status, Number(requests));
  result[route] = { p50: quantile(samples, 0.5), p99: quantile(samples, 0.99) };
}
writeSync(3, JSON.stringify(result));
process.exit();

async function run(event: ProxyEvent, status: number, count: number): Promise<number[]> {
  const samples: number[] = [];
  for (let index = 0; index < count; index++) {
    // Lambda parses each event anew.
    const fresh: ProxyEvent = structuredClone(event);
    const start = performance.now();
    const { statusCode } = await handler(fresh, context);
    samples.push((performance.now() - start) * 1000);
    if (statusCode !== status) throw new Error(`${contender}: ${event.path} gave ${statusCode}`);
  }
  return samples;
}

async function handlerOf(name: string): Promise<Handler> {
  if (name === "chatstack") {
    return bufferedHandler(withOrigins(createApp(stubbedDependencies()), []));
  }
  const { handlers } = await importPeer<{
    handlers: Record<string, (store: typeof peerStore) => Handler>;
  }>("http/apps.mjs");
  const make = handlers[name];
  if (make === undefined) throw new Error(`no such contender: ${name}`);
  return make(peerStore);
}

function got(path: string): ProxyEvent {
  return eventOf("GET", path, sent({ Accept: "*/*" }));
}

function posted(path: string, content: object): ProxyEvent {
  const body = JSON.stringify(content);
  const length = String(Buffer.byteLength(body));
  const headers = { Accept: "*/*", "Content-Type": "application/json", "Content-Length": length };
  return eventOf("POST", path, { body, ...sent(headers) });
}

/** As API Gateway hands headers over: twice. */
function sent(headers: Readonly<Record<string, string>>) {
  const multiValueHeaders = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, [value]]),
  );
  return { headers, multiValueHeaders };
}
