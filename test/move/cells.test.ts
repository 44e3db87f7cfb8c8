/** The engine and the accounts of a move's stacks, with the stand-in for the `pulumi` program and embedded services. */
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { text } from "node:stream/consumers";
import { CreateUserPoolCommand } from "@aws-sdk/client-cognito-identity-provider";
import { ListObjectsV2Command, PutObjectCommand } from "@aws-sdk/client-s3";
import { GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { startCognito } from "../../local/cognito/server.ts";
import { type Engine, startDynamoDB } from "../../local/dynamodb.ts";
import { startS3 } from "../../local/s3.ts";
import { cellsOf } from "../../operations/move/cells.ts";
import type { MoveStacks, TenantData } from "../../operations/move/stacks.ts";
import { createBucket } from "../../testing/aws/bucket.ts";
import { createChatTable } from "../../testing/aws/table.ts";
import { type Behaviour, Project } from "../fleet/project.ts";

const role = "arn:aws:iam::444455556666:role/deploy";
const project = new Project({ one: {}, two: {} });
const engines: Engine[] = [];
let sts: Server;
const assumed: URLSearchParams[] = [];
let stacks: MoveStacks;
let ids: { readonly table: string; readonly bucket: string };

beforeAll(async () => {
  engines.push(...(await Promise.all([startDynamoDB(), startS3(), startCognito()])));
  const [dynamodb = "", s3 = "", cognito = ""] = engines.map(({ endpoint }) => endpoint);
  sts = createServer(async (request, response) => {
    assumed.push(new URLSearchParams(await text(request)));
    response.writeHead(200, { "content-type": "text/xml" }).end(credentials);
  });
  await once(sts.listen(0, "127.0.0.1"), "listening");
  const address = sts.address();
  const environment = {
    ...project.environment({ PULUMI_BACKEND_URL: "file:///nowhere" }),
    ...{ AWS_ENDPOINT_URL_DYNAMODB: dynamodb, AWS_ENDPOINT_URL_S3: s3 },
    AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: cognito,
    AWS_ENDPOINT_URL_STS: `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`,
    ...{ AWS_ACCESS_KEY_ID: "OPERATOR", AWS_SECRET_ACCESS_KEY: "secret" },
  };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  ids = { table: await createChatTable(dynamodb), bucket: await createBucket(s3) };
  project.write("Pulumi.one.yaml", "config:\n  aws:region: us-east-1\n");
  project.write(
    "Pulumi.two.yaml",
    `config:\n  aws:region: eu-central-1\n  aws:assumeRoles: [{ roleArn: "${role}" }]\n`,
  );
  const backend = `file://${project.backend}`;
  const cells = {
    one: { account: "111122223333", region: "us-east-1", backend },
    two: { account: "444455556666", region: "eu-central-1", backend, role },
  };
  project.write("cells.yaml", JSON.stringify({ cells }));
  stacks = await cellsOf({ root: project.root, policyPack: "policies" });
});
afterAll(async () => {
  sts.close();
  await Promise.all(engines.map((engine) => engine.stop()));
  project.delete();
});

const credentials = `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
<AccessKeyId>ASSUMED</AccessKeyId><SecretAccessKey>theirs</SecretAccessKey><SessionToken>token</SessionToken>
<Expiration>2999-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`;

const urnOf = (stack: string, types: readonly string[], name: string) =>
  `urn:pulumi:${stack}::fleet::${types.join("$")}::${name}`;
const tenantType = "chatstack:index:TenantStack";

/** As the engine keeps a tenant: components, and below them what holds data. */
function tenantState(
  stack: string,
  tenant: string,
  { table, bucket, pool }: Record<string, string>,
) {
  const component = urnOf(stack, [tenantType], tenant);
  const held = (parentType: string, type: string, name: string, id?: string) => {
    const parent = urnOf(stack, [tenantType, parentType], name);
    return [
      { urn: parent, type: parentType, parent: component, outputs: { tenant } },
      ...(id === undefined
        ? []
        : [
            {
              urn: urnOf(stack, [tenantType, parentType, type], name),
              type,
              id,
              custom: true,
              parent,
            },
          ]),
    ];
  };
  return [
    { urn: component, type: tenantType, outputs: { tenant } },
    ...held("chatstack:index:ChatTable", "aws:dynamodb/table:Table", `${tenant}-chat`, table),
    ...held(
      "chatstack:index:DocumentBucket",
      "aws:s3/bucket:Bucket",
      `${tenant}-documents`,
      bucket,
    ),
    ...held("chatstack:index:AuthPool", "aws:cognito/userPool:UserPool", `${tenant}-users`, pool),
  ];
}

beforeEach(() => {
  assumed.length = 0;
  const other = { table: "theirs", bucket: "theirs", pool: "us-east-1_theirs" };
  for (const stack of ["one", "two"]) {
    const acme = tenantState(stack, "acme", { ...ids, pool: "eu-central-1_pool" });
    project.hold(stack, [...tenantState(stack, "globex", other), ...acme]);
  }
});

/** Access key and region that a client's requests are signed with. */
async function signedBy({
  config,
}: TenantData["pool"]["client"] | TenantData["bucket"]["client"] | TenantData["table"]["client"]) {
  const { accessKeyId } = await config.credentials();
  return `${accessKeyId} ${await config.region()}`;
}

it("data is read and written in the stack's region as the cell's role, and it is this tenant's", async () => {
  const { table, bucket, pool } = await stacks.dataOf("two", "acme");
  const Item = { pk: "USER#ada", sk: "PROFILE", name: undefined };
  const { tableName: TableName } = table;
  await table.client.send(new PutCommand({ TableName, Item }));
  const Key = { pk: "USER#ada", sk: "PROFILE" };
  expect((await table.client.send(new GetCommand({ TableName, Key }))).Item).toEqual(Key);
  await bucket.client.send(new PutObjectCommand({ Bucket: bucket.name, Key: "a", Body: "a" }));
  const { Contents } = await bucket.client.send(new ListObjectsV2Command({ Bucket: bucket.name }));
  expect(Contents?.map((one) => one.Key)).toEqual(["a"]);
  await pool.client.send(new CreateUserPoolCommand({ PoolName: "users" }));
  const signed = await Promise.all([table, bucket, pool].map(({ client }) => signedBy(client)));
  expect(signed).toEqual(Array(3).fill("ASSUMED eu-central-1"));
  expect([table.tableName, bucket.name, pool.id]).toEqual([
    ids.table,
    ids.bucket,
    "eu-central-1_pool",
  ]);
  expect(assumed[0]?.get("RoleArn")).toBe(role);
});

it("without a role of the cell the operator's own credentials are taken, in that stack's region", async () => {
  const { pool } = await stacks.dataOf("one", "acme");
  await pool.client.send(new CreateUserPoolCommand({ PoolName: "users" }));
  expect(await signedBy(pool.client)).toBe("OPERATOR us-east-1");
  expect(assumed).toEqual([]);
});

it("a tenant whose state lacks what holds data is refused by the name of what is missing", async () => {
  project.hold("one", tenantState("one", "acme", { table: ids.table, bucket: ids.bucket }));
  await expect(stacks.dataOf("one", "acme")).rejects.toThrow(
    "one: its state has no chatstack:index:AuthPool$aws:cognito/userPool:UserPool of the tenant",
  );
  await expect(stacks.dataOf("one", "nobody")).rejects.toThrow("one: its state has no chatstack");
});

it("the component is found in the state, and moves with all below it; what was left in both is forgotten in one", async () => {
  project.hold("two", tenantState("two", "initech", {}));
  const urn = (await stacks.urnOf("one", "acme")) ?? "";
  expect(urn).toBe(urnOf("one", [tenantType], "acme"));
  expect(await stacks.urnOf("two", "acme")).toBeUndefined();
  await stacks.moveState("one", "two", urn);
  expect(await stacks.urnOf("one", "acme")).toBeUndefined();
  expect(project.held("two").filter((one) => one.includes("acme"))).toHaveLength(7);
  expect(await stacks.urnOf("one", "globex")).toBeDefined();
  await stacks.forget("two", urnOf("two", [tenantType], "acme"));
  expect(project.held("two").filter((one) => one.includes("acme"))).toEqual([]);
  expect(await stacks.urnOf("two", "initech")).toBeDefined();
});

const step = (op: "create" | "update" | "delete", tenant: string, rest: object = {}) => {
  const [component, chat] = [[tenantType], [tenantType, "aws:dynamodb/table:Table"]].map((types) =>
    urnOf("one", types, tenant),
  );
  const state = {
    urn: chat,
    type: "aws:dynamodb/table:Table",
    id: "t",
    parent: component,
    inputs: {},
    outputs: {},
    ...rest,
  };
  return { op, urn: chat, type: state.type, provider: "", old: state, new: state };
};
const steps = (...all: readonly object[]): Behaviour => ({
  steps: all as NonNullable<Behaviour["steps"]>,
});

it.each<[string, "tenant" | "updates", Behaviour, string]>([
  [
    "another tenant changes too",
    "tenant",
    steps(step("update", "globex")),
    "it changes globex too: deploy that first",
  ],
  ["data would be lost", "tenant", steps(step("delete", "acme")), "acme would be deleted"],
  [
    "something is created where properties alone may change",
    "updates",
    steps(step("create", "acme")),
    "it would create 1, replace 0 and delete 0",
  ],
  [
    "the preview fails",
    "tenant",
    { previewErrors: ["no such region"] },
    "the preview of one failed:",
  ],
])("nothing is deployed where %s", async (_, most, behaviour, said) => {
  project.behave({ one: behaviour });
  const before = project.started("up").length;
  await expect(stacks.up("one", "acme", most)).rejects.toThrow(said);
  expect(project.started("up")).toHaveLength(before);
});

it("a stack whose preview is about the tenant alone is deployed with the policy pack; a failing update is told", async () => {
  project.behave({ one: steps(step("create", "acme")) });
  await stacks.up("one", "acme", "tenant");
  expect(project.started("up").at(-1)).toMatchObject({
    stack: "one",
    args: expect.arrayContaining(["--policy-pack"]),
  });
  project.behave({ one: { errors: ["AccessDenied: no such role"] } });
  await expect(stacks.up("one", "acme", "tenant")).rejects.toThrow(
    /the update of one failed:\n.*AccessDenied/,
  );
});
