import { expect, it } from "vitest";
import { createClient, type UIChatChunk, uiTransport } from "../../client/index.ts";
import { claimsOf, randomKey, TestApi } from "../../testing/app/api.ts";

const api = TestApi.forThisFile();

function prepare() {
  const user = randomKey();
  const asked: string[] = [];
  const client = createClient({
    url: "https://host",
    token: () => user,
    fetch: async (request) => {
      if (request.method === "POST") asked.push(new URL(request.url).pathname);
      return api.app.fetch(request, { claims: claimsOf(user) });
    },
  });
  const values = new Map<string, string>();
  const storage = {
    getItem: (name: string) => values.get(name) ?? null,
    setItem: (name: string, value: string) => values.set(name, value),
    removeItem: (name: string) => values.delete(name),
  };
  return { client, asked, storage, alice: api.as(user) };
}

const ask = (chatId: string, text: string) => ({
  trigger: "submit-message" as const,
  chatId,
  messageId: undefined,
  messages: [{ role: "user", parts: [{ type: "text", text }] }],
  abortSignal: undefined,
});

async function read(stream: ReadableStream<UIChatChunk>) {
  const chunks = await Array.fromAsync(stream);
  const text = chunks.map((chunk) => (chunk.type === "text-delta" ? chunk.delta : "")).join("");
  return { chunks, text };
}

it("streams an answer whose parts are those of the saved message", async () => {
  const { client, alice } = prepare();
  const id = await alice.conversation();
  const transport = uiTransport(client);
  const citations = [
    { title: "A page", url: "https://example.org/" },
    { source: "Leave.PDF", page: 2, quote: "thirty days" },
  ];
  const stream = await transport.sendMessages({ ...ask(id, "Why?"), body: { citations } });
  const { chunks, text } = await read(stream);
  const [question, answer] = await transport.messages(id);
  expect(question?.parts).toEqual([{ type: "text", text: "Why?" }]);
  const sources = chunks.filter(({ type }) => type.startsWith("source-"));
  expect(sources.length).toBe(2);
  expect(answer?.parts).toEqual([{ type: "text", text }, ...sources]);
  const finish = chunks.find((chunk) => chunk.type === "finish");
  expect(finish?.messageMetadata).toEqual({ ...(answer?.metadata as object), userMessageId: "1" });
});

it("goes on after a reload: shows the question once, replays its answer, and asks nobody twice", async () => {
  const { client, alice, asked, storage } = prepare();
  const id = await alice.conversation();
  // The first page leaves before it has read anything; its answer is saved nevertheless.
  await uiTransport(client, { storage }).sendMessages(ask(id, "/words 3"));
  await expect
    .poll(async () => (await alice.get(`/conversations/${id}`)).body.messageCount)
    .toBe(2);

  const reloaded = uiTransport(client, { storage });
  const shown = await reloaded.messages(id);
  expect(shown.map(({ role }) => role)).toEqual(["user"]);
  const stream = await reloaded.reconnectToStream({ chatId: id });
  expect((await read(stream!)).text).toBe("word1 word2 word3 ");
  expect(asked).toEqual([`/conversations/${id}/chat`, `/conversations/${id}/chat`]);
  expect((await alice.get(`/conversations/${id}`)).body.messageCount).toBe(2);
  expect(await reloaded.reconnectToStream({ chatId: id })).toBeNull();
  expect((await reloaded.messages(id)).map(({ role }) => role)).toEqual(["user", "assistant"]);
});

it("asks again, and edits the last question, in the place of the last turn", async () => {
  const { client, alice } = prepare();
  const id = await alice.conversation();
  const transport = uiTransport(client);
  await read(await transport.sendMessages(ask(id, "First")));
  await read(await transport.sendMessages({ ...ask(id, "First"), trigger: "regenerate-message" }));
  const edit = { ...ask(id, "Second"), messageId: "1" };
  expect((await read(await transport.sendMessages(edit))).text).toBe("You said: Second");
  const saved = await alice.all(`/conversations/${id}/messages`);
  expect(saved.map(({ content }) => content)).toEqual(["Second", "You said: Second"]);
});

it("forgets a question that is refused, and one that the reader stops", async () => {
  const { client, alice } = prepare();
  const id = await alice.conversation();
  const transport = uiTransport(client);
  await expect(transport.sendMessages(ask("nobodys", "x"))).rejects.toThrow("nothing here");
  expect(await transport.reconnectToStream({ chatId: "nobodys" })).toBeNull();
  const stop = new AbortController();
  const { signal } = stop;
  const stream = await transport.sendMessages({ ...ask(id, "/words 3"), abortSignal: signal });
  stop.abort();
  await stream.cancel();
  expect(await transport.reconnectToStream({ chatId: id })).toBeNull();
});
