/** `--models`: real models, asked by the function that is deployed, here played by servers of this file. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { json } from "node:stream/consumers";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { bedrockModels } from "../../app/models/bedrock.ts";
import type { ModelEvent, Prompt } from "../../app/models/chat-model.ts";
import type { Engine } from "../../local/engine.ts";
import { startModels } from "../../local/models/front.ts";
import { openModels } from "../../local/models/models.ts";
import { delta, ending, startBedrock, stream } from "../../testing/aws/bedrock.ts";
import { start, temporaryDataDir } from "../../testing/processes/start.ts";
import { Client, signIn } from "./start/client.ts";

interface Seen {
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: {
    readonly messages: readonly { readonly role: string }[];
    readonly max_tokens?: number;
    readonly temperature?: number;
    readonly tools?: readonly object[];
  };
}

const called = { name: "find_notes", arguments: '{"text":"milk"}' };
const toolCall = [
  { reasoning_content: "A list?" },
  { tool_calls: [{ index: 0, id: "call-1", type: "function", function: called }] },
];

/** A server that speaks OpenAI's chat completions at `/v1`, and lists models as Ollama does. */
class ModelServer {
  readonly seen: Seen[] = [];
  status = 200;
  readonly #server: Server;
  url = "";

  constructor() {
    this.#server = createServer((request, response) => void this.#answer(request, response));
  }

  async start(): Promise<this> {
    await once(this.#server.listen(0, "127.0.0.1"), "listening");
    const address = this.#server.address();
    this.url = `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`;
    return this;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.url === "/api/tags") {
      response.end(JSON.stringify({ models: [{ name: "llama3.2:latest" }] }));
      return;
    }
    const body = (await json(request)) as Seen["body"];
    if (request.url === "/api/show") {
      response.end(JSON.stringify({ capabilities: ["completion", "vision", "tools"] }));
      return;
    }
    this.seen.push({ path: request.url!, authorization: request.headers.authorization, body });
    if (this.status !== 200) {
      response.writeHead(this.status, { "content-type": "application/json" });
      response.end(JSON.stringify({ error: { message: "it said: secret words" } }));
      return;
    }
    response.writeHead(200, { "content-type": "text/event-stream" });
    const chunk = (value: object) => response.write(`data: ${JSON.stringify(value)}\n\n`);
    const about = { id: "1", object: "chat.completion.chunk", created: 1, model: "m" };
    const asks = body.tools !== undefined && !body.messages.some(({ role }) => role === "tool");
    for (const delta of asks ? toolCall : [{ content: "Lis" }, { content: "bon" }]) {
      chunk({ ...about, choices: [{ index: 0, delta, finish_reason: null }] });
    }
    const finish_reason = asks ? "tool_calls" : "length";
    chunk({ ...about, choices: [{ index: 0, delta: {}, finish_reason }] });
    const usage = { prompt_tokens: 5, completion_tokens: 2, total_tokens: 7 };
    chunk({ ...about, choices: [], usage });
    response.end("data: [DONE]\n\n");
  }
}

const prompt: Prompt = {
  system: "Be brief.",
  messages: [{ role: "user", content: "Where?" }],
  passages: [],
};

const text = (text: string) => ({ type: "text", text }) as const;

