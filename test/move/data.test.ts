/** Users, items and objects of two cells: the same afterwards, whatever changed meanwhile, but for the ids of users. */
import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  AdminGetUserCommand,
  AdminListGroupsForUserCommand,
  CognitoIdentityProviderClient,
  CreateGroupCommand,
  CreateUserPoolCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, expect, it } from "vitest";
import { S3ObjectStore } from "../../app/objects/s3.ts";
import { DynamoDBConversationStore } from "../../app/store/dynamodb/conversations/conversations.ts";
import { DynamoDBErasureStore } from "../../app/store/dynamodb/erasing/erasures.ts";
import { documentClient } from "../../app/store/dynamodb/table/client.ts";
import { usageKeys } from "../../app/store/dynamodb/table/keys.ts";
import { startCognito } from "../../local/cognito/server.ts";
import { type Engine, startDynamoDB } from "../../local/dynamodb.ts";
import { startS3 } from "../../local/s3.ts";
import { repeatErasures } from "../../operations/move/data/erasures.ts";
import { mirrorItems } from "../../operations/move/data/items.ts";
import { mirrorObjects } from "../../operations/move/data/objects.ts";
import { movedItem } from "../../operations/move/data/user-ids.ts";
import { moveUsers } from "../../operations/move/data/users.ts";
import { draft } from "../../testing/app/store.ts";
import { createBucket, s3Config } from "../../testing/aws/bucket.ts";
import { createChatTable, engineConfig } from "../../testing/aws/table.ts";

const engines: Engine[] = [];
let [dynamodb, s3]: [string, string] = ["", ""];
let cognito: CognitoIdentityProviderClient;
beforeAll(async () => {
  const started = await Promise.all([startDynamoDB(), startS3(), startCognito()]);
  engines.push(...started);
  [dynamodb, s3] = [started[0].endpoint, started[1].endpoint];
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  const endpoint = started[2].endpoint;
  cognito = new CognitoIdentityProviderClient({ endpoint, region: "us-east-1", credentials });
});
afterAll(async () => {
  cognito.destroy();
  await Promise.all(engines.map((engine) => engine.stop()));
});

const quiet = () => {};
const now = () => new Date();

async function pool(...emails: readonly string[]) {
  const { UserPool } = await cognito.send(
    new CreateUserPoolCommand({ PoolName: "users", UsernameAttributes: ["email"] }),
  );
  const UserPoolId = UserPool!.Id!;
  await cognito.send(new CreateGroupCommand({ UserPoolId, GroupName: "admins" }));
  const subs: string[] = [];
  for (const email of emails) {
    const UserAttributes = [
      { Name: "name", Value: email.split("@")[0] },
      { Name: "email_verified", Value: email.startsWith("ada") ? "true" : "false" },
    ];
    const { User } = await cognito.send(
      new AdminCreateUserCommand({ UserPoolId, Username: email, UserAttributes }),
    );
    subs.push(User!.Attributes!.find(({ Name }) => Name === "sub")!.Value!);
  }
  return { client: cognito, id: UserPoolId, subs };
}

it("users have new ids, their attributes and groups, and a password that nobody knows; a repeated run makes nobody", async () => {
  const from = await pool("ada@acme.example", "ben@acme.example");
  const to = await pool();
  const admin = { GroupName: "admins", Username: "ada@acme.example" };
  await cognito.send(new AdminAddUserToGroupCommand({ ...admin, UserPoolId: from.id }));
  const { ids, ...told } = await moveUsers(from, to, quiet);
  expect(told).toEqual({
    ...{ created: 2, federated: 0, strangers: [] },
    unreachable: ["ben@acme.example"],
  });
  const user = { UserPoolId: to.id, Username: "ada@acme.example" };
  const found = await cognito.send(new AdminGetUserCommand(user));
  expect(found.UserStatus).toBe("CONFIRMED");
  expect(found.UserAttributes).toContainEqual({ Name: "name", Value: "ada" });
  expect(found.UserAttributes).toContainEqual({ Name: "sub", Value: ids.get(from.subs[0]!) });
  expect(ids.get(from.subs[0]!)).not.toBe(from.subs[0]);
  const { Groups } = await cognito.send(new AdminListGroupsForUserCommand(user));
  expect(Groups?.map(({ GroupName }) => GroupName)).toEqual(["admins"]);
  const again = await moveUsers(from, to, quiet);
  expect(again).toMatchObject({ created: 0, ids });
});

