import { describe, expect, it } from "vitest";
import { createApp } from "../../../app/app.ts";
import type { AppDependencies } from "../../../app/context.ts";
import { Client, claimsOf, dependenciesOn, randomKey, TestApi } from "../../../testing/app/api.ts";
import { readAll, scan } from "../../../testing/faults/stored.ts";

const api = TestApi.forThisFile();

/** All that table and bucket hold. */
async function contents(): Promise<unknown> {
  const objects = await readAll(api.table.objects);
  return [await scan(api.table), objects.map(({ body }) => Buffer.from(body).toString())];
}

const tool = (name: string) => ({
  name,
  description: `Tells ${name}.`,
  inputSchema: { type: "object" },
  run: async () => ({ told: name }),
});

const guardrails = { strict: { id: "g1", version: "1" } };

function userOf(history: "dynamodb" | "s3", other: Partial<AppDependencies> = {}) {
  const claims = claimsOf(randomKey());
  const at = (more: Partial<AppDependencies> = {}) => {
    const deps = dependenciesOn(api.table, () => {}, history);
    const options = { tools: [tool("weather"), tool("time")], guardrails };
    return new Client({ app: createApp({ ...deps, ...options, ...other, ...more }) }, claims);
  };
  return { alice: at(), at };
}

const nothing = {
  instructions: null,
  temperature: null,
  maxOutputTokens: null,
  guardrail: null,
  tools: null,
};

