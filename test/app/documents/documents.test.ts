import { expect, it } from "vitest";
import { randomKey, TestApi } from "../../../testing/app/api.ts";
import { pdfOf } from "../../../testing/app/pdf.ts";
import { grant, submit, upload } from "../../../testing/app/upload.ts";

const api = TestApi.forThisFile();
const pdf = pdfOf(["Invoices are due within 30 days."], ["Refunds take a week."]);

it("A: upload a PDF, list it, download it, delete it", async () => {
  const alice = api.as(randomKey());
  const uploaded = await upload(alice, pdf, "application/pdf", "Geschäft: “Q1”.pdf");
  expect(uploaded).toMatchObject({
    name: "Geschäft: “Q1”.pdf",
    type: "application/pdf",
    size: pdf.length,
    status: "ready",
    pages: 2,
    passages: 2,
  });
  expect((await alice.get("/documents")).body).toEqual({ items: [uploaded], nextCursor: null });

  const { downloadUrl, ...found } = (await alice.get(`/documents/${uploaded.id}`)).body;
  expect(found).toEqual(uploaded);
  expect(new URL(downloadUrl).hostname).toBe("127.0.0.1");
  const download = await fetch(downloadUrl);
  expect(Buffer.from(await download.arrayBuffer()).equals(pdf)).toBe(true);
  expect(download.headers.get("content-type")).toBe("application/pdf");
  expect(download.headers.get("content-disposition")).toMatch(/^attachment; filename\*=UTF-8''/);

  expect((await alice.delete(`/documents/${uploaded.id}`)).status).toBe(204);
  expect((await alice.get(`/documents/${uploaded.id}`)).status).toBe(404);
  expect((await alice.get("/documents")).body.items).toEqual([]);
  expect((await fetch(downloadUrl)).status).toBe(404);
  expect((await alice.delete(`/documents/${uploaded.id}`)).status).toBe(404);
});

it("A: takes text, Markdown and CSV too, and nothing else", async () => {
  const alice = api.as(randomKey());
  for (const type of ["text/plain", "text/markdown", "text/csv"]) {
    const document = await upload(alice, Buffer.from("Grüße, Welt\n"), type);
    expect(document).toMatchObject({ status: "ready", pages: null, passages: 1 });
  }
  for (const body of [
    { name: "a", type: "text/html", size: 1 },
    { name: "a", type: "application/PDF", size: 1 },
    { name: "a", type: "application/pdf", size: 0 },
    { name: "a", type: "application/pdf", size: 10 * 1024 * 1024 + 1 },
    { name: "a\nb", type: "application/pdf", size: 1 },
    { name: "", type: "application/pdf", size: 1 },
    { name: "a", type: "application/pdf", size: 1, key: "documents/bob/x" },
    { name: "a", type: "application/pdf", size: 1, id: "mine" },
  ]) {
    expect([body, (await alice.post("/documents", body)).status]).toEqual([body, 400]);
  }
});

it("A: keys come from the verified user, and nobody reaches another user's document", async () => {
  const [alice, mallory] = [api.as("alice"), api.as("mallory")];
  const granted = await grant(alice, pdf, "application/pdf");
  expect(granted.upload.fields.key).toBe(`uploads/alice/${granted.id}`);
  await submit(granted.upload, pdf);
  for (const [method, path] of [
    ["GET", `/documents/${granted.id}`],
    ["DELETE", `/documents/${granted.id}`],
    ["POST", `/documents/${granted.id}/complete`],
  ] as const) {
    const other = await mallory.send(method, path);
    const missing = await mallory.send(method, path.replace(granted.id, "never-existed"));
    expect([other.status, other.text]).toEqual([404, missing.text]);
  }
  expect((await mallory.get("/documents")).body.items).toEqual([]);
  expect((await alice.post(`/documents/${granted.id}/complete`, undefined)).status).toBe(200);
});

