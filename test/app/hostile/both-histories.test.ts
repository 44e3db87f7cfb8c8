import fc from "fast-check";
import { expect, it } from "vitest";
import { dependenciesOn, randomKey, TestApi } from "../../../testing/app/api.ts";

const api = TestApi.forThisFile();

const id = fc.oneof(
  { weight: 4, arbitrary: fc.constant("a") },
  { weight: 1, arbitrary: fc.constant("b") },
);
const messageId = fc.integer({ min: 1, max: 5 });
const key = fc.option(fc.constantFrom("k1", "k2"), { nil: undefined, freq: 3 });
const match = fc.option(fc.constantFrom('"1"', '"3"', "*"), { nil: undefined, freq: 6 });
const words = fc.constantFrom("one", "two", "/words 3");
const role = fc.constantFrom("user", "assistant", "system");
const settings = fc.constantFrom(undefined, { instructions: "Be brief." }, { temperature: 0.5 });
const details = fc.record(
  {
    title: fc.constantFrom("A title", "Another"),
    pinned: fc.boolean(),
    tags: fc.constantFrom(["x"], []),
    metadata: fc.constantFrom({ a: "b" }, {}),
    settings,
    state: fc.constantFrom("active", "archived", "trashed"),
  },
  { requiredKeys: [] },
);

interface Command {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Record<string, string | undefined>;
}

const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.tuple(id, key, details).map(([id, key, { state: _, ...body }]) => ({
      method: "POST",
      path: "/conversations",
      body: { id, ...body },
      headers: { "idempotency-key": key },
    })),
  },
  {
    weight: 6,
    arbitrary: fc.tuple(id, key, role, words).map(([id, key, role, content]) => ({
      method: "POST",
      path: `/conversations/${id}/messages`,
      body: { role, content },
      headers: { "idempotency-key": key },
    })),
  },
  {
    weight: 3,
    arbitrary: fc.tuple(id, key, words).map(([id, key, content]) => ({
      method: "POST",
      path: `/conversations/${id}/chat`,
      body: { content },
      headers: { "idempotency-key": key },
    })),
  },
  fc.tuple(id, key, match).map(([id, key, match]) => ({
    method: "POST",
    path: `/conversations/${id}/regenerate`,
    body: {},
    headers: { "idempotency-key": key, "if-match": match },
  })),
  {
    weight: 2,
    arbitrary: fc.tuple(id, messageId, match, words).map(([id, message, match, content]) => ({
      method: "PATCH",
      path: `/conversations/${id}/messages/${message}`,
      body: { content },
      headers: { "if-match": match },
    })),
  },
  {
    weight: 3,
    arbitrary: fc.tuple(id, messageId, match).map(([id, message, match]) => ({
      method: "DELETE",
      path: `/conversations/${id}/messages/${message}`,
      headers: { "if-match": match },
    })),
  },
  fc.tuple(id, match).map(([id, match]) => ({
    method: "DELETE",
    path: `/conversations/${id}/messages`,
    headers: { "if-match": match },
  })),
  {
    weight: 3,
    arbitrary: fc.tuple(id, match, details).map(([id, match, body]) => ({
      method: "PATCH",
      path: `/conversations/${id}`,
      body,
      headers: { "if-match": match },
    })),
  },
  fc.tuple(id, match).map(([id, match]) => ({
    method: "DELETE",
    path: `/conversations/${id}`,
    headers: { "if-match": match },
  })),
  fc.tuple(id, id, key, messageId).map(([id, to, key, through]) => ({
    method: "POST",
    path: `/conversations/${id}/copy`,
    body: { id: to, through: String(through) },
    headers: { "idempotency-key": key },
  })),
  fc.tuple(id, messageId).map(([id, sequence]) => ({
    method: "PUT",
    path: `/conversations/${id}/read`,
    body: { sequence },
  })),
  fc.tuple(id, messageId).map(([id, message]) => ({
    method: "PUT",
    path: `/conversations/${id}/messages/${message}/feedback`,
    body: { rating: "up" },
  })),
  fc.tuple(id, messageId).map(([id, since]) => ({
    method: "GET",
    path: `/conversations/${id}/changes?since=${since}`,
  })),
  fc.tuple(id, messageId, fc.constantFrom("asc", "desc")).map(([id, after, order]) => ({
    method: "GET",
    path: `/conversations/${id}/messages?order=${order}${order === "asc" ? `&after=${after}` : ""}`,
  })),
);

/** Seconds that pass before a command: as a rule few, now and then more than an idempotency key lasts. */
const pause = fc.oneof(
  { weight: 20, arbitrary: fc.constantFrom(0, 1, 70) },
  { weight: 1, arbitrary: fc.constant(25 * 60 * 60) },
  { weight: 1, arbitrary: fc.constant(31 * 24 * 60 * 60) },
);

/** What is read when all is done, or from time to time. */
const reads = [
  ...["active", "archived", "trashed"].flatMap((state) => [
    `/conversations?state=${state}&include=details`,
    `/conversations?state=${state}&pinned=true&include=details`,
  ]),
  ...["a", "b"].flatMap((id) => [
    `/conversations/${id}`,
    `/conversations/${id}/export`,
    `/conversations/${id}/changes?since=0`,
  ]),
];

/** The command so many places before, which is sent once more. */
function commandBefore(
  commands: readonly (readonly [number, Command | number])[],
  index: number,
  back: number,
): Command {
  const [, found] = commands[Math.max(0, index - 1 - back)] ?? [];
  return typeof found === "object" ? found : { method: "GET", path: "/conversations/a" };
}

it("A: a history answers the same to the same requests, wherever it is kept", async () => {
  const run = async (commands: (readonly [number, Command | number])[]) => {
    let time = Date.parse("2026-11-20T12:00:00.000Z");
    const table = { ...api.table, now: () => new Date(time) };
    const user = randomKey();
    const [one, other] = (["dynamodb", "s3"] as const).map((history) =>
      api.with(dependenciesOn(table, () => {}, history)).as(user),
    ) as [ReturnType<TestApi["as"]>, ReturnType<TestApi["as"]>];
    const done: string[] = [];
    const compare = async ({ method, path, body, headers = {} }: Command) => {
      const options = { body, headers: JSON.parse(JSON.stringify(headers)) };
      const [first, second] = [
        await one.send(method, path, options),
        await other.send(method, path, options),
      ].map(({ status, headers, body }) => ({
        status,
        etag: headers.get("etag"),
        location: headers.get("location"),
        replayed: headers.get("idempotency-replayed"),
        body,
      }));
      done.push(`${method} ${path} ${JSON.stringify(options)} -> ${first?.status}`);
      expect(second, done.join("\n")).toEqual(first);
    };
    await compare({ method: "POST", path: "/conversations", body: { id: "a" } });
    for (const [index, [seconds, command]] of commands.entries()) {
      time += seconds * 1000;
      await compare(
        typeof command === "number" ? commandBefore(commands, index, command) : command,
      );
    }
    for (const path of reads) await compare({ method: "GET", path });
  };
  const repeat = fc.nat({ max: 5 });
  const next = fc.oneof({ weight: 3, arbitrary: command }, { weight: 1, arbitrary: repeat });
  const sequences = fc.array(fc.tuple(pause, next), { minLength: 4, maxLength: 40 });
  await fc.assert(fc.asyncProperty(sequences, run), { numRuns: 8 });
}, 120_000);
