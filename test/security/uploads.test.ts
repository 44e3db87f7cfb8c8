import { ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { beforeAll, expect, it } from "vitest";
import { type Client, TestApi } from "../../testing/app/api.ts";
import { type Grant, grant, submit, upload } from "../../testing/app/upload.ts";
import { s3Config } from "../../testing/aws/bucket.ts";
import { changesOf, cutsOf, formOf } from "./support/grants.ts";
import { exchange } from "./support/http.ts";
import { tried } from "./support/tried.ts";

const api = TestApi.forThisFile();
const bytes = Buffer.from("twenty bytes of text");

let alice: Client;
let granted: Grant;
let bobs: Grant;

beforeAll(async () => {
  alice = api.as("alice");
  granted = await grant(alice, bytes, "text/plain");
  bobs = await grant(api.as("bob"), bytes, "text/plain");
});

type Fields = readonly (readonly [string, string])[];
const fieldsOf = ({ upload }: Grant): Fields => Object.entries(upload.fields);
const other = (name: string) => bobs.upload.fields[name]!;
const replace = (name: string, value: string): Fields =>
  fieldsOf(granted).map(([known, old]) => [known, known === name ? value : old]);

async function post(fields: Fields, file: Uint8Array | null = bytes): Promise<number> {
  const { headers, body } = formOf(fields, file);
  return (await exchange("POST", granted.upload.url, headers, body)).status;
}

async function objects(): Promise<(string | undefined)[]> {
  const { origin, pathname } = new URL(granted.upload.url);
  const client = new S3Client({ ...s3Config(origin), forcePathStyle: true });
  const Bucket = pathname.split("/")[1];
  const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket }));
  client.destroy();
  return Contents.map(({ Key }) => Key);
}

/** Each must be refused, and nothing be stored. */
async function expectRefused(forms: readonly [Fields, (Uint8Array | null)?][]): Promise<void> {
  const before = await objects();
  await Promise.all(
    forms.map(async ([fields, file]) => {
      const status = await post(fields, file);
      if (status < 400) expect([fields, file?.length, status]).toBe("refused");
    }),
  );
  expect(await objects()).toEqual(before);
}

it.for([
  "key",
  "Content-Type",
  "x-amz-algorithm",
  "x-amz-credential",
  "x-amz-date",
  "policy",
  "x-amz-signature",
])("refuses a form whose %s was changed anywhere, cut, left out or another's", async (name, context) => {
  const value = granted.upload.fields[name]!;
  const changed = [...changesOf(value), ...cutsOf(value)]
    // What a form cannot say, or says in another way.
    .filter((text) => text !== value && text.trim() !== value);
  const forms = changed.map((text): [Fields] => [replace(name, text)]);
  const without = fieldsOf(granted).filter(([known]) => known !== name);
  const swapped = other(name) === value ? [] : [[replace(name, other(name))] as [Fields]];
  const all = [...forms, [without] as [Fields], ...swapped];
  tried(context, all.length);
  await expectRefused(all);
});

it("names every field that a form has above", () => {
  expect(Object.keys(granted.upload.fields).toSorted()).toEqual([
    "Content-Type",
    "key",
    "policy",
    "x-amz-algorithm",
    "x-amz-credential",
    "x-amz-date",
    "x-amz-signature",
  ]);
});

it("refuses another size, a field too many, and one that comes twice", async (context) => {
  const fields = fieldsOf(granted);
  const victim = "uploads/bob/victim";
  const sizes = [0, 1, bytes.length - 1, bytes.length + 1, 10 * 1024 * 1024];
  const extra: Fields = [
    ["acl", "public-read"],
    ["success_action_redirect", "https://evil.example"],
    ["success_action_status", "200"],
    ["x-amz-meta-owner", "bob"],
    ["x-amz-storage-class", "GLACIER"],
    ["Cache-Control", "public"],
    ["Content-Disposition", "inline"],
    ["KEY", victim],
    ["bucket", "another"],
    ["tagging", "<Tagging/>"],
  ];
  const repeated = fields.flatMap(([name, value]): [Fields][] => [
    [[[name, `${value}x`], ...fields]],
    [[...fields, [name, `${value}x`]]],
    [[[name, other(name)], ...fields]],
  ]);
  const forms: [Fields, (Uint8Array | null)?][] = [
    ...sizes.map((size): [Fields, Uint8Array] => [fields, Buffer.alloc(size, "x")]),
    ...extra.map((field): [Fields] => [[...fields, field]]),
    ...extra.map((field): [Fields] => [[field, ...fields]]),
    ...repeated.filter(([[first]]) => first !== undefined),
    [[["key", victim], ...fields]],
    [[...fields, ["key", victim]]],
    [replace("key", "uploads/alice/../bob/victim")],
    [replace("key", "uploads/alice/%2e%2e/bob/victim")],
    [replace("key", `${granted.upload.fields.key}/../../bob`)],
    [fields, null],
  ];
  tried(context, forms.length);
  await expectRefused(forms);
});

it("refuses the form after its time, and lets a used one change nothing that was read", async (context) => {
  tried(context, 2);
  const { id } = granted;
  expect((await submit(granted.upload, bytes)).status).toBe(204);
  expect((await alice.post(`/documents/${id}/complete`, undefined)).body.status).toBe("ready");
  const replayed = Buffer.from("another text, as long".slice(0, bytes.length));
  expect((await submit(granted.upload, replayed)).status).toBe(204);
  await alice.post(`/documents/${id}/complete`, undefined);
  const { downloadUrl } = (await alice.get(`/documents/${id}`)).body;
  expect(await (await fetch(downloadUrl)).text()).toBe(bytes.toString());
  api.advance(15 * 60 + 1);
  await expectRefused([[fieldsOf(granted)], [fieldsOf(bobs)]]);
});

it("refuses a download whose address was changed anywhere, and one that is too old", async (context) => {
  const document = await upload(alice, bytes, "text/plain", "=1+1 <b>.txt");
  const url: string = (await alice.get(`/documents/${document.id}`)).body.downloadUrl;
  const { origin } = new URL(url);
  const rest = url.slice(origin.length + 1);
  const changed = [...changesOf(rest)].filter((text) => /^[\x21-\x7e]+$/.test(text));
  tried(context, changed.length + 1);
  await Promise.all(
    changed.map(async (text) => {
      const { status } = await exchange("GET", `${origin}/${text}`);
      expect([text, status >= 400]).toEqual([text, true]);
    }),
  );
  const good = await exchange("GET", url);
  expect([good.status, good.text]).toEqual([200, bytes.toString()]);
  // Never shown in the bucket's origin, whatever it is.
  expect(new URL(url).searchParams.get("response-content-disposition")).toBe(
    "attachment; filename*=UTF-8''%3D1%2B1%20%3Cb%3E.txt",
  );
  api.advance(5 * 60 + 1);
  expect((await exchange("GET", url)).status).toBe(403);
});
