import { randomUUID } from "node:crypto";
import { type S3Client, S3ServiceException } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, expect, it } from "vitest";
import { S3ObjectStore, s3Client } from "../../../app/objects/s3.ts";
import { S3ConversationStore } from "../../../app/store/s3/conversations.ts";
import type { Engine } from "../../../local/engine.ts";
import { startS3 } from "../../../local/s3.ts";
import { draft, expectRefusal } from "../../../testing/app/store.ts";
import { createBucket, s3Config } from "../../../testing/aws/bucket.ts";

/** What S3 does and the embedded engine never does, injected into the client; and what it all costs. */
let engine: Engine;
beforeAll(async () => {
  engine = await startS3({ accessKey: { accessKeyId: "local", secretAccessKey: "local" } });
});
afterAll(() => engine.stop());

type Fault = (command: string) => Error | undefined;

interface Setup {
  readonly fault?: Fault;
  /** Whether the request still reaches S3: then only its answer is lost. */
  readonly arrives?: boolean;
}

async function prepare() {
  const bucketName = await createBucket(engine.endpoint);
  const now = () => new Date();
  const open = ({ fault = () => undefined, arrives = false }: Setup = {}) => {
    const client = s3Client(s3Config(engine.endpoint));
    const requests = watch(client, fault, arrives);
    const objects = new S3ObjectStore({ client, bucketName, now });
    return { store: new S3ConversationStore(objects, now), objects, requests };
  };
  const [user, id] = [randomUUID(), randomUUID()];
  const healthy = open();
  await healthy.store.create(user, { id, title: "x", modelId: null });
  return { user, id, open, ...healthy };
}

function watch(client: S3Client, fault: Fault, arrives: boolean): string[] {
  const requests: string[] = [];
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const command = (context.commandName ?? "").replace(/Command$/, "");
      requests.push(command);
      const error = fault(command);
      if (error !== undefined && !arrives) throw error;
      const result = await next(args);
      if (error !== undefined) throw error;
      return result;
    },
    { step: "deserialize", priority: "high", name: "watch" },
  );
  return requests;
}

function s3Error(name: string, status: number): Error {
  const $metadata = { httpStatusCode: status };
  return new S3ServiceException({ name, message: name, $fault: "client", $metadata });
}

function times(count: number, command: string, error: () => Error): Fault {
  let left = count;
  return (name) => (name === command && left-- > 0 ? error() : undefined);
}

it("A: no error but not-found ever means an empty history, and none is overwritten", async () => {
  const { user, id, store, open } = await prepare();
  await store.append(user, id, draft("precious"));
  for (const error of [
    s3Error("AccessDenied", 403),
    s3Error("NoSuchBucket", 404),
    s3Error("InternalError", 500),
    new Error("socket hang up"),
  ]) {
    const faulty = open({ fault: (name) => (name === "GetObject" ? error : undefined) }).store;
    for (const attempt of [
      () => faulty.get(user, id),
      () => faulty.messages(user, id, { limit: 20, order: "asc" }),
      () => faulty.append(user, id, draft("lost")),
      () => faulty.list(user, { limit: 10 }),
    ]) {
      const failure: unknown = await attempt().catch((thrown: unknown) => thrown);
      expect(failure).toBeInstanceOf(Error);
      expect(failure).not.toMatchObject({ kind: "not-found" });
    }
  }
  expect((await store.get(user, id)).lastMessage?.preview).toBe("precious");
});

it("A: a history that is no JSON, or not ours, fails loudly and stays as it is", async () => {
  const { user, id, store, objects } = await prepare();
  const key = `history/${user}/${id}.json`;
  for (const body of [" ", "{", "[]", '{"state":"active","messages":[]}']) {
    await objects.put(key, body, { contentType: "application/json", when: "always" });
    await expect(store.append(user, id, draft("x"))).rejects.not.toMatchObject({
      name: "StoreError",
    });
    expect(Buffer.from((await objects.get(key))!.body).toString()).toBe(body);
  }
});

it("finds nothing where S3 denies a key that does not exist, as it does without ListBucket", async () => {
  const { user, id, open } = await prepare();
  const denied = () => s3Error("AccessDenied", 403);
  const { store } = open({ fault: (name) => (name === "GetObject" ? denied() : undefined) });
  await expectRefusal(store.get(user, "missing"), "not-found");
  await expect(store.get(user, id)).rejects.toThrow("AccessDenied");
});