it("two users of one address are refused, since their items would be one user's", async () => {
  const sent: string[] = [];
  const client = new CognitoIdentityProviderClient({ region: "us-east-1" });
  const user = (sub: string, UserStatus: "CONFIRMED" | "EXTERNAL_PROVIDER") => ({
    Username: sub,
    UserStatus,
    Attributes: [
      { Name: "sub", Value: sub },
      { Name: "email", Value: "ada@acme.example" },
    ],
  });
  answering(client, sent, {
    DescribeUserPoolCommand: { UserPool: { UsernameAttributes: ["email"] } },
    ListUsersCommand: { Users: [user("a", "CONFIRMED"), user("b", "EXTERNAL_PROVIDER")] },
  });
  await expect(moveUsers({ client, id: "old" }, { client, id: "new" }, quiet)).rejects.toThrow(
    "Several users of the old pool sign in as ada@acme.example",
  );
  expect(sent).not.toContain("AdminCreateUserCommand");
});

it("an identity of a directory is linked to its new user before it signs in", async () => {
  const sent: [string, object][] = [];
  const [old, fresh] = [1, 2].map(() => new CognitoIdentityProviderClient({ region: "us-east-1" }));
  const identity = { userId: "00u1", providerName: "Okta", primary: "true" };
  const pools = { UserPool: { UsernameAttributes: ["email"] } };
  answering(old!, [], {
    DescribeUserPoolCommand: pools,
    ListUsersCommand: {
      Users: [
        {
          ...{ Username: "Okta_00u1", UserStatus: "EXTERNAL_PROVIDER" },
          Attributes: [
            { Name: "sub", Value: "old-sub" },
            { Name: "email", Value: "ada@acme.example" },
            { Name: "identities", Value: JSON.stringify([identity]) },
          ],
        },
      ],
    },
  });
  answering(fresh!, sent, {
    DescribeUserPoolCommand: pools,
    ListUsersCommand: { Users: [] },
    ListGroupsCommand: { Groups: [] },
    AdminCreateUserCommand: { User: { Attributes: [{ Name: "sub", Value: "new-sub" }] } },
  });
  const { ids, federated } = await moveUsers(
    { client: old!, id: "a" },
    { client: fresh!, id: "b" },
    quiet,
  );
  expect([ids.get("old-sub"), federated]).toEqual(["new-sub", 1]);
  const [, created] = sent.find(([name]) => name === "AdminCreateUserCommand")!;
  expect(JSON.stringify(created)).not.toContain("identities");
  expect(sent.find(([name]) => name === "AdminLinkProviderForUserCommand")![1]).toMatchObject({
    DestinationUser: { ProviderName: "Cognito", ProviderAttributeValue: "ada@acme.example" },
    SourceUser: { ProviderName: "Okta", ProviderAttributeValue: "00u1" },
  });
});

/** In the place of the service, where the embedded one has no such users. */
function answering(
  client: CognitoIdentityProviderClient,
  sent: unknown[],
  answers: Readonly<Record<string, object>>,
): void {
  client.middlewareStack.add(
    (_, { commandName = "" }) =>
      (args) => {
        sent.push(typeof sent[0] === "string" ? commandName : [commandName, args.input]);
        const output = { $metadata: {}, ...answers[commandName] };
        return Promise.resolve({ output, response: {} });
      },
    { step: "initialize", name: "answers" },
  );
}

async function tables() {
  const client = documentClient(engineConfig(dynamodb));
  const [from, to] = await Promise.all(
    [1, 2].map(async () => ({ client, tableName: await createChatTable(dynamodb), now })),
  );
  return { from: from!, to: to!, ids: new Map([["ada", "ada-2"]]) };
}

it("items are the same but for the ids of users, and later passes bring what changed and take what went", async () => {
  const pair = await tables();
  const [old, moved] = [pair.from, pair.to].map((table) => new DynamoDBConversationStore(table));
  for (const id of ["kept", "grown", "trashed"]) {
    await old!.create("ada", { id, title: id, modelId: null });
    await old!.append("ada", id, draft(`first of ${id}`), { key: `key-${id}`, bodyHash: "h" });
  }
  await old!.create("eve", { id: "strange", title: "of nobody's in the pool", modelId: null });
  const first = await mirrorItems(pair, quiet);
  expect(first.written).toBe(first.found);
  await old!.append("ada", "grown", draft("second of grown"));
  await old!.update("ada", "trashed", { state: "trashed" });
  await old!.create("ada", { id: "new", title: "new", modelId: null });
  await expect(mirrorItems(pair, quiet)).resolves.toMatchObject({ deleted: 0 });
  await expect(mirrorItems(pair, quiet)).resolves.toMatchObject({ written: 0, deleted: 0 });

  const page = { limit: 100, order: "asc" } as const;
  for (const id of ["kept", "grown", "new"]) {
    const [before, after] = [await old!.get("ada", id), await moved!.get("ada-2", id)];
    expect(after).toEqual(before);
    expect((await moved!.messages("ada-2", id, page)).items).toEqual(
      (await old!.messages("ada", id, page)).items,
    );
  }
  await expect(moved!.get("ada", "kept")).rejects.toThrow();
  await expect(moved!.get("eve", "strange")).resolves.toMatchObject({ id: "strange" });
  const listed = await moved!.list("ada-2", { state: "active", limit: 10 });
  expect(listed.items.map(({ id }) => id).sort()).toEqual(["grown", "kept", "new"]);
});

