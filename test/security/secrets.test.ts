import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, ScanCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { engineConfig } from "../../testing/aws/table.ts";
import { chatstack } from "../../testing/processes/chatstack.ts";
import { Client, idToken } from "../local/start/client.ts";
import { LocalTarget } from "./support/environment.ts";
import { exchange } from "./support/http.ts";
import { tried } from "./support/tried.ts";

const target = LocalTarget.forThisFile();

/** What must be found nowhere, by where it was put. */
const secrets = new Map<string, string>();
const printed: string[] = [];

/** @param bytes few where an error quotes only the beginning. */
const canary = (place: string, bytes = 12): string => {
  const text = `x${randomBytes(bytes).toString("hex")}`;
  secrets.set(place, text);
  return text;
};

let ada: Client;
let url: string;

beforeAll(async () => {
  for (const stream of [process.stdout, process.stderr]) {
    const write = stream.write.bind(stream);
    vi.spyOn(stream, "write").mockImplementation((chunk: string | Uint8Array) => {
      printed.push(String(chunk));
      return write(chunk);
    });
  }
  const tenant = target.tenant("acme");
  ({ url } = tenant);
  const token = await target.token("acme", "ada");
  ada = new Client(url, token);
  secrets.set("an access token", token);
  secrets.set("its signature", token.split(".")[2]!);
  secrets.set("an ID token", (await idToken(tenant, target.dataDir)).split(".")[2]!);
  for (const { username, password } of tenant.users) {
    secrets.set(`${username}'s password`, password);
    secrets.set(`${username}'s address`, username);
  }
});
afterAll(() => {
  vi.restoreAllMocks();
});

/** Uses the API as people do, and as they should not. */
async function use(): Promise<void> {
  const { id } = await ada.json("POST", "/conversations", { title: canary("a title") });
  const path = `/conversations/${id}`;
  const send = (method: string, at: string, body?: unknown, headers = {}) =>
    ada.send(method, at, body, headers).then((response) => response.text());
  const content = canary("a message");
  await send(
    "POST",
    `${path}/messages`,
    { role: "user", content },
    { "idempotency-key": canary("a key") },
  );
  await send("POST", `${path}/messages`, {
    role: "user",
    content: randomBytes(400_000).toString("base64"),
  });
  await send(
    "POST",
    `${path}/chat`,
    { content: canary("a question") },
    { accept: "text/event-stream" },
  );
  await send("POST", `${path}/chat`, { content: `/fail 1 ${canary("a failed question")}` });
  await send("POST", `${path}/chat`, { content: `/throttled ${canary("a throttled question")}` });
  await send("PUT", `${path}/messages/1/feedback`, { rating: "up", comment: canary("a comment") });
  await send("POST", "/documents", { name: canary("a file's name"), type: "text/plain", size: 5 });
  await send("PUT", "/me/sessions/laptop", { data: canary("a session") });
  await send("PUT", "/me/state/theme", { value: canary("state") });
  await send("PUT", "/me", {
    name: canary("a name"),
    email: `${canary("an address")}@acme.example`,
    preferences: { x: canary("a preference") },
  });
  const issued = await ada.json("POST", "/me/tokens", {
    purpose: "link",
    data: canary("a token's data"),
  });
  secrets.set("a one-time token", issued.token);
  await send("POST", "/me/tokens/redeem", { purpose: "link", token: canary("a wrong token") });
  await send("GET", `/conversations?cursor=${canary("a cursor")}`);
  await send("GET", `/conversations?${canary("a parameter")}=1`);
  await send("GET", `/${canary("a path")}`);
  await send("GET", `/conversations/${canary("an id")}`);
  await send("POST", "/conversations", `{"title": "${canary("half a body")}`);
  await send("POST", "/conversations", { [canary("a field")]: 1 });
  await send("GET", "/me", undefined, {
    "x-secret": canary("a header"),
    cookie: canary("a cookie"),
  });
  const headers = { "content-type": "application/x-ndjson" };
  await send("POST", "/import", `{"kind": "${canary("a line")}"}\n${canary("no line")}`, headers);
  await exchange("GET", `${url}/me?access_token=${canary("a token in the query")}`);
  await exchange("GET", `${url}/me`, [["authorization", `Bearer ${canary("a garbled token")}`]]);
  await exchange("GET", `${url}/../${canary("a strange path")}`);
  await exchange("TRACE", `${url}/${canary("a traced path")}`, [
    ["authorization", secrets.get("an access token")!],
  ]);
}