describe.each(["dynamodb", "s3"] as const)("settings of a conversation in %s", (history) => {
  it("are kept, changed one by one, told by reads and syncs, and reset by a replacement", async () => {
    const { alice } = userOf(history);
    const sent = {
      title: "Lisbon",
      pinned: true,
      tags: ["travel", "2026"],
      metadata: { project: "lisbon", empty: "" },
      settings: { instructions: "Answer in Portuguese.", temperature: 0.2, tools: ["time"] },
    };
    const created = await alice.post("/conversations", sent);
    expect(created.status).toBe(201);
    const full = { ...sent, settings: { ...nothing, ...sent.settings } };
    expect(created.body).toMatchObject(full);
    const path = `/conversations/${created.body.id}`;
    expect((await alice.get(path)).body).toMatchObject(full);
    const { items, cursor } = (await alice.get("/sync")).body;
    expect(items).toMatchObject([full]);

    const changed = await alice.patch(path, {
      settings: { temperature: null, guardrail: "strict" },
      tags: [],
    });
    const after = {
      ...full,
      tags: [],
      settings: { ...full.settings, temperature: null, guardrail: "strict" },
    };
    expect(changed.body).toMatchObject(after);
    expect(changed.body.version).toBe(2);
    expect((await alice.get(`/sync?cursor=${cursor}`)).body.items).toMatchObject([after]);
    const listed = (await alice.get("/conversations?include=details")).body.items;
    expect(listed).toMatchObject([after]);
    // Clearing takes messages alone.
    await alice.say(created.body.id, "one");
    expect((await alice.delete(`${path}/messages`)).body).toMatchObject(after);

    const replaced = await alice.put(path, { title: "Porto" });
    const bare = { title: "Porto", pinned: false, tags: [], metadata: {}, settings: nothing };
    expect(replaced.body).toMatchObject(bare);
    expect((await alice.get(path)).body).toMatchObject(bare);
    expect((await alice.get("/conversations?pinned=true")).body.items).toEqual([]);
  });

  it("take a temperature that is nearer to 0 than the store keeps", async () => {
    const { alice } = userOf(history);
    for (const temperature of [Number.MIN_VALUE, 1e-131, 1e-130, 0]) {
      const created = await alice.post("/conversations", { settings: { temperature } });
      expect([temperature, created.status]).toEqual([temperature, 201]);
      const path = `/conversations/${created.body.id}`;
      const kept = history === "dynamodb" && temperature < 1e-130 ? 0 : temperature;
      expect((await alice.get(path)).body.settings.temperature).toBe(kept);
      expect((await alice.patch(path, { settings: { temperature } })).status).toBe(200);
    }
  });

  it("are refused beyond what the deployment has, and in another version", async () => {
    const { alice } = userOf(history);
    const id = await alice.conversation("x");
    const path = `/conversations/${id}`;
    const pairs = Object.fromEntries(Array.from({ length: 17 }, (_, index) => [`k${index}`, "v"]));
    for (const [body, pointer] of [
      [{ settings: { guardrail: "none" } }, "/settings/guardrail"],
      [{ settings: { guardrail: "constructor" } }, "/settings/guardrail"],
      [{ settings: { tools: ["time", "shell"] } }, "/settings/tools/1"],
      [{ settings: { temperature: 1.1 } }, "/settings/temperature"],
      [{ settings: { maxOutputTokens: 0 } }, "/settings/maxOutputTokens"],
      [{ settings: { instructions: " " } }, "/settings/instructions"],
      [{ settings: { other: 1 } }, "/settings/other"],
      [{ metadata: pairs }, "/metadata"],
      [{ metadata: { ["k".repeat(65)]: "v" } }, `/metadata/${"k".repeat(65)}`],
      [{ metadata: { k: "v".repeat(513) } }, "/metadata/k"],
      [{ tags: ["a", "a"] }, "/tags"],
    ] as const) {
      for (const refused of [
        await alice.patch(path, body),
        await alice.put(path, { title: "x", ...body }),
        await alice.post("/conversations", body),
      ]) {
        expect([body, refused.status]).toEqual([body, 400]);
        expect(refused.body.errors[0].pointer).toBe(pointer);
      }
    }
    const stale = { "if-match": '"7"' };
    const set = { settings: { temperature: 1 }, pinned: true };
    expect((await alice.patch(path, set, stale)).status).toBe(412);
    expect((await alice.get(path)).body).toMatchObject({
      version: 1,
      pinned: false,
      metadata: {},
      settings: nothing,
    });
    expect((await alice.get("/models")).body).toMatchObject({
      tools: [{ name: "weather" }, { name: "time" }],
      guardrails: ["strict"],
    });
  });

  it("are what the model is told, within the deployment's", async () => {
    const { alice, at } = userOf(history, { systemPrompt: "Be kind." });
    const settings = {
      instructions: "Answer in Portuguese.",
      temperature: 0.5,
      maxOutputTokens: 99_999,
      guardrail: "strict",
      tools: ["time"],
    };
    const { id } = (await alice.post("/conversations", { title: "x", settings })).body;
    const ask = (client = alice) =>
      client.post(`/conversations/${id}/chat`, { content: "/prompt" });
    const answered = JSON.parse((await ask()).body.assistantMessage.content);
    expect(answered).toMatchObject({
      system: "Be kind.\n\nAnswer in Portuguese.",
      temperature: 0.5,
      maxOutputTokens: 4_096,
      guardrail: guardrails.strict,
      tools: [{ name: "time" }],
    });
    const completion = await alice.post("/chat/completions", {
      model: "embedded",
      messages: [{ role: "user", content: "/prompt" }],
      metadata: { conversation_id: id },
      temperature: 1,
    });
    const told = JSON.parse(completion.body.choices[0].message.content);
    expect(told).toMatchObject({ temperature: 0.5, system: answered.system });
    // A tool that is gone is not called; without its guardrail, there is no answer.
    const later = await ask(at({ tools: [tool("weather")], guardrails: {} }));
    expect([later.status, later.body.type]).toEqual([
      409,
      expect.stringContaining("guardrail-unavailable"),
    ]);
    await alice.patch(`/conversations/${id}`, { settings: { guardrail: null } });
    const bare = await ask(at({ tools: [tool("weather")], guardrails: {} }));
    expect(JSON.parse(bare.body.assistantMessage.content)).not.toHaveProperty("tools");
  });

  it("pins 50 conversations at most, and lists them whatever else there is", async () => {
    const { alice } = userOf(history);
    const make = async (body: object) => (await alice.post("/conversations", body)).body.id;
    const first = await make({ title: "first", pinned: true });
    for (let index = 1; index < 50; index++) await make({ title: `${index}`, pinned: true });
    const more = await make({ title: "more" });
    const refused = await alice.patch(`/conversations/${more}`, { pinned: true });
    expect([refused.status, refused.body.type]).toEqual([
      409,
      expect.stringContaining("too-many-pins"),
    ]);
    const none = await alice.post("/conversations", { title: "more", pinned: true });
    expect(none.status).toBe(409);
    expect((await alice.get(`/conversations/${more}`)).body.pinned).toBe(false);
    const titles = async () =>
      (await alice.all("/conversations?pinned=true&limit=20")).map(({ title }) => title);
    expect(await titles()).toHaveLength(50);
    await alice.delete(`/conversations/${first}`);
    expect((await alice.patch(`/conversations/${more}`, { pinned: true })).status).toBe(200);
    expect((await titles()).slice(0, 2)).toEqual(["more", "49"]);
    await alice.patch(`/conversations/${more}`, { pinned: false });
    await alice.patch(`/conversations/${more}`, { state: "archived", pinned: true });
    expect(await titles()).toHaveLength(49);
    const archived = await alice.all("/conversations?pinned=true&state=archived");
    expect(archived).toMatchObject([{ id: more, pinned: true }]);
  });

  it("come out with an export and in with an import, and go with the conversation", async () => {
    const { alice } = userOf(history);
    const { alice: bob } = userOf(history);
    const sent = {
      id: randomKey(),
      title: "Lisbon",
      pinned: true,
      tags: ["travel"],
      metadata: { project: "lisbon" },
      settings: { ...nothing, instructions: "A secret of alice's." },
    };
    await alice.post("/conversations", sent);
    await alice.say(sent.id, "one");
    const lines = (await alice.get("/export")).text;
    const imported = await bob.post("/import", lines, { "content-type": "application/x-ndjson" });
    expect(imported.status).toBe(200);
    expect((await bob.get(`/conversations/${sent.id}`)).body).toMatchObject(sent);
    expect((await bob.get("/conversations?pinned=true")).body.items).toMatchObject([sent]);
    await alice.delete(`/conversations/${sent.id}`);
    await bob.delete("/me");
    expect(JSON.stringify(await contents())).not.toContain("A secret of alice's.");
  });
});

