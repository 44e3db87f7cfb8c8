import { beforeAll, describe, expect, it } from "vitest";
import type { AppDependencies } from "../../../app/context.ts";
import type { ObjectStore } from "../../../app/objects/object-store.ts";
import { type TenantState, tenantStates } from "../../../app/resources/tenant-state.ts";
import { documentClient } from "../../../app/store/dynamodb/table/client.ts";
import { S3ConversationStore } from "../../../app/store/s3/conversations.ts";
import { S3TransferStore } from "../../../app/store/s3/transfer.ts";
import { evaluate } from "../../../offline/evaluate.ts";
import program from "../../../stacks/index.ts";
import { type Client, randomKey, storesOn, TestApi } from "../../../testing/app/api.ts";
import { draft } from "../../../testing/app/store.ts";
import { upload } from "../../../testing/app/upload.ts";
import { Role } from "../../../testing/aws/role.ts";
import { createChatTable, engineConfig } from "../../../testing/aws/table.ts";
import { lookUp } from "../../../testing/stacks/records.ts";
import { operations, pathOf, requiredQuery } from "../../security/support/operations.ts";

const api = TestApi.forThisFile();
const histories = ["dynamodb", "s3"] as const;
type History = (typeof histories)[number];

/** Roles of a tenant's function by state and history, as the program grants them. */
const roles = new Map<string, () => Role>();
beforeAll(async () => {
  const tenants = tenantStates.flatMap((state) =>
    histories.map((history) => ({ id: `${state}-${history}`, tier: "standard", state, history })),
  );
  const records = lookUp(
    await evaluate(program, {
      config: {
        "chatstack:environment": "production",
        "chatstack:tenants": JSON.stringify(tenants),
      },
    }),
  );
  for (const { id } of tenants) {
    roles.set(
      id,
      () =>
        new Role({
          policy: records.one("Policy", `${id}-api`),
          tableArn: String(records.one("Table", `${id}-chat`).outputs.arn),
          bucketArn: String(records.one("Bucket", `${id}-documents`).outputs.arn),
        }),
    );
  }
});

/** A tenant with one user's data, and the same tenant in another state under that state's own role. */
async function tenant(state: TenantState, history: History = "dynamodb") {
  const { now } = api.table;
  const tableName = await createChatTable(api.engine.endpoint);
  const on = (client: Engine, objects: ObjectStore): Stores => {
    const stores = storesOn({ client, tableName, now, objects });
    if (history === "dynamodb") return stores;
    const conversations = new S3ConversationStore(objects, now);
    return { ...stores, conversations, transfers: new S3TransferStore(objects, now) };
  };
  const client = () => documentClient(engineConfig(api.engine.endpoint));
  const role = roles.get(`${state}-${history}`)!();
  const unrestricted = on(client(), api.table.objects);
  const restricted = on(role.restrict(client()), role.objects(api.table.objects));
  const user = randomKey();
  return {
    user,
    role,
    before: api.with(unrestricted).as(user),
    after: api.with({ ...restricted, state }),
    /** As the role may use them. */
    stores: restricted,
  };
}
type Stores = Partial<AppDependencies>;
type Engine = ReturnType<typeof documentClient>;

/** One of everything that a user may have. */
async function populate(user: Client) {
  await user.put("/me", { name: "Ada" });
  await user.put("/me/sessions/phone", {});
  await user.put("/me/sessions/laptop", {});
  await user.put("/me/state/sidebar", { value: 1 });
  const document = await upload(user, Buffer.from("Grüße, Welt\n"), "text/plain");
  const id = await user.conversation("First");
  await user.say(id, "hello", "x".repeat(500_000));
  await user.conversation("Second");
  return { id, document: document.id as string };
}

const routes = operations.map(({ method, path }) => `${method} ${path}`);
const isRead = (route: string) => route.startsWith("GET ");
const admin = { "cognito:groups": "admins" };

/** Sends what a route names, with something in the place of each parameter. */
function call(client: Client, route: string, ids: Readonly<Record<string, string>> = {}) {
  const operation = operations.find(({ method, path }) => `${method} ${path}` === route)!;
  const query = new URLSearchParams(requiredQuery(operation));
  const takes = (name: string) => operation.parameters.some((parameter) => parameter.name === name);
  // The smallest page needs a signed cursor, and what is unread a further read.
  if (takes("limit")) query.set("limit", "1");
  if (takes("include")) query.set("include", "unread");
  const path = `${pathOf(operation, (name) => ids[name] ?? "some")}?${query}`;
  return client.send(operation.method, path, isRead(route) ? {} : { body: "{" });
}

