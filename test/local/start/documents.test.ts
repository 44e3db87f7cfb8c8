import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { pdfOf } from "../../../testing/app/pdf.ts";
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

it("A: a PDF goes up and comes down through URLs of this machine, and is read by the bundle", async () => {
  const bytes = pdfOf(["Thirty days of leave a year."]);
  const { id, upload } = await ada.json("POST", "/documents", {
    name: "Handbook.pdf",
    type: "application/pdf",
    size: bytes.length,
  });
  expect(new URL(upload.url).hostname).toBe("127.0.0.1");
  const form = new FormData();
  for (const [name, value] of Object.entries<string>(upload.fields)) form.append(name, value);
  form.append("file", new Blob([new Uint8Array(bytes)]));
  expect((await fetch(upload.url, { method: "POST", body: form })).status).toBe(204);

  const document = await ada.json("POST", `/documents/${id}/complete`);
  expect(document).toMatchObject({ status: "ready", pages: 1, passages: 1 });
  const { downloadUrl } = await ada.json("GET", `/documents/${id}`);
  expect(Buffer.from(await (await fetch(downloadUrl)).arrayBuffer()).equals(bytes)).toBe(true);
});

it("keeps a message that no item of the table can hold", async () => {
  const { id } = await ada.json("POST", "/conversations", { title: "Large" });
  const large = randomBytes(600 * 1024).toString("base64");
  await ada.json("POST", `/conversations/${id}/messages`, { role: "user", content: large });
  expect((await ada.json("GET", `/conversations/${id}/messages/1`)).content).toBe(large);
});
