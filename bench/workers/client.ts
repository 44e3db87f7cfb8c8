/**
 * Asks a server from so many connections for so many seconds, each connection in a conversation of its own:
 * `node client.ts <port> <read|append> <connections> <seconds>`; figures on descriptor 3.
 */
import { writeSync } from "node:fs";
import { Agent, request } from "node:http";
import { quantile } from "../statistics.ts";

const [port = "", route = "read", connections = "1", seconds = "3"] = process.argv.slice(2);
const agent = new Agent({ keepAlive: true, maxSockets: Number(connections) });
const body = JSON.stringify({ role: "user", content: "x".repeat(250) });

const samples: number[] = [];
await during(0.5);
samples.length = 0;
const start = performance.now();
await during(Number(seconds));
const took = (performance.now() - start) / 1000;
writeSync(
  3,
  JSON.stringify({
    perSecond: samples.length / took,
    p50: quantile(samples, 0.5),
    p99: quantile(samples, 0.99),
  }),
);
process.exit();

async function during(time: number): Promise<void> {
  const end = performance.now() + time * 1000;
  await Promise.all(
    Array.from({ length: Number(connections) }, async (_, connection) => {
      while (performance.now() < end) {
        const begun = performance.now();
        await ask(`/conversations/conversation-${connection}`);
        samples.push(performance.now() - begun);
      }
    }),
  );
}

function ask(path: string): Promise<void> {
  const isRead = route === "read";
  return new Promise((done, fail) => {
    const sent = request(
      {
        agent,
        host: "127.0.0.1",
        port,
        method: isRead ? "GET" : "POST",
        path: isRead ? path : `${path}/messages`,
        headers: isRead
          ? {}
          : { "content-type": "application/json", "content-length": Buffer.byteLength(body) },
      },
      (response) => {
        if (response.statusCode !== (isRead ? 200 : 201)) {
          fail(new Error(`${route} ${path} gave ${response.statusCode}`));
        }
        response.resume().once("end", done);
      },
    );
    sent.once("error", fail).end(isRead ? undefined : body);
  });
}