it("A: tries again when conditional writes overlap, and gives up with busy, having written nothing", async () => {
  const { user, id, store, open } = await prepare();
  const conflict = () => s3Error("ConditionalRequestConflict", 409);
  const patient = open({ fault: times(3, "PutObject", conflict) }).store;
  expect((await patient.append(user, id, draft("x"))).message.sequence).toBe(1);
  const unlucky = open({ fault: times(1_000, "PutObject", conflict) }).store;
  await expectRefusal(unlucky.append(user, id, draft("y")), "busy");
  const slow = open({ fault: times(1, "PutObject", () => s3Error("SlowDown", 503)) }).store;
  await expectRefusal(slow.append(user, id, draft("y")), "busy");
  expect((await store.get(user, id)).messageCount).toBe(1);
}, 30_000);

it("A: writes once when the answer to its write is lost", async () => {
  const { user, id, store, open } = await prepare();
  // What the SDK's own retry sees: its first attempt has changed the object.
  const lost = () => s3Error("PreconditionFailed", 412);
  const fault = () => ({ fault: times(1, "PutObject", lost), arrives: true });
  await open(fault()).store.append(user, id, draft("once"));
  await open(fault()).store.update(user, id, { title: "Renamed" });
  const another = { id: randomUUID(), title: "y", modelId: null };
  expect((await open(fault()).store.create(user, another)).replayed).toBe(false);
  expect(await store.get(user, id)).toMatchObject({ messageCount: 1, version: 3 });
});

it("A: a creation that died after its idempotency record is finished by the repeated request", async () => {
  const { user, open, store } = await prepare();
  const once = { key: "key", bodyHash: "hash" };
  const make = (who: typeof store) =>
    who.create(user, { id: randomUUID(), title: "y", modelId: null }, once);
  let puts = 0;
  const dies = open({
    fault: (name) => (name === "PutObject" && ++puts === 2 ? new Error("crashed") : undefined),
  });
  await expect(make(dies.store)).rejects.toThrow("crashed");
  const { conversation } = await make(store);
  expect(await make(store)).toEqual({ conversation, replayed: true });
  expect((await store.list(user, { limit: 10 })).items).toHaveLength(2);
});

it("A: lists more than 1,000 conversations, and reads again only what has changed", async () => {
  const { user, id, store, requests, open } = await prepare();
  const drafts = Array.from({ length: 1_100 }, (_, index) => ({
    id: `c${index}`,
    title: `No. ${index}`,
    modelId: null,
  }));
  for (let from = 0; from < drafts.length; from += 25) {
    const batch = drafts.slice(from, from + 25);
    await Promise.all(batch.map((conversation) => store.create(user, conversation)));
  }
  await store.list(user, { limit: 1 });
  await open().store.append(user, "c500", draft("wakes it up"));

  requests.length = 0;
  const seen = new Set<string>();
  let after: string | undefined;
  do {
    const page = await store.list(user, { limit: 100, after });
    if (after === undefined) expect(page.items[0]?.id).toBe("c500");
    for (const conversation of page.items) seen.add(conversation.id);
    after = page.next;
  } while (after !== undefined);
  expect(seen).toEqual(new Set([id, ...drafts.map((conversation) => conversation.id)]));
  expect(requests.filter((name) => name === "GetObject")).toHaveLength(1);
  expect(requests.filter((name) => name === "ListObjectsV2")).toHaveLength(12 * 2);
}, 60_000);

it("A: one GET to read, one GET and one PUT to append, and JSON that any tool can read", async () => {
  const { user, id, store, objects, requests } = await prepare();
  requests.length = 0;
  await store.append(user, id, draft("Grüße 👋"));
  expect(requests.splice(0)).toEqual(["GetObject", "PutObject"]);
  await store.messages(user, id, { limit: 20, order: "desc" });
  expect(requests.splice(0)).toEqual(["GetObject"]);
  const [object] = await Array.fromAsync(objects.list(`history/${user}/`));
  expect(object?.key).toBe(`history/${user}/${id}.json`);
  const json = JSON.parse(Buffer.from((await objects.get(object!.key))!.body).toString());
  expect(json.messages).toMatchObject([{ sequence: 1, role: "user", content: "Grüße 👋" }]);
});

it("A: refuses what would make a conversation larger than 8 MiB, and keeps what there is", async () => {
  const { user, id, store } = await prepare();
  for (let index = 0; index < 7; index++) {
    await store.append(user, id, draft("x".repeat(1024 * 1024)));
  }
  await expectRefusal(store.append(user, id, draft("x".repeat(1024 * 1024))), "full");
  expect((await store.get(user, id)).messageCount).toBe(7);
});
