import fc from "fast-check";
import { expect, it } from "vitest";
import { contentOfParts, messagePart } from "../../../app/parts/parts.ts";
import { packParts, unpackParts } from "../../../app/parts/stored.ts";
import { dependenciesOn, randomKey, TestApi } from "../../../testing/app/api.ts";
import { messageParts, png } from "../../../testing/app/parts.ts";
import { upload } from "../../../testing/app/upload.ts";

/** Messages of parts, through the API. */
const api = TestApi.forThisFile();
const pixel = Buffer.from(png, "base64");
const stores = ["dynamodb", "s3"] as const;
const withHistory = (history: (typeof stores)[number]) =>
  api.with(dependenciesOn(api.table, (entry) => api.log.push(entry), history));

it("keeps the text of parts once, and puts it back where it was", () => {
  fc.assert(
    fc.property(messageParts, (parts) => {
      expect(messagePart.array().parse(parts)).toEqual(parts);
      const kept = packParts(parts);
      expect(unpackParts(kept, contentOfParts(parts))).toEqual(parts);
      for (const part of parts) {
        if (part.type === "text" && part.text.length > 9) expect(kept).not.toContain(part.text);
      }
    }),
  );
});

it.each(
  stores,
)("takes parts, and gives them back with their text as content (%s)", async (history) => {
  const alice = withHistory(history).as("alice");
  const { id: document } = await upload(alice, pixel, "image/png");
  const id = await alice.conversation();
  const parts = [
    { type: "text", text: "What is " },
    { type: "image", mediaType: "image/png", document },
    { type: "image", mediaType: "image/png", data: png },
    { type: "text", text: "this?", metadata: { openai: { annotations: [] } } },
    { type: "data", name: "weather", data: { celsius: 21 } },
  ];
  const sent = await alice.post(`/conversations/${id}/messages`, { role: "user", parts });
  expect(sent.status).toBe(201);
  expect(sent.body).toMatchObject({ content: "What is this?", parts, type: "text" });
  const plain = await alice.post(`/conversations/${id}/messages`, { role: "user", content: "x" });
  expect(plain.body).not.toHaveProperty("parts");
  expect(await alice.all(`/conversations/${id}/messages`)).toEqual([sent.body, plain.body]);
  expect((await alice.get(`/conversations/${id}`)).body.messages).toEqual([sent.body, plain.body]);
  const markdown = await alice.send("GET", `/conversations/${id}/export`);
  expect(markdown.text).toMatch(/What is \n\n\*\[image: image\/png\]\*\n/);
});

it.each(
  stores,
)("takes parts out and in, and what they are is what makes messages differ (%s)", async (history) => {
  const client = withHistory(history);
  const [alice, bob] = [client.as(randomKey()), client.as(randomKey())];
  const id = await alice.conversation();
  await fc.assert(
    fc.asyncProperty(messageParts, async (generated) => {
      const parts = generated.map((part) =>
        "document" in part ? { type: "text", text: "x" } : part,
      );
      const isOurs = parts.every((part) => messagePart.safeParse(part).success);
      const body = { role: "assistant", parts };
      const answer = await alice.post(`/conversations/${id}/messages`, body);
      // A document inside of a tool's result is nobody's.
      const names = JSON.stringify(parts).includes('"document":');
      expect(answer.status).toBe(isOurs && !names ? 201 : 400);
    }),
    { numRuns: 15 },
  );
  const { text } = await alice.send("GET", "/export");
  const lines = text.split("\n").filter((line) => /"kind":"(conversation|message)"/.test(line));
  const headers = { "content-type": "application/x-ndjson" };
  const importing = async (body: readonly string[]) =>
    (await bob.send("POST", "/import", { body: body.join("\n"), headers })).text
      .split("\n")
      .flatMap((line) => /"outcome":"(\w+)"/.exec(line)?.[1] ?? []);
  expect(new Set(await importing(lines))).toEqual(new Set(["created"]));
  expect(new Set(await importing(lines))).toEqual(new Set(["exists"]));
  const path = `/conversations/${id}/messages`;
  expect(await bob.all(path)).toEqual(await alice.all(path));
  const changed = JSON.parse(lines.at(-1) ?? "{}");
  const other = { ...changed, parts: [...changed.parts, { type: "data", name: "x", data: 1 }] };
  expect(await importing([JSON.stringify(other)])).toEqual(["conflict"]);
  const wrong = { ...changed, content: `${changed.content}!` };
  expect(await importing([JSON.stringify(wrong)])).toEqual(["refused"]);
});

it("refuses parts that do not say what they are, or whose bytes are something else", async () => {
  const alice = api.as("alice");
  const id = await alice.conversation();
  const { id: pdf } = await upload(alice, Buffer.from("a text"), "text/plain");
  const { id: foreign } = await upload(api.as("bob"), pixel, "image/png");
  const image = { type: "image", mediaType: "image/png" };
  for (const [part, pointer] of [
    [{ type: "video" }, "/parts/0/type"],
    [{ type: "text" }, "/parts/0/text"],
    [{ type: "text", text: "x", more: 1 }, "/parts/0/more"],
    [image, "/parts/0"],
    [{ ...image, data: png, document: pdf }, "/parts/0"],
    [{ ...image, data: Buffer.from("GIF89a").toString("base64") }, "/parts/0/data"],
    [{ ...image, document: pdf }, "/parts/0/document"],
    [{ ...image, document: foreign }, "/parts/0/document"],
    [{ ...image, document: "a#b" }, "/parts/0/document"],
    [{ ...image, mediaType: "image/svg+xml", data: png }, "/parts/0/mediaType"],
    [{ ...image, url: "javascript:alert(1)" }, "/parts/0/url"],
    [{ ...image, url: "http://169.254.169.254/" }, "/parts/0/url"],
    [{ type: "tool-result", toolCallId: "1" }, "/parts/0"],
    [
      { type: "tool-result", toolCallId: "1", content: [{ ...image, document: foreign }] },
      "/parts/0/content/0/document",
    ],
    [{ type: "data", name: "x", data: JSON.parse('{"__proto__":1}') }, "/parts/0/data"],
  ] as const) {
    const body = { role: "user", parts: [part] };
    const answer = await alice.post(`/conversations/${id}/messages`, body);
    expect([part, answer.status, answer.body.errors?.[0]?.pointer]).toEqual([part, 400, pointer]);
  }
  const both = { role: "user", content: "other", parts: [{ type: "text", text: "words" }] };
  expect((await alice.post(`/conversations/${id}/messages`, both)).status).toBe(400);
  expect((await alice.post(`/conversations/${id}/messages`, { role: "user" })).status).toBe(400);
  const large = { type: "data", name: "x", data: "x".repeat(970 * 1024) };
  const refused = await alice.post(`/conversations/${id}/messages`, {
    role: "user",
    parts: [large],
  });
  expect(refused.status).toBe(413);
  expect(await alice.all(`/conversations/${id}/messages`)).toEqual([]);
});

it("reads an image as what it is, and refuses another file under its name", async () => {
  const alice = api.as("alice");
  expect(await upload(alice, pixel, "image/png")).toMatchObject({ status: "ready", passages: 0 });
  expect(await upload(alice, pixel, "image/webp")).toMatchObject({ status: "failed" });
  expect(await upload(alice, Buffer.from("<svg/>"), "image/jpeg")).toMatchObject({
    status: "failed",
  });
});