describe("a suspended tenant", () => {
  it("refuses every route but /health, whoever asks, and looks at nothing", async () => {
    const { after, role, user } = await tenant("suspended");
    for (const route of routes.filter((one) => one !== "GET /health")) {
      const answer = await call(after.as(user, admin), route);
      const type = "urn:chatstack:problem:tenant-suspended";
      expect([route, answer.status, answer.body.type]).toEqual([route, 403, type]);
      expect(answer.headers.get("content-type")).toBe("application/problem+json");
    }
    expect((await after.as(user).get("/nowhere")).status).toBe(403);
    expect((await after.as(user, { token_use: "id" }).get("/me")).status).toBe(403);
    expect((await after.as(user).get("/health")).body).toEqual({ status: "ok" });
    expect(role.refused).toEqual([]);
  });

  it("could not read anything if it tried", async () => {
    const { user, role, stores } = await tenant("suspended");
    await expect(stores.conversations?.list(user, { limit: 1 })).rejects.toThrow("AccessDenied");
    await expect(stores.library?.list(user, { limit: 1 })).rejects.toThrow("AccessDenied");
    expect(role.refused.map((call) => call.split(" ")[0])).toEqual([
      "dynamodb:Query",
      "dynamodb:Query",
    ]);
  });
});

describe("an off-boarding tenant", () => {
  it("refuses everything but reads and the erasure of oneself, before it looks at a body", async () => {
    const { after, user } = await tenant("off-boarding");
    const refused: string[] = [];
    for (const route of routes) {
      const { status, body } = await call(after.as(user, admin), route);
      if (body?.type !== "urn:chatstack:problem:tenant-off-boarding") continue;
      expect(status).toBe(403);
      refused.push(route);
    }
    expect(refused).toEqual(routes.filter((route) => !isRead(route) && route !== "DELETE /me"));
    expect((await after.as(user).post("/nowhere", {})).status).toBe(403);
    expect((await after.as(user).get("/nowhere")).status).toBe(404);
    expect((await after.as(user, { token_use: "id" }).get("/me")).status).toBe(401);
  });

  it.each(
    histories,
  )("answers every read and erases with its role's grants (%s)", async (history) => {
    const { before, after, role, user } = await tenant("off-boarding", history);
    const { id, document } = await populate(before);
    const client = after.as(user, admin);
    const ids = { id, user, messageId: "2", key: "sidebar" };
    const special: Readonly<Record<string, Readonly<Record<string, string>>>> = {
      "GET /me/sessions/{id}": { id: "phone" },
      "GET /documents/{id}": { id: document },
    };
    const reads = routes.filter((one) => isRead(one) && !one.includes("erasures"));
    for (const route of reads) {
      const { status, text } = await call(client, route, special[route] ?? ids);
      expect([route, status, role.refused]).toEqual([route, 200, []]);
      if (route === "GET /export") expect(text).toMatch(/"kind":"end"\}\n$/);
    }
    const { downloadUrl } = (await client.get(`/documents/${document}`)).body;
    expect(await (await fetch(downloadUrl)).text()).toBe("Grüße, Welt\n");

    const erased = await client.delete("/me");
    expect([role.refused, erased.body.status]).toEqual([[], "complete"]);
    expect((await client.get(`/me/erasures/${erased.body.id}`)).body).toEqual(erased.body);
    const rest = (await client.get("/export")).text.trim().split("\n");
    expect(rest.map((line) => JSON.parse(line).kind)).toEqual(["export", "usage", "end"]);
  });

  it("could begin no conversation and add no message if it tried", async () => {
    const { before, user, role, stores } = await tenant("off-boarding");
    const id = await before.conversation();
    const conversation = { id: "new", title: "x", modelId: null };
    await expect(stores.conversations?.create(user, conversation)).rejects.toThrow("AccessDenied");
    await expect(stores.conversations?.append(user, id, draft("x"))).rejects.toThrow(
      "AccessDenied",
    );
    expect(role.refused.every((call) => call.startsWith("dynamodb:PutItem"))).toBe(true);
  });
});

it.each(
  histories,
)("an active tenant's role takes everything of a user in, and erases it, history in %s", async (history) => {
  const { after, role, user } = await tenant("active", history);
  await populate(after.as(user));
  const erased = await after.as(user).delete("/me");
  expect([role.refused, erased.body.status]).toEqual([[], "complete"]);
});
