/** The built bundles under AWS's own runtime client, against embedded engines. */
import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildLambdaBundle } from "../../app/bundle/bundle.ts";
import { contract } from "../../app/contract/index.ts";
import { type Engine, startDynamoDB } from "../../local/dynamodb.ts";
import { startS3 } from "../../local/s3.ts";
import { claimsOf } from "../../testing/app/api.ts";
import { extendedBundle } from "../../testing/app/extended.ts";
import { eventOf } from "../../testing/app/lambda.ts";
import { pdfBomb, pdfOf } from "../../testing/app/pdf.ts";
import { type Grant, submit } from "../../testing/app/upload.ts";
import { createBucket, s3Config } from "../../testing/aws/bucket.ts";
import { type CuttableProxy, startCuttableProxy } from "../../testing/aws/cuttable-proxy.ts";
import { createChatTable } from "../../testing/aws/table.ts";
import { type ReadOptions, RuntimeApi } from "../../testing/runtime/runtime-api.ts";
import {
  findRuntimeClient,
  type RuntimeProcess,
  startRuntime,
} from "../../testing/runtime/runtime-client.ts";

const client = findRuntimeClient();
const title = "%s under AWS's runtime client";
const reason =
  "skipped: no aws-lambda-ric; npm install it anywhere and name its folder in AWS_LAMBDA_RIC";

const bundles = [
  ["the app", buildLambdaBundle, []],
  ["an app that extends it", extendedBundle, ["find_notes"]],
] as const;

