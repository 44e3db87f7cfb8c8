import fc from "fast-check";
import { expect, it } from "vitest";
import { passagesOf } from "../../../app/documents/passages.ts";
import { rank } from "../../../app/documents/ranking.ts";
import { readText } from "../../../app/documents/text.ts";
import { randomKey, TestApi } from "../../../testing/app/api.ts";
import { pdfOf } from "../../../testing/app/pdf.ts";
import { grant, upload } from "../../../testing/app/upload.ts";

const api = TestApi.forThisFile();

const handbook = pdfOf(
  ["Handbook", "Employees have thirty days of leave a year."],
  ["Travel is booked by the office.", "Trains are preferred to flights."],
  ["The café (Geschäft) opens at 8."],
);

it("A: an answer quotes the attached documents, with the page, and keeps the citations", async () => {
  const alice = api.as(randomKey());
  const id = await alice.conversation();
  const leave = await upload(alice, handbook, "application/pdf", "Handbook.pdf");
  const notes = await upload(
    alice,
    Buffer.from("Leave is asked for by mail."),
    "text/plain",
    "Notes",
  );
  const attached = await alice.post(`/conversations/${id}/messages`, {
    role: "user",
    content: "Here is the handbook.",
    documents: [leave.id],
  });
  expect([attached.status, attached.body.documents]).toEqual([201, [leave.id]]);
  const asked = await alice.post(`/conversations/${id}/chat`, {
    content: "How many days of leave?",
    documents: [notes.id],
  });
  expect(asked.status).toBe(200);
  expect(asked.body.userMessage.documents).toEqual([notes.id]);
  const { citations } = asked.body.assistantMessage;
  expect(citations).toContainEqual({
    source: "Handbook.pdf",
    page: 1,
    quote: "Handbook\nEmployees have thirty days of leave a year.",
  });
  expect(citations).toContainEqual({ source: "Notes", quote: "Leave is asked for by mail." });
  expect(JSON.stringify(citations)).not.toContain("Trains");

  const later = await alice.post(`/conversations/${id}/chat`, { content: "And trains?" });
  expect(later.body.assistantMessage.citations).toMatchObject([
    { source: "Handbook.pdf", page: 2 },
  ]);
  await alice.delete(`/documents/${leave.id}`);
  const gone = await alice.post(`/conversations/${id}/chat`, { content: "And trains?" });
  expect(gone.body.assistantMessage.citations).toEqual([]);
});

it("A: refuses to attach what is not the caller's, not ready, or gone", async () => {
  const [alice, bob] = [api.as(randomKey()), api.as(randomKey())];
  const id = await alice.conversation();
  const mine = await upload(alice, Buffer.from("mine"), "text/plain");
  const gone = await upload(alice, Buffer.from("gone"), "text/plain");
  await alice.delete(`/documents/${gone.id}`);
  const others = await upload(bob, Buffer.from("bob's"), "text/plain");
  const pending = await grant(alice, Buffer.from("x"), "text/plain");
  const failed = await upload(alice, Buffer.from("no PDF"), "application/pdf");
  for (const document of [others.id, pending.id, failed.id, gone.id, "never-existed"]) {
    for (const path of ["messages", "chat"]) {
      const body = { content: "x", documents: [mine.id, document] };
      const answer = await alice.post(
        `/conversations/${id}/${path}`,
        path === "chat" ? body : { ...body, role: "user" },
      );
      expect(answer.status).toBe(400);
      expect(answer.body.errors).toMatchObject([{ in: "body", pointer: "/documents/1" }]);
    }
  }
  const twice = { role: "user", content: "x", documents: [mine.id, mine.id] };
  expect((await alice.post(`/conversations/${id}/messages`, twice)).status).toBe(400);
  expect((await alice.get(`/conversations/${id}`)).body.messageCount).toBe(0);
});

