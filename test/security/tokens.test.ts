import { beforeAll, describe, expect, it } from "vitest";
import { idToken } from "../local/start/client.ts";
import { LocalTarget } from "./support/environment.ts";
import { type Forgery, forgeries } from "./support/forgeries.ts";
import { exchange, type HeaderList } from "./support/http.ts";
import { guarded, type Operation, operations, pathOf } from "./support/operations.ts";
import { tried } from "./support/tried.ts";

const target = LocalTarget.forThisFile();

let url: string;
let access: string;
let forged: Forgery[];

beforeAll(async () => {
  const tenant = target.tenant("acme");
  url = tenant.url;
  access = await target.token("acme", "ada");
  forged = forgeries({
    access,
    id: await idToken(tenant, target.dataDir),
    foreign: await target.token("globex", "ada"),
    pool: target.poolKey("acme"),
    foreignPool: target.poolKey("globex"),
  });
});

const send = (operation: Operation, headers: HeaderList = [], query = "") =>
  exchange(
    operation.method,
    `${url}${pathOf(operation, () => "some-id")}${query}`,
    [...(operation.body ? [["content-type", operation.body.type] as const] : []), ...headers],
    operation.body?.sample,
  );

const me = async (headers: HeaderList) => {
  const { status, text } = await exchange("GET", `${url}/me`, headers);
  return { status, id: JSON.parse(text).id };
};

describe.each(guarded)("$method $path", (operation) => {
  it("answers 401 to whoever brings no good access token", async (context) => {
    tried(context, forged.length);
    await Promise.all(
      forged.map(async ({ name, headers, query }) => {
        const answer = await send(operation, headers, query);
        expect([name, answer.status]).toEqual([name, 401]);
        expect(answer.headers).toMatchObject({ "content-type": "application/problem+json" });
        // REST APIs rename the header of an integration's answer; their own keeps its name.
        const { headers: told } = answer;
        const scheme = told["www-authenticate"] ?? told["x-amzn-remapped-www-authenticate"];
        expect(scheme).toBe("Bearer");
        expect(answer.text).not.toContain("some-id");
      }),
    );
  });
});

it("answers what is open to everybody, whatever the token", async (context) => {
  for (const operation of operations.filter(({ isOpen }) => isOpen)) {
    const plain = await send(operation);
    tried(context, forged.length);
    for (const { headers, query } of forged) {
      const answer = await send(operation, headers, query);
      expect([answer.status, answer.text]).toEqual([200, plain.text]);
    }
  }
});

it("has done nothing of all that it was asked", async () => {
  const headers = [["authorization", `Bearer ${access}`]] as const;
  const answer = async (path: string) =>
    JSON.parse((await exchange("GET", url + path, headers)).text);
  expect(await answer("/conversations")).toEqual({ items: [], nextCursor: null });
  expect(await answer("/documents")).toEqual({ items: [], nextCursor: null });
  expect(await answer("/me/sessions")).toEqual({ items: [], nextCursor: null });
  expect(await answer("/me")).toMatchObject({ version: 0, role: "member" });
});

it("still takes a good token, in every form that it may have, for its own user alone", async (context) => {
  const { sub } = JSON.parse(Buffer.from(access.split(".")[1]!, "base64url").toString());
  const forms = [access, `Bearer ${access}`, `bearer ${access}`, `BEARER   ${access}`];
  const ben = await target.token("acme", "ben");
  tried(context, forms.length + 1);
  for (const form of forms) {
    expect(await me([["authorization", form]])).toEqual({ status: 200, id: sub });
  }
  // Of two tokens the first counts, here and in the function: nobody passes as one and acts as another.
  const both = [access, ben].map((token) => ["authorization", `Bearer ${token}`] as const);
  expect(await me(both)).toEqual({ status: 200, id: sub });
});