/** Breaks what is stored, so that reading it fails with an error that quotes it. */
async function breakWhatIsStored(): Promise<void> {
  const client = DynamoDBDocumentClient.from(
    new DynamoDBClient(engineConfig(target.engines.dynamodbEndpoint)),
  );
  const { TableNames = [] } = await client.send(new ListTablesCommand());
  for (const TableName of TableNames) {
    const { Items = [] } = await client.send(new ScanCommand({ TableName }));
    for (const { pk, sk } of Items.filter((item) => item.sk === "STATE#theme")) {
      await client.send(
        new UpdateCommand({
          TableName,
          Key: { pk, sk },
          UpdateExpression: "SET #value = :value",
          ExpressionAttributeNames: { "#value": "value" },
          ExpressionAttributeValues: { ":value": canary("what is stored", 5) },
        }),
      );
    }
  }
  client.destroy();
  expect((await ada.send("GET", "/me/state/theme")).status).toBe(500);
  const broken = await ada.send("GET", "/export");
  expect(await broken.text()).toContain('{"kind":"unreadable","what":"state","id":"theme"}');
}

describe("the local environment", () => {
  it("writes nothing of a secret, of what users wrote or of who they are, to any log", async (context) => {
    await use();
    await breakWhatIsStored();
    tried(context, secrets.size);
    // What functions print reaches their log by way of another thread.
    await vi.waitFor(() => expect(target.logs).toContain('"/export"'));
    const everything = [target.logs, ...target.told, ...printed].join("\n");
    expect(everything.match(/"message":"request"/g)?.length).toBeGreaterThan(20);
    expect(everything.match(/"message":"failure"/g)?.length).toBeGreaterThan(1);
    const found = [...secrets].filter(([, secret]) => everything.includes(secret));
    expect(found.map(([place]) => place)).toEqual([]);
  });

  it("keeps passwords hashed, and to their owner what must be read again", (context) => {
    const folder = target.dataDir;
    const cognito = readdirSync(join(folder, "cognito")).map((file) =>
      join(folder, "cognito", file),
    );
    const users = target.tenant("acme").users;
    tried(context, users.length + 2);
    for (const { password } of users) {
      for (const file of cognito) expect(readFileSync(file).includes(password)).toBe(false);
    }
    for (const file of [...cognito, join(folder, "accounts.json"), join(folder, "running.json")]) {
      expect([file, (statSync(file).mode & 0o077).toString(8)]).toEqual([file, "0"]);
    }
  });
});

it("shows no secret of a program's in any report of a check", async (context) => {
  const cwd = join(import.meta.dirname, "project");
  const reports = ["json", "sarif", "junit"].map((kind) => [
    `--${kind}`,
    join(target.dataDir, `logs/check.${kind}`),
  ]);
  const { code, stdout, stderr } = await chatstack(
    ["check", "--policy-pack", join(cwd, "../../../policies"), "--stack", "dev", ...reports.flat()],
    { cwd },
  );
  expect([code, stdout.match(/\n/g)!.length > 10]).toEqual([1, true]);
  const files = reports.map(([, file]) => readFileSync(file!, "utf8"));
  tried(context, files.length + 2);
  for (const text of [stdout, stderr, ...files]) {
    expect(text).not.toContain("canary-of-the-configuration");
  }
});
