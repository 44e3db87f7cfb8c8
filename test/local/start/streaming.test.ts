import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { eventsOf, textOf } from "../../../testing/app/events.ts";
import { type Started, start, temporaryDataDir } from "../../../testing/processes/start.ts";
import { Client, signIn } from "./client.ts";

let dataDir: Awaited<ReturnType<typeof temporaryDataDir>>;
let environment: Started;
let ada: Client;

beforeAll(async () => {
  dataDir = await temporaryDataDir();
  environment = await start(dataDir.path);
  const [tenant] = environment.tenants;
  ada = new Client(tenant!.url, await signIn(tenant!, "ada", dataDir.path));
});
afterAll(async () => {
  await environment.stop("SIGTERM");
  await dataDir.remove();
});

const stream = { accept: "text/event-stream" };

it("B: streams a chat over HTTP while the model still answers, and saves it at the end", async () => {
  const { id } = await ada.json("POST", "/conversations", {});
  const answer = await ada.send(
    "POST",
    `/conversations/${id}/chat`,
    { content: "/words 40" },
    stream,
  );
  const reader = answer.body!.getReader();
  let text = Buffer.from((await reader.read()).value!).toString();
  expect(text).toContain("word1 ");
  expect(await ada.all(`/conversations/${id}/messages`, 10)).toEqual([]);
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    text += Buffer.from(part.value).toString();
  }
  const events = eventsOf(text);
  expect(textOf(events)).toMatch(/^word1 .* word40 $/);
  expect(events.at(-1)?.event).toBe("done");
  expect(await ada.all(`/conversations/${id}/messages`, 10)).toHaveLength(2);
});

it("B: answers on when the client hangs up, as on AWS, and saves the whole answer", async () => {
  const { id } = await ada.json("POST", "/conversations", {});
  const path = `/conversations/${id}/chat`;
  const answer = await ada.send("POST", path, { content: "/words 40" }, stream);
  const reader = answer.body!.getReader();
  await reader.read();
  await reader.cancel();
  await vi.waitFor(
    async () => {
      const { messages } = await ada.json("GET", `/conversations/${id}`);
      expect(messages[1]).toMatchObject({ stopReason: "complete", isError: false });
      expect(messages[1].content).toMatch(/^word1 .* word40 $/);
    },
    { timeout: 30_000, interval: 50 },
  );
});