it("A: finds passages of the named documents only, the best first, within the budget", async () => {
  const user = randomKey();
  const alice = api.as(user);
  const leave = await upload(alice, handbook, "application/pdf", "Handbook.pdf");
  const other = await upload(alice, Buffer.from("Trains, trains, trains."), "text/plain", "Other");
  const find = (ids: string[], query: string, budget = 1_000, who = user) =>
    api.dependencies.passages.find(who, ids, query, budget);

  const trains = await find([leave.id, other.id, leave.id], "trains");
  expect(trains.map(({ source }) => source)).toEqual(["Other", "Handbook.pdf"]);
  expect(await find([leave.id], "trains")).toMatchObject([{ source: "Handbook.pdf", page: 2 }]);
  expect(await find([leave.id], "CAFE, geschaft?")).toMatchObject([{ page: 3 }]);
  expect(await find([leave.id], "submarine")).toEqual([]);
  expect(await find([leave.id], "?!")).toEqual([]);
  expect(await find([], "trains")).toEqual([]);
  expect(await find([leave.id, other.id], "trains", 30)).toMatchObject([{ source: "Other" }]);
  expect(await find([leave.id], "trains", 1_000, "mallory")).toEqual([]);
});

it("A: reads the text of a PDF page by page", async () => {
  expect(await readText("application/pdf", handbook)).toEqual({
    isPaged: true,
    pages: [
      "Handbook\nEmployees have thirty days of leave a year.",
      "Travel is booked by the office.\nTrains are preferred to flights.",
      "The café (Geschäft) opens at 8.",
    ],
  });
});

it("A: no bytes make the reader of PDFs do anything but read or refuse", async () => {
  const damage = fc.array(fc.tuple(fc.nat({ max: handbook.length - 1 }), fc.nat({ max: 255 })), {
    minLength: 1,
    maxLength: 40,
  });
  await fc.assert(
    fc.asyncProperty(damage, async (changes) => {
      const bytes = Buffer.from(handbook);
      for (const [at, value] of changes) bytes[at] = value;
      const outcome = await readText("application/pdf", bytes).catch((error: unknown) => error);
      if (outcome instanceof Error) expect(outcome.name).toBe("UnreadableDocument");
      else expect(outcome).toMatchObject({ isPaged: true });
    }),
    { numRuns: 40 },
  );
}, 60_000);

it("A: cuts any text into short passages that lose no word", () => {
  const text = fc
    .array(fc.oneof(fc.string({ unit: "grapheme" }), fc.constantFrom(" ", "\n\n", ". ", "文。")))
    .map((parts) => parts.join(""))
    .chain((piece) => fc.nat({ max: 400 }).map((times) => piece.repeat(times)));
  const letters = (value: string) => value.toWellFormed().replace(/[\s\p{Cc}]/gu, "");
  fc.assert(
    fc.property(fc.array(text, { minLength: 1, maxLength: 3 }), (pages) => {
      const passages = passagesOf({ pages, isPaged: true });
      for (const [index, page] of pages.entries()) {
        const own = passages.filter((passage) => passage.page === index + 1);
        expect(letters(own.map((passage) => passage.text).join(""))).toBe(letters(page));
      }
      for (const passage of passages) {
        expect(passage.text.length).toBeLessThanOrEqual(1_200);
        expect(passage.text).not.toBe("");
        expect(passage.text.isWellFormed()).toBe(true);
      }
    }),
    { numRuns: 200 },
  );
});

it("A: ranks rare words above common ones, and short texts above long ones", () => {
  const texts = ["the cat sat", "the dog sat", `the dog sat ${"and sat ".repeat(50)}`, "a zebra"];
  expect(rank(texts, "the zebra")[0]).toBe(3);
  expect(rank(texts, "dog")).toEqual([1, 2]);
  expect(rank(["東京都に住む", "京都に住む人"], "東京")).toEqual([0]);
  expect(rank(texts, "")).toEqual([]);
  expect(rank([], "x")).toEqual([]);
});