describe("a model that --models names", () => {
  let server: ModelServer;
  let front: Engine | undefined;
  const told: string[] = [];
  const variables = { ...process.env };
  beforeAll(async () => {
    server = await new ModelServer().start();
  });
  afterEach(async () => {
    await front?.stop();
    server.status = 200;
    server.seen.splice(0);
    told.splice(0);
    for (const name of ["OLLAMA_HOST", "CHATSTACK_MODELS_API_KEY"]) delete process.env[name];
  });
  afterAll(() => {
    server.stop();
    process.env = variables;
  });

  /** Asks it as the deployed function does. */
  async function ask(specs: string, asked = prompt): Promise<readonly ModelEvent[]> {
    await front?.stop();
    const models = await openModels(specs, "us-east-1");
    front = await startModels(models, (message) => told.push(message));
    const credentials = { accessKeyId: "local", secretAccessKey: "local" };
    const config = { endpoint: front.endpoint, region: "us-east-1", credentials, maxAttempts: 1 };
    const [model] = bedrockModels(
      models.map(({ id }) => ({ id })),
      config,
    );
    return Array.fromAsync(model!.answer(asked, new AbortController().signal));
  }

  it.each([
    ["ollama:llama3.2", "no key"],
    ["openai-compatible:URL/v1#some/model@q4", "Bearer a-key"],
  ])("%s streams its answer, its tokens and why it ended", async (spec, key) => {
    process.env.OLLAMA_HOST = server.url;
    if (key !== "no key") process.env.CHATSTACK_MODELS_API_KEY = "a-key";
    const events = await ask(spec.replace("URL", server.url));
    expect(events).toEqual([
      { type: "text", text: "Lis" },
      { type: "text", text: "bon" },
      {
        type: "end",
        stopReason: "length",
        usage: { inputTokens: 5, outputTokens: 2 },
        responseId: expect.any(String),
      },
    ]);
    const [{ path, authorization, body }] = server.seen as [Seen];
    expect(path).toBe("/v1/chat/completions");
    expect(authorization ?? "no key").toBe(key);
    expect(body.messages).toEqual([
      { role: "system", content: "Be brief." },
      { role: "user", content: "Where?" },
    ]);
    expect(body.max_tokens).toBeGreaterThan(0);
  });

  it("is shown images, told of tools and asked again with what they answer", async () => {
    const image = { type: "image", mediaType: "image/png" } as const;
    const question = {
      role: "user" as const,
      content: "What is on it?",
      parts: [text("What is on it?"), image],
    };
    const inputSchema = { type: "object", properties: { text: { type: "string" } } };
    const withTools: Prompt = {
      ...prompt,
      messages: [question],
      bytes: new Map([[image, new Uint8Array([1, 2, 3])]]),
      tools: [{ name: "find_notes", description: "Finds notes.", inputSchema }],
      temperature: 0.5,
    };
    const spec = `openai-compatible:${server.url}/v1#m`;
    const events = await ask(spec, withTools);
    const call = { toolCallId: "call-1", toolName: "find_notes" };
    expect(events).toMatchObject([
      { type: "part", part: { type: "reasoning", text: "A list?" } },
      { type: "part", part: { type: "tool-call", ...call, input: { text: "milk" } } },
      { type: "end", stopReason: "tools" },
    ]);
    const steps: Prompt["steps"] = [
      {
        role: "assistant",
        content: "",
        parts: [
          { type: "tool-call", ...call, input: { text: "milk" } },
          { type: "tool-result", ...call, output: ["Buy milk"] },
        ],
      },
    ];
    await ask(spec, { ...withTools, steps });
    const [first, second] = server.seen.map(({ body }) => body);
    expect(first).toMatchObject({
      temperature: 0.5,
      tools: [{ type: "function", function: { name: "find_notes", parameters: inputSchema } }],
    });
    expect(first?.messages.at(-1)).toEqual({
      role: "user",
      content: [
        { type: "text", text: "What is on it?" },
        { type: "image_url", image_url: { url: "data:image/png;base64,AQID" } },
      ],
    });
    expect(second?.messages.slice(-2)).toMatchObject([
      { role: "assistant", tool_calls: [{ id: "call-1", function: { name: "find_notes" } }] },
      { role: "tool", tool_call_id: "call-1", content: '{"output":["Buy milk"]}' },
    ]);
  });

  it("does not answer without the guardrail that the conversation asks for, which is Bedrock's", async () => {
    const guardrail = { id: "gr-1", version: "1" };
    const asked = ask(`openai-compatible:${server.url}/v1#m`, { ...prompt, guardrail });
    await expect(asked).rejects.toThrow("did not accept");
    expect(server.seen).toEqual([]);
  });

  it.each([
    [429, "busy"],
    [401, "cannot be used"],
    [400, "did not accept"],
    [500, "cannot be used"],
  ])("that answers %i fails as Bedrock would, and repeats nothing of its words", async (status, words) => {
    server.status = status;
    const asked = ask(`openai-compatible:${server.url}/v1#m`);
    await expect(asked).rejects.toThrow(words);
    await expect(asked).rejects.not.toThrow("secret");
    expect(told).toEqual([`model m (${server.url}): status ${status}`]);
  });

  it("has an address that nobody can guess", async () => {
    await ask(`openai-compatible:${server.url}/v1#m`);
    const { origin } = new URL(front!.endpoint);
    const path = "/model/m/converse-stream";
    for (const guess of [path, `/${"x".repeat(32)}${path}`]) {
      expect((await fetch(origin + guess, { method: "POST", body: "{}" })).status).toBe(404);
    }
    expect(server.seen.length).toBe(1);
  });

  it("of Bedrock is asked there with the caller's credentials, and priced where we know it", async () => {
    const bedrock = await startBedrock((response) => {
      stream(response, [delta("Hi"), ...ending("end_turn")]);
      response.end();
    });
    process.env.AWS_ENDPOINT_URL_BEDROCK_RUNTIME = bedrock.endpoint;
    process.env.AWS_ACCESS_KEY_ID = "AKIAOFTHEUSER";
    process.env.AWS_SECRET_ACCESS_KEY = "of-the-user";
    const image = { type: "image", mediaType: "image/png" } as const;
    const events = await ask("bedrock:us.amazon.nova-lite-v1:0", {
      ...prompt,
      messages: [{ role: "user", content: "", parts: [image] }],
      bytes: new Map([[image, new Uint8Array([1, 2, 3])]]),
      guardrail: { id: "gr-1", version: "1" },
    });
    await bedrock.stop();
    expect(bedrock.requests[0]?.body).toMatchObject({
      messages: [{ content: [{ image: { format: "png", source: { bytes: "AQID" } } }] }],
      guardrailConfig: { guardrailIdentifier: "gr-1", guardrailVersion: "1" },
    });
    expect(events[0]).toEqual({ type: "text", text: "Hi" });
    expect(bedrock.requests[0]?.authorization).toContain("AKIAOFTHEUSER");
    expect(bedrock.requests[0]?.url).toBe("/model/us.amazon.nova-lite-v1:0/converse-stream");
    const [model] = await openModels("bedrock:us.amazon.nova-lite-v1:0", "us-east-1");
    expect(model?.cost).toBe("$0.06 in and $0.24 out for a million tokens");
  });

  it("answers in the place of the stack's, through the function that is deployed", async () => {
    const dataDir = await temporaryDataDir();
    const spec = `openai-compatible:${server.url}/v1#m`;
    const environment = await start(dataDir.path, ["--models", spec]);
    try {
      const { host } = new URL(server.url);
      expect(environment.events.at(-1)).toMatchObject({
        models: [{ id: "m", answeredBy: server.url, cost: `what ${host} bills` }],
      });
      const [tenant] = environment.tenants;
      const ada = new Client(tenant!.url, await signIn(tenant!, "ada", dataDir.path));
      expect((await ada.json("GET", "/models")).items).toMatchObject([
        { id: "m", contextTokens: 32_000, takes: ["images", "tools"] },
      ]);
      const { id } = await ada.json("POST", "/conversations", {});
      const { assistantMessage, usage } = await ada.json("POST", `/conversations/${id}/chat`, {
        content: "Where?",
      });
      expect(assistantMessage).toMatchObject({ content: "Lisbon", modelId: "m" });
      expect(usage).toEqual({ inputTokens: 5, outputTokens: 2 });
    } finally {
      await environment.stop("SIGTERM");
      await dataDir.remove();
    }
  });

  it("is named with what is wrong and what there is, before anything starts", async () => {
    process.env.OLLAMA_HOST = server.url;
    expect((await openModels("ollama:llama3.2", "us-east-1"))[0]?.takes).toEqual([
      "images",
      "tools",
    ]);
    const open = (specs: string) => openModels(specs, "us-east-1");
    await expect(open("ollama:mistral")).rejects.toThrow(
      `found "ollama:mistral"; Ollama at ${server.url} has: llama3.2:latest. Get it: ollama pull mistral`,
    );
    process.env.OLLAMA_HOST = "127.0.0.1:9";
    await expect(open("ollama:llama3.2")).rejects.toThrow(
      "no Ollama answers at http://127.0.0.1:9",
    );
    await expect(open("gpt")).rejects.toThrow('found "gpt"; allowed: ollama:<model>');
    await expect(open("openai-compatible:nowhere#m")).rejects.toThrow("allowed: ollama:<model>");
    await expect(open("@ai-sdk/no-such:m")).rejects.toThrow("npm install @ai-sdk/no-such");
    await expect(open("zod:m")).rejects.toThrow("zod exports no provider");
  });
});
