import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { ScanCommand } from "@aws-sdk/lib-dynamodb";
import { expect, it, onTestFinished } from "vitest";
import { documentClient } from "../../../app/store/dynamodb/table/client.ts";
import { startEnvironment } from "../../../local/environment.ts";
import { engineConfig } from "../../../testing/aws/table.ts";
import { temporaryDataDir } from "../../../testing/processes/start.ts";
import { Client, signIn } from "./client.ts";

it("B: the trash that is due vanishes from the table without anybody asking", async () => {
  const dataDir = await temporaryDataDir();
  onTestFinished(() => dataDir.remove());
  const said: string[] = [];
  const failures: string[] = [];
  const start = (firstRunMs: number) =>
    startEnvironment({
      stack: "dev",
      dataDir: dataDir.path,
      port: 0,
      firstRunMs,
      onProgress: (message) => said.push(message),
      onRequestFailure: (message) => failures.push(message),
      onCrash: (error) => {
        throw error;
      },
    });
  const messages = async () => {
    const { dynamodbEndpoint } = JSON.parse(
      readFileSync(join(dataDir.path, "running.json"), "utf8"),
    );
    const client = documentClient(engineConfig(dynamodbEndpoint));
    const { TableNames = [] } = await client.send(new ListTablesCommand());
    const pages = await Promise.all(
      TableNames.map((TableName) => client.send(new ScanCommand({ TableName }))),
    );
    return pages.flatMap(({ Items = [] }) => Items).filter(({ sk }) => /^MSG#/.test(sk)).length;
  };

  const first = await start(600_000);
  expect(said).toContain("scheduled acme-api-maintenance, rate(15 minutes)");
  const tenant = first.tenants[0]!;
  const ada = new Client(tenant.url, await signIn(tenant, "ada", dataDir.path));
  // The first request of a user starts much on a busy machine: the time that the import has begins after it.
  expect((await ada.send("GET", "/conversations")).status).toBe(200);
  const purgeAt = new Date(Date.now() + 8_000).toISOString();
  const createdAt = "2026-01-10T12:00:00.000Z";
  const trashed = { state: "trashed", purgeAt };
  const written = { role: "user", content: "x", timestamp: createdAt };
  const lines = [
    { kind: "conversation", id: "old", title: "Old", createdAt, ...trashed },
    { kind: "message", conversation: "old", sequence: 1, ...written },
  ].map((line) => JSON.stringify(line));
  const imported = await ada.send("POST", "/import", `${lines.join("\n")}\n`, {
    "content-type": "application/x-ndjson",
  });
  expect(await imported.text()).toContain('{"done":{"created":2}}');
  expect(await messages()).toBe(1);
  await first.stop();
  await sleep(Math.max(0, Date.parse(purgeAt) - Date.now()));

  const second = await start(100);
  try {
    for (let tries = 0; (await messages()) > 0 && tries < 100; tries++) await sleep(200);
    expect(await messages()).toBe(0);
    expect(failures).toEqual([]);
  } finally {
    await second.stop();
  }
}, 60_000);