it("A: a grant is for exactly one size, and no field of it can be changed, added or left out", async () => {
  const alice = api.as(randomKey());
  const { id, upload: form } = await grant(alice, pdf, "application/pdf");
  const attempt = async (fields: Record<string, string>, bytes: Uint8Array = pdf) => {
    const answer = await submit({ ...form, fields }, bytes);
    return [answer.status, /<Code>(\w+)</.exec(await answer.text())?.[1]];
  };
  expect(await attempt(form.fields, pdf.subarray(1))).toEqual([400, "EntityTooSmall"]);
  expect(await attempt(form.fields, Buffer.concat([pdf, pdf]))).toEqual([400, "EntityTooLarge"]);

  for (const [name, value] of Object.entries(form.fields)) {
    const { [name]: _, ...without } = form.fields;
    expect([name, (await attempt(without))[0]]).toEqual([name, 403]);
    for (let at = 0; at < value.length; at++) {
      const flipped = String.fromCharCode(value.charCodeAt(at) ^ 1);
      const fields = { ...form.fields, [name]: value.slice(0, at) + flipped + value.slice(at + 1) };
      expect([name, at, (await attempt(fields))[0]]).toEqual([
        name,
        at,
        expect.toBeOneOf([400, 403]),
      ]);
    }
  }
  for (const extra of ["acl", "x-amz-meta-a", "Cache-Control", "success_action_redirect"]) {
    expect(await attempt({ [extra]: "x", ...form.fields })).toEqual([403, "AccessDenied"]);
  }
  const answer = await alice.post(`/documents/${id}/complete`, undefined);
  expect([answer.status, answer.body.type]).toEqual([409, "urn:chatstack:problem:not-uploaded"]);
  expect((await attempt(form.fields))[0]).toBe(204);

  api.advance(15 * 60);
  expect(await attempt(form.fields)).toEqual([403, "AccessDenied"]);
  expect((await alice.post(`/documents/${id}/complete`, undefined)).body.status).toBe("ready");
}, 60_000);

it("A: a grant used again changes nothing that was read", async () => {
  const alice = api.as(randomKey());
  const bytes = Buffer.from("the first text");
  const granted = await grant(alice, bytes, "text/plain");
  await submit(granted.upload, bytes);
  await alice.post(`/documents/${granted.id}/complete`, undefined);
  expect((await submit(granted.upload, Buffer.from("ANOTHER TEXT!!"))).status).toBe(204);
  const again = await alice.post(`/documents/${granted.id}/complete`, undefined);
  expect(again.body.status).toBe("ready");
  const { downloadUrl } = (await alice.get(`/documents/${granted.id}`)).body;
  expect(await (await fetch(downloadUrl)).text()).toBe("the first text");
});

it("A: says so when a document is not what its type says", async () => {
  const alice = api.as(randomKey());
  const broken: [string, Uint8Array][] = [
    ["application/pdf", Buffer.from("no PDF at all")],
    ["application/pdf", pdf.subarray(0, 30)],
    ["text/plain", Buffer.from([0xff, 0xfe, 0x41])],
    ["text/plain", Buffer.from("a\0b")],
  ];
  for (const [type, bytes] of broken) {
    const document = await upload(alice, bytes, type);
    expect(document).toMatchObject({ status: "failed", pages: null, passages: null });
  }
});

it("A: forgets an upload that is not completed within a day, whether or not it was cleaned up", async () => {
  const alice = api.as(randomKey());
  const pending = await grant(alice, pdf, "application/pdf");
  const done = await upload(alice, pdf, "application/pdf");
  expect((await alice.get(`/documents/${pending.id}`)).body).toMatchObject({
    status: "pending",
    downloadUrl: null,
  });
  expect((await alice.get("/documents")).body.items).toHaveLength(2);
  api.advance(24 * 3600 + 1);
  expect((await alice.get("/documents")).body.items).toEqual([done]);
  expect((await alice.get(`/documents/${pending.id}`)).status).toBe(404);
  expect((await alice.post(`/documents/${pending.id}/complete`, undefined)).status).toBe(404);
});

it("A: lists more than 1,000 documents page by page, the newest first", async () => {
  const alice = api.as(randomKey());
  const made: string[] = [];
  for (let index = 0; index < 41; index++) {
    const names = Array.from({ length: 25 }, (_, at) => `No. ${index}.${at}`);
    const granted = await Promise.all(names.map((name) => grant(alice, pdf, "text/plain", name)));
    made.push(...granted.map(({ id }) => id));
    api.advance(1);
  }
  const listed: { id: string; createdAt: string }[] = [];
  let path = "/documents?limit=100";
  for (;;) {
    const { items, nextCursor } = (await alice.get(path)).body;
    listed.push(...items);
    if (nextCursor === null) break;
    path = `/documents?limit=100&cursor=${nextCursor}`;
  }
  expect(listed).toHaveLength(1_025);
  expect(new Set(listed.map(({ id }) => id))).toEqual(new Set(made));
  const times = listed.map(({ createdAt }) => createdAt);
  expect(times).toEqual(times.toSorted().toReversed());
}, 60_000);
