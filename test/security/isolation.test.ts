import { beforeAll, describe, expect, it } from "vitest";
import { type Client, TestApi } from "../../testing/app/api.ts";
import { upload } from "../../testing/app/upload.ts";
import { asUser, call, type FunctionAnswer } from "./support/function.ts";
import { itemsOf } from "./support/items.ts";
import { guarded, type Operation, pathOf, requiredQuery } from "./support/operations.ts";
import { tried } from "./support/tried.ts";

const api = TestApi.forThisFile();

let alice: Client;
/** Alice's own, by the beginning of the path that leads there. */
const owned = new Map<string, string>();

beforeAll(async () => {
  alice = api.as("alice");
  const conversation = await alice.conversation("Private");
  await alice.post(`/conversations/${conversation}/chat`, { content: "secret" }, retry);
  const document = await upload(alice, Buffer.from("secret"), "text/plain");
  await alice.put("/me/sessions/laptop", { data: "secret" });
  await alice.put("/me/state/theme", { value: "secret" });
  const { body: erasure } = await api.as("erased").send("DELETE", "/me");
  owned.set("/conversations/", conversation);
  owned.set("/documents/", document.id);
  owned.set("/me/sessions/", "laptop");
  owned.set("/me/state/", "theme");
  owned.set("/me/erasures/", erasure.id);
});

const retry = { "idempotency-key": "retry-1" };

/** Operations on something that has an owner; those of administrators are told apart by the group. */
const onOwned = guarded.filter(({ path }) => /\{/.test(path) && !path.startsWith("/admin/"));

function ownedId({ path }: Operation): string {
  const found = [...owned].find(([prefix]) => path.startsWith(prefix));
  if (found === undefined)
    throw new Error(`nothing of Alice's stands below ${path}: make it above`);
  return found[1];
}

const ofOthers = async () =>
  (await itemsOf(api)).filter(({ pk }) => !String(pk).startsWith("USER#mallory"));

/** Without what differs from one moment to the next, whoever asks. */
function comparable({ status, headers, text }: FunctionAnswer, id: string) {
  const plain = text.replaceAll(id, "<id>").replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "<time>");
  return { status, names: Object.keys(headers).toSorted(), text: plain };
}

describe.each(onOwned)("$method $path", (operation) => {
  it("answers for what another owns as for what never was, and leaves it alone", async (context) => {
    const before = await ofOthers();
    const variants: Record<string, string>[] = [
      {},
      retry,
      { "if-match": '"1"' },
      { "if-match": '"0", "1", "2"' },
    ];
    const accepts = ["application/json", "text/event-stream"];
    tried(context, variants.length * accepts.length);
    for (const extra of variants) {
      for (const accept of accepts) {
        const headers = {
          accept,
          ...extra,
          ...(operation.body && { "content-type": operation.body.type }),
        };
        const ask = async (id: string) => {
          const path = pathOf(operation, (name) => (name === "messageId" ? "1" : id));
          const request = {
            ...asUser("mallory"),
            headers,
            body: operation.body?.sample,
            query: requiredQuery(operation),
          };
          return comparable(await call(api, operation.method, path, request), id);
        };
        const theirs = await ask(ownedId(operation));
        expect(theirs).toEqual(await ask("never-existed"));
        // Routes that keep no answers, or check no condition, refuse these headers before they look for anything.
        const isHeaderRefused = Object.keys(extra).length > 0 && theirs.status === 400;
        if (isHeaderRefused) continue;
        // What a user names, others may name too: it is another thing.
        if (isNamedByUser(operation)) continue;
        if (isOfAnswers(operation)) {
          expect(["", '{"running":null}']).toContain(theirs.text);
          continue;
        }
        expect(theirs.status).toBe(404);
      }
    }
    expect(await ofOthers()).toEqual(before);
  });
});

/** They know the user's own answers that are being made, and look for no conversation. */
const isOfAnswers = ({ path }: Operation) => path.endsWith("/running");

const isNamedByUser = ({ method, path }: Operation) =>
  method !== "GET" && /^\/me\/(sessions|state)\//.test(path);
