import { expect, it } from "vitest";
import type { AppDependencies } from "../../../app/context.ts";
import { replacing } from "../../../app/events/replacing.ts";
import { endingMs } from "../../../app/http/deadline.ts";
import { embeddedModels } from "../../../app/models/embedded.ts";
import { TestApi } from "../../../testing/app/api.ts";
import { upload } from "../../../testing/app/upload.ts";

const api = TestApi.forThisFile();
const never = () => new Promise<never>(() => {});
const alice = () => api.as("alice");

/** Sends a request that has little time left to a tenant whose own code never ends. */
function ask(overrides: Partial<AppDependencies>, path: string, body?: object) {
  const deadline = Date.now() + endingMs + 300;
  return api.with(overrides).as("alice").send("POST", path, { body, deadline });
}

async function conversation(): Promise<string> {
  const { id } = (await alice().post("/conversations", {})).body;
  await alice().post(`/conversations/${id}/chat`, { content: "What should I see?" });
  return `/conversations/${id}`;
}

it("asks no model for whom instructions, passages or bytes never come", async () => {
  const path = await conversation();
  const { id: documents } = await upload(alice(), Buffer.from("A note."), "text/plain", "Notes");
  const asked: string[] = [];
  const models = embeddedModels(async () => {
    asked.push("asked");
  });
  const { library } = api.dependencies;
  const file = { type: "file", mediaType: "text/plain", document: documents };
  for (const [overrides, body] of [
    [{ systemPrompt: never }, { content: "Now?" }],
    [{ passages: { find: never } }, { content: "Now?", documents: [documents] }],
    [{ library: replacing(library, { read: never }) }, { parts: [file] }],
  ] as const) {
    api.log.length = 0;
    const answer = await ask({ models, ...overrides }, `${path}/chat`, body);
    expect([answer.status, answer.body.type]).toEqual([503, "urn:chatstack:problem:busy"]);
    expect(answer.headers.get("retry-after")).toBe("1");
    expect(api.log).toContainEqual(expect.objectContaining({ error: "Overdue" }));
  }
  expect(asked).toEqual([]);
  expect((await alice().get(`${path}/messages`)).body.items).toHaveLength(2);
});

it("ends with a model that minds no signal, and counts what it said", async () => {
  const path = await conversation();
  const [embedded] = api.dependencies.models;
  const deaf = {
    ...embedded!,
    async *answer() {
      yield { type: "text" as const, text: "Sights" };
      await never();
    },
  };
  const used = async () => (await alice().get("/me/usage")).body.day.outputTokens;
  const before = await used();
  const titled = await ask({ models: [deaf] }, `${path}/title`);
  expect([titled.status, titled.body.type]).toEqual([502, "urn:chatstack:problem:model-failed"]);
  expect(await used()).toBeGreaterThan(before);
  const answer = await ask({ models: [deaf] }, `${path}/chat`, { content: "And now?" });
  expect(answer.body.assistantMessage).toMatchObject({ content: "Sights", stopReason: "aborted" });
});