describe.skipIf(client === undefined).each(bundles)(
  client ? title : `${title} (${reason})`,
  (_, bundle, tools) => {
    let engines: Engine[];
    let proxies: CuttableProxy[];
    let environment: Record<string, string>;
    let api: RuntimeApi;
    let runtime: RuntimeProcess;

    beforeAll(async () => {
      const [dynamodb, s3] = await Promise.all([
        startDynamoDB(),
        startS3({ accessKey: s3Config("").credentials }),
      ]);
      engines = [dynamodb, s3];
      proxies = await Promise.all(engines.map(({ endpoint }) => startCuttableProxy(endpoint)));
      const { iss, client_id } = claimsOf("alice");
      environment = {
        TENANT: "acme",
        // Of the app that extends ours.
        NOTES_PER_PAGE: "100",
        TABLE_NAME: await createChatTable(dynamodb.endpoint),
        BUCKET_NAME: await createBucket(s3.endpoint),
        USER_POOL_ID: String(iss).split("/").at(-1)!,
        USER_POOL_CLIENT_IDS: String(client_id),
        MODELS: "embedded",
        AWS_ENDPOINT_URL_DYNAMODB: proxies[0]!.endpoint,
        AWS_ENDPOINT_URL_S3: proxies[1]!.endpoint,
      };
      api = await RuntimeApi.start();
      runtime = startRuntime(client!, api, environment, bundle());
    });
    afterAll(async () => {
      runtime.child.kill("SIGCONT");
      runtime.child.kill("SIGKILL");
      await runtime.ended;
      await api.stop();
      await Promise.all([...proxies, ...engines].map((one) => one.stop()));
    });

    async function send(
      method: string,
      path: string,
      body?: unknown,
      headers: Record<string, string> = {},
      { user = "alice", ...read }: ReadOptions & { readonly user?: string } = {},
    ) {
      const [route = "", query = ""] = path.split("?");
      const parameters = Object.fromEntries(new URLSearchParams(query));
      const usual = eventOf(method, route);
      const event = eventOf(method, route, {
        requestContext: {
          ...usual.requestContext,
          authorizer: { claims: claimsOf(user, { "cognito:groups": "admins,members" }) },
        },
        body: typeof body === "string" ? body : body === undefined ? null : JSON.stringify(body),
        queryStringParameters: query === "" ? null : parameters,
        multiValueHeaders: Object.fromEntries(
          Object.entries({ "Content-Type": "application/json", ...headers }).map(
            ([name, value]) => [name, [value]],
          ),
        ),
      });
      const { prelude, body: bytes } = await api.invoke(event, 30_000, read);
      return { status: prelude.statusCode, headers: prelude.headers, text: String(bytes) };
    }

    const ndjson = { "Content-Type": "application/x-ndjson" };

    it("answers every operation of the contract with the status that it has for it", async () => {
      const asked = new Set<string>();
      const ask = async (
        status: number,
        method: string,
        path: string,
        ...rest: [unknown?, Record<string, string>?]
      ) => {
        const answer = await send(method, path, ...rest);
        expect(
          `${method} ${path}: ${answer.status} ${answer.status === status ? "" : answer.text}`,
        ).toBe(`${method} ${path}: ${status} `);
        asked.add(operationOf(method, path));
        return answer.text === "" ? undefined : parsed(answer.text);
      };
      await ask(200, "GET", "/health");
      await ask(200, "GET", "/openapi.json");
      await ask(200, "GET", "/docs");
      await ask(200, "GET", "/models");
      await ask(200, "GET", "/me");
      await ask(200, "PUT", "/me", { preferences: { theme: "dark" } });
      await ask(201, "POST", "/conversations", { id: "trip", title: "Lisbon" });
      await ask(200, "GET", "/conversations");
      await ask(200, "GET", "/conversations/trip");
      await ask(200, "PATCH", "/conversations/trip", { title: "Porto" });
      await ask(200, "PUT", "/conversations/trip", { title: "Porto", modelId: null });
      await ask(201, "POST", "/conversations/trip/messages", { role: "user", content: "Hello" });
      await ask(200, "GET", "/conversations/trip/messages");
      await ask(200, "GET", "/conversations/trip/messages/1");
      await ask(200, "PUT", "/conversations/trip/read", { sequence: 1 });
      await ask(200, "POST", "/conversations/trip/chat", { content: "/words 3" });
      await ask(200, "POST", "/conversations/trip/regenerate", {});
      await ask(200, "PUT", "/conversations/trip/messages/3/feedback", { rating: "up" });
      await ask(200, "GET", "/conversations/trip/export");
      await ask(200, "GET", "/sync");
      await ask(200, "GET", "/me/usage");
      for (const { method, path } of contract) {
        if (asked.has(`${method.toUpperCase()} ${path}`)) continue;
        // Whatever else there is answers without a failure of its own, here of a thing that is not there.
        const named = path.replace(/\{[^}]+\}/g, "nothing");
        const body = ["post", "put", "patch"].includes(method) ? {} : undefined;
        const headers = path === "/import" ? ndjson : {};
        const answer = await send(method.toUpperCase(), named, body, headers, { user: "visitor" });
        expect(`${method} ${path}: ${answer.status}`).toMatch(/: [234]\d\d$/);
        asked.add(`${method.toUpperCase()} ${path}`);
      }
      expect(asked.size).toBeGreaterThanOrEqual(44);
      expect(asked.size).toBe(contract.length);
    });

    it("streams an answer as server-sent events", async () => {
      await send("POST", "/conversations", { id: "stream" });
      const answer = await send(
        "POST",
        "/conversations/stream/chat",
        { content: "/words 20" },
        { Accept: "text/event-stream" },
      );
      expect(answer.headers["content-type"]).toContain("text/event-stream");
      expect(answer.text).toContain("event: done");
    });

    it("tells a model of the tools that were put to the app, and calls them", async () => {
      await send("POST", "/conversations", { id: "tools" });
      const chat = async (content: string) => {
        const { text } = await send("POST", "/conversations/tools/chat", { content });
        return JSON.parse(text).assistantMessage;
      };
      const { tools: told = [] } = JSON.parse((await chat("/prompt")).content);
      expect(told.map(({ name }: { name: string }) => name)).toEqual(tools);
      for (const name of tools) {
        const { parts } = await chat(`/tool ${name} {"text":"milk"}`);
        expect(parts).toContainEqual(
          expect.objectContaining({ type: "tool-result", toolName: name, output: [] }),
        );
      }
    });

    it("hands an export to a slow reader whole, and reads no further ahead than buffers hold", async () => {
      const total = 600;
      for (let first = 1; first <= total; first += 100) {
        const lines = Array.from({ length: 100 }, (_, index) =>
          JSON.stringify({
            kind: "message",
            conversation: `long-${first}`,
            sequence: index + 1,
            role: "user",
            // Nothing that compresses.
            content: randomBytes(15_000).toString("base64"),
            timestamp: "2026-01-01T00:00:00Z",
          }),
        );
        const header = JSON.stringify({
          kind: "conversation",
          id: `long-${first}`,
          title: "long",
          createdAt: "2026-01-01T00:00:00Z",
        });
        const imported = await send("POST", "/import", [header, ...lines].join("\n"), ndjson);
        expect(imported.text).toContain('"done"');
      }
      const answered = () => proxies.reduce((sum, { bytesAnswered }) => sum + bytesAnswered, 0);
      const before = answered();
      let whileWaiting: number | undefined;
      let isBack = false;
      const onRead = async () => {
        // The reader takes the first part, and goes away until nothing more is read for it.
        while (whileWaiting !== answered() - before && !isBack) {
          whileWaiting = answered() - before;
          await sleep(1_000);
        }
        isBack = true;
      };
      const slow = await send("GET", "/export", undefined, {}, { onRead });
      const messages = slow.text
        .split("\n")
        .filter((line) => line.includes('"conversation":"long-'));
      expect(messages).toHaveLength(total);
      expect(slow.text.length).toBeGreaterThan(total * 20_000);
      expect(whileWaiting).toBeLessThan((answered() - before) / 2);
    });

    it("reads a PDF in a process of its own, and outlives one that unpacks to more than there is", async () => {
      const read = async (bytes: Buffer) => {
        const draft = { name: "a.pdf", type: "application/pdf", size: bytes.length };
        const granted: Grant = JSON.parse((await send("POST", "/documents", draft)).text);
        expect((await submit(granted.upload, bytes)).status).toBe(204);
        const { status, text } = await send("POST", `/documents/${granted.id}/complete`, {});
        return { answer: status, ...JSON.parse(text) };
      };
      const { pid } = runtime.child;
      expect(await read(pdfOf(["The tram 28"], ["goes up"]))).toMatchObject({
        answer: 200,
        status: "ready",
        pages: 2,
      });
      expect(await read(pdfBomb(512))).toMatchObject({ answer: 200, status: "failed" });
      expect((await send("GET", "/health")).status).toBe(200);
      expect([runtime.child.pid, runtime.child.exitCode]).toEqual([pid, null]);
    });

    it.each([
      // Connections that were idle for so long are not used again.
      ["long", 6_000, false],
      ["short", 500, true],
    ])("answers within the request time-out after a %s freeze that cut its connections", async (_, freezeMs, isUsed) => {
      const lost = () => proxies.reduce((sum, { bytesIntoSilence }) => sum + bytesIntoSilence, 0);
      const before = lost();
      expect((await send("GET", "/conversations")).status).toBe(200);
      expect((await send("GET", "/documents")).status).toBe(200);
      runtime.child.kill("SIGSTOP");
      for (const proxy of proxies) proxy.cut();
      await sleep(freezeMs);
      runtime.child.kill("SIGCONT");
      const thawed = performance.now();
      expect((await send("GET", "/conversations")).status).toBe(200);
      expect((await send("GET", "/documents")).status).toBe(200);
      // API Gateway gives a request 29 seconds.
      expect(performance.now() - thawed).toBeLessThan(29_000);
      expect(lost() > before).toBe(isUsed);
    });

    it("starts anew where the runtime's connection for the answer broke", async () => {
      const broken = send("GET", "/export", undefined, {}, { breakAfterBytes: 100_000 });
      await expect(broken).rejects.toThrow("broke the connection");
      // Lambda starts another process where the runtime ended.
      const ended = await Promise.race([runtime.ended, sleep(3_000)]);
      if (ended !== undefined) runtime = startRuntime(client!, api, environment, bundle());
      expect((await send("GET", "/health")).status).toBe(200);
    });

    it("ends on SIGTERM", async () => {
      const other = await RuntimeApi.start();
      const process = startRuntime(client!, other, environment, bundle());
      await other.invoke(eventOf("GET", "/health"));
      process.child.kill("SIGTERM");
      expect(await process.ended).toEqual({ code: null, signal: "SIGTERM" });
      await other.stop();
    });

    it("tells the runtime what its environment lacks, by name, and ends", async () => {
      const other = await RuntimeApi.start();
      const { TABLE_NAME: _, ...without } = environment;
      const process = startRuntime(client!, other, without, bundle());
      expect((await process.ended).code).not.toBe(0);
      expect(JSON.stringify(other.initErrors)).toContain("environment: TABLE_NAME must be set");
      await other.stop();
    });
  },
);

/** `GET /conversations/trip` → `GET /conversations/{id}` */
function operationOf(method: string, path: string): string {
  const [route = ""] = path.split("?");
  const match = contract.find(
    (one) =>
      one.method.toUpperCase() === method &&
      new RegExp(`^${one.path.replace(/\{[^}]+\}/g, "[^/]+")}$`).test(route),
  );
  if (match === undefined) throw new Error(`no operation ${method} ${path}`);
  return `${method} ${match.path}`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
