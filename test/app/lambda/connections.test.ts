/** What the function's clients do where AWS takes a connection and says nothing. */
import { createServer, type RequestListener, type Server } from "node:http";
import { DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { afterEach, expect, test } from "vitest";
import { type ConnectionTimes, connectionOptions } from "../../../app/lambda/aws-connections.ts";

let server: Server;
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

/** Milliseconds until a request to a server that answers so has failed, and by what name. */
async function failureOf(answer: RequestListener, times: ConnectionTimes) {
  server = createServer(answer);
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const client = new DynamoDBClient({
    endpoint: `http://127.0.0.1:${address.port}`,
    region: "us-east-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    maxAttempts: 1,
    requestHandler: connectionOptions(times),
  });
  const started = performance.now();
  const failure: unknown = await client.send(new ListTablesCommand({})).catch((error) => error);
  client.destroy();
  const name = failure instanceof Error ? failure.name : "none";
  return { name, milliseconds: performance.now() - started };
}

test("a request that gets no answer fails after its time, however long a silence may be", async () => {
  const { name, milliseconds } = await failureOf(() => {}, { answer: 200, silence: 20_000 });
  expect(name).toBe("TimeoutError");
  expect(milliseconds).toBeLessThan(10_000);
});

test("a connection that falls silent fails after its time, however long an answer may take", async () => {
  const { name, milliseconds } = await failureOf(() => {}, { answer: 20_000, silence: 200 });
  expect(name).toBe("TimeoutError");
  expect(milliseconds).toBeLessThan(10_000);
});