describe.each(["dynamodb", "s3"] as const)("titles in %s", (history) => {
  it("are the first question's first line, once, unless somebody names the conversation", async () => {
    const { alice } = userOf(history);
    const make = async (body: object = {}) => (await alice.post("/conversations", body)).body;
    const titleOf = async (id: string) => (await alice.get(`/conversations/${id}`)).body.title;
    const { id, title } = await make();
    expect(title).toBe("New conversation");
    await alice.post(`/conversations/${id}/messages`, { role: "system", content: "Be brief." });
    expect(await titleOf(id)).toBe("New conversation");
    await alice.post(`/conversations/${id}/chat`, { content: "\n  What to \t see?\nAnd eat?" });
    expect(await titleOf(id)).toBe("What to see?");
    expect((await alice.get("/conversations")).body.items[0].title).toBe("What to see?");
    await alice.say(id, "Another question");
    expect(await titleOf(id)).toBe("What to see?");

    const { id: named } = await make({ title: "New conversation" });
    await alice.say(named, "A question");
    expect(await titleOf(named)).toBe("New conversation");
    const { id: renamed } = await make();
    // This process knows the header as it was before another one renamed it.
    await alice.post(`/conversations/${renamed}/messages`, { role: "system", content: "Hello" });
    await alice.patch(`/conversations/${renamed}`, { title: "Mine" });
    await alice.say(renamed, "A question");
    expect(await titleOf(renamed)).toBe("Mine");
  });

  it("are made by a model where one is asked, once and counted, and never over a person's", async () => {
    const prompts: unknown[] = [];
    const [embedded] = dependenciesOn(api.table, () => {}).models;
    if (embedded === undefined) throw new Error("no model");
    const model = {
      ...embedded,
      async *answer(prompt: Parameters<typeof embedded.answer>[0]) {
        prompts.push(prompt);
        yield { type: "text" as const, text: '"Sights of Lisbon."\n\nMore' };
        const usage = { inputTokens: 100, outputTokens: 7 };
        yield { type: "end" as const, stopReason: "complete" as const, usage, responseId: null };
      },
    };
    const { alice } = userOf(history, { models: [model] });
    const { id } = (await alice.post("/conversations", {})).body;
    const path = `/conversations/${id}`;
    const untitled = await alice.post(`${path}/title`, undefined);
    expect([untitled.status, untitled.body.title]).toEqual([200, "New conversation"]);
    await alice.post(`${path}/chat`, { content: "What should I see?" });
    prompts.length = 0;
    const titled = await alice.post(`${path}/title`, undefined);
    expect([titled.status, titled.body.title]).toEqual([200, "Sights of Lisbon"]);
    expect(titled.headers.get("etag")).toBe(`"${titled.body.version}"`);
    expect(prompts).toMatchObject([{ maxOutputTokens: 32 }]);
    expect((await alice.get("/me/usage")).body.day).toMatchObject({ inputTokens: 200 });
    expect((await alice.post(`${path}/title`, undefined)).body.title).toBe("Sights of Lisbon");
    await alice.patch(path, { title: "Mine" });
    expect((await alice.post(`${path}/title`, undefined)).body.title).toBe("Mine");
    expect(prompts).toHaveLength(1);
  });
});

describe.each(["dynamodb", "s3"] as const)("many conversations in %s", (history) => {
  it("are deleted with one request, which says what became of each", async () => {
    const { alice } = userOf(history);
    const { alice: bob } = userOf(history);
    const [one, two] = [await alice.conversation("one"), await alice.conversation("two")];
    const bobs = await bob.conversation("bob's");
    await alice.say(one, "a", "b");
    const ids = [one, "none", bobs, two];
    const { status, body } = await alice.post("/conversations/delete", { ids });
    expect(status).toBe(200);
    expect(body.items).toEqual([
      { id: one, outcome: "deleted" },
      { id: "none", outcome: "not-found" },
      { id: bobs, outcome: "not-found" },
      { id: two, outcome: "deleted" },
    ]);
    expect((await alice.get("/conversations")).body.items).toEqual([]);
    expect((await bob.get(`/conversations/${bobs}`)).status).toBe(200);
    const many = { ids: Array.from({ length: 101 }, (_, index) => `c${index}`) };
    expect((await alice.post("/conversations/delete", many)).status).toBe(400);
  });
});