it("objects are copied with their users' new ids, again where they were written since, and taken away", async () => {
  const client = new S3Client(s3Config(s3));
  const [from, to] = await Promise.all([createBucket(s3), createBucket(s3)]);
  const [old, moved] = [from, to].map(
    (bucketName) => new S3ObjectStore({ client, bucketName, now }),
  );
  const type = { contentType: "text/plain", when: "always" } as const;
  await old!.put("documents/ada/a", "one", type);
  await old!.put("documents/ada/b", "two", type);
  await old!.put("documents/eve/c", "three", type);
  await old!.put("uploads/ada/d", "on its way", type);
  const pair = {
    from: { client, name: from },
    to: { client, name: to },
    ids: new Map([["ada", "ada-2"]]),
    since: now(),
  };
  const first = await mirrorObjects(pair, quiet);
  expect(first).toEqual({ found: 3, written: 3, deleted: 0 });
  // As long as before.
  await old!.put("documents/ada/a", "ONE", type);
  await old!.delete(["documents/ada/b"]);
  await expect(mirrorObjects(pair, quiet)).resolves.toEqual({ found: 2, written: 1, deleted: 1 });
  await expect(mirrorObjects(pair, quiet)).resolves.toEqual({ found: 2, written: 0, deleted: 0 });
  expect(Buffer.from((await moved!.get("documents/ada-2/a"))!.body).toString()).toBe("ONE");
  const keys = (await Array.fromAsync(moved!.list(""))).map(({ key }) => key);
  expect(keys).toEqual(["documents/ada-2/a", "documents/eve/c"]);
  client.destroy();
});

it("who was erased at the old address after the last pass is erased at the new one", async () => {
  const pair = await tables();
  const [old, moved] = [pair.from, pair.to].map((table) => new DynamoDBConversationStore(table));
  await old!.create("ada", { id: "hers", title: "hers", modelId: null });
  await old!.create("ben", { id: "his", title: "his", modelId: null });
  await mirrorItems(pair, quiet);
  await new DynamoDBErasureStore(pair.from).begin("ada");
  expect(await repeatErasures(pair)).toBe(1);
  await expect(moved!.get("ada-2", "hers")).rejects.toThrow();
  await expect(moved!.get("ben", "his")).resolves.toMatchObject({ id: "his" });
  expect(await repeatErasures(pair)).toBe(0);
});

it("every place of an item that names a user is changed, and no content is", () => {
  const ids = new Map([["u1", "v1"]]);
  const item = (entries: object) => movedItem({ ...entries }, ids);
  expect(
    item({ pk: "USER#u1#CONV#u1", sk: "MSG#1", content: "USER#u1", object: "messages/u1/c/1" }),
  ).toEqual({ pk: "USER#v1#CONV#u1", sk: "MSG#1", content: "USER#u1", object: "messages/v1/c/1" });
  expect(item({ pk: "USER#u1", sk: "CONV#c", recencyKey: "USER#u1" })).toEqual({
    ...{ pk: "USER#v1", sk: "CONV#c", recencyKey: "USER#v1" },
  });
  expect(item({ pk: "TENANT", sk: "DUE#2026-11-30T00:00:00Z#u1#c" }).sk).toBe(
    "DUE#2026-11-30T00:00:00Z#v1#c",
  );
  const counted = item({
    ...{ pk: "USER#u1", sk: "USAGE#2026-11", in: 5 },
    ...usageKeys("u1", "2026-11"),
  });
  expect(counted).toEqual({
    ...{ pk: "USER#v1", sk: "USAGE#2026-11", in: 5 },
    ...usageKeys("v1", "2026-11"),
  });
  expect(item({ pk: "ERASURE#u1", sk: "RECEIPT" }).pk).toBe("ERASURE#v1");
  expect(item({ pk: "AUDIT#2026-11", sk: "t", admin: "u1", target: "users/u1/c" })).toMatchObject({
    ...{ admin: "v1", target: "users/v1/c" },
  });
});
