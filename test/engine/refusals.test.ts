/** The stand-in for the aws plugin refuses what AWS refuses: asked as the engine asks, over its protocol. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as grpc from "@grpc/grpc-js";
import service from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import provider from "@pulumi/pulumi/proto/provider_pb.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Cloud } from "../../testing/engine/plugin/cloud.ts";
import { type Properties, toStruct } from "../../testing/engine/plugin/wire.ts";
import { repository } from "../../testing/engine/project.ts";

const account = mkdtempSync(join(tmpdir(), "chatstack-account-"));
const cloud = new Cloud(account);
let plugin: ChildProcess;
let client: InstanceType<typeof service.ResourceProviderClient>;

beforeAll(async () => {
  const program = join(repository, "testing/engine/plugin/plugin.ts");
  const started = spawn(process.execPath, [program], {
    env: { ...process.env, STAND_IN_AWS: account },
    stdio: ["ignore", "pipe", "inherit"],
  });
  plugin = started;
  const port = await new Promise<string>((done) =>
    started.stdout.once("data", (text) => done(String(text).trim())),
  );
  client = new service.ResourceProviderClient(
    `127.0.0.1:${port}`,
    grpc.credentials.createInsecure(),
  );
});
afterAll(() => {
  client.close();
  plugin.kill();
  rmSync(account, { recursive: true, force: true });
});

const urnOf = (type: string): string => `urn:pulumi:dev::chatstack::aws:${type}::acme`;

interface Made {
  readonly type: string;
  readonly id: string;
}

function create(type: string, inputs: Properties = {}): Promise<Made> {
  const request = new provider.CreateRequest().setUrn(urnOf(type)).setProperties(toStruct(inputs));
  return new Promise((done, failed) =>
    client.create(request, (error, response) =>
      error ? failed(error) : done({ type, id: response.getId() }),
    ),
  );
}

function remove({ type, id }: Made): Promise<void> {
  const request = new provider.DeleteRequest().setUrn(urnOf(type)).setId(id);
  return new Promise((done, failed) =>
    client.delete(request, (error) => (error ? failed(error) : done())),
  );
}

function update({ type, id }: Made, inputs: Properties): Promise<void> {
  const request = new provider.UpdateRequest()
    .setUrn(urnOf(type))
    .setId(id)
    .setOlds(toStruct(cloud.get(`aws:${type}`, id)?.props ?? {}))
    .setNews(toStruct(inputs));
  return new Promise((done, failed) =>
    client.update(request, (error) => (error ? failed(error) : done())),
  );
}

/** What only the account knows of a resource: that it holds something, or that its lock has closed. */
function changeInAccount({ type, id }: Made, facts: { holds?: number; isImmutable?: boolean }) {
  const found = cloud.get(`aws:${type}`, id);
  if (!found) throw new Error(`${id} is not in the account`);
  cloud.put({ ...found, ...facts });
}

const isThere = ({ type, id }: Made): boolean => cloud.get(`aws:${type}`, id) !== undefined;

async function refuses(made: Made, says: RegExp): Promise<void> {
  await expect(remove(made)).rejects.toThrow(says);
  expect(isThere(made)).toBe(true);
}

async function allows(made: Made): Promise<void> {
  await remove(made);
  expect(isThere(made)).toBe(false);
}

describe("the account refuses to delete", () => {
  test("a table with deletion protection, and deletes it without", async () => {
    const table = await create("dynamodb/table:Table", {
      name: "acme-chat",
      deletionProtectionEnabled: true,
    });
    await refuses(table, /DeleteTable.*protected against deletion/);
    await update(table, { name: "acme-chat", deletionProtectionEnabled: false });
    await allows(table);
  });

  test("a user pool with deletion protection, and deletes it without", async () => {
    const pool = await create("cognito/userPool:UserPool", { deletionProtection: "ACTIVE" });
    await refuses(pool, /DeleteUserPool.*deletion protection is activated/);
    await update(pool, { deletionProtection: "INACTIVE" });
    await allows(pool);
  });

  test.each([
    ["a bucket with objects", "s3/bucket:Bucket", /BucketNotEmpty/],
    ["a vault with recovery points", "backup/vault:Vault", /contains recovery points/],
    ["a workgroup with queries", "athena/workgroup:Workgroup", /WorkGroup is not empty/],
  ])("%s, and deletes it when it is empty", async (_, type, says) => {
    const made = await create(type, { name: "acme" });
    changeInAccount(made, { holds: 1 });
    await refuses(made, says);
    changeInAccount(made, { holds: 0 });
    await allows(made);
  });

  test("a bucket with objects only without `forceDestroy`", async () => {
    const bucket = await create("s3/bucket:Bucket", { bucket: "acme", forceDestroy: true });
    changeInAccount(bucket, { holds: 7 });
    await allows(bucket);
  });

  test("a vault lock that has closed", async () => {
    const lock = await create("backup/vaultLockConfiguration:VaultLockConfiguration", {
      backupVaultName: "acme",
    });
    changeInAccount(lock, { isImmutable: true });
    await refuses(lock, /immutable/);
  });

  test.each([
    ["iam/role:Role", "name", "iam/rolePolicyAttachment:RolePolicyAttachment", "role"],
    ["iam/policy:Policy", "arn", "iam/rolePolicyAttachment:RolePolicyAttachment", "policyArn"],
    ["backup/plan:Plan", "id", "backup/selection:Selection", "planId"],
    ["cognito/userPool:UserPool", "id", "cognito/userPoolDomain:UserPoolDomain", "userPoolId"],
    ["wafv2/webAcl:WebAcl", "arn", "wafv2/webAclAssociation:WebAclAssociation", "webAclArn"],
    ["apigateway/deployment:Deployment", "id", "apigateway/stage:Stage", "deployment"],
    [
      "acm/certificate:Certificate",
      "arn",
      "apigateway/domainName:DomainName",
      "regionalCertificateArn",
    ],
  ])("%s by whose %s a %s exists", async (type, property, holder, reference) => {
    const held = await create(type, { name: "held" });
    const found = cloud.get(`aws:${type}`, held.id);
    const value = property === "id" ? held.id : found?.props[property];
    expect(value).toEqual(expect.any(String));
    const holding = await create(holder, { [reference]: value });
    await refuses(held, /operation error/);
    await allows(holding);
    await allows(held);
  });

  test("no KMS key: AWS schedules its deletion, so only `protect` holds it", async () => {
    await allows(await create("kms/key:Key"));
  });
});

describe("the account refuses to make", () => {
  test("a second table of the same name", async () => {
    await create("dynamodb/table:Table", { name: "twice" });
    await expect(create("dynamodb/table:Table", { name: "twice" })).rejects.toThrow(
      /AlreadyExistsException/,
    );
  });

  test.each([
    ["table", { onDemandThroughput: { maxReadRequestUnits: -1, maxWriteRequestUnits: 100 } }],
    [
      "index",
      {
        onDemandThroughput: { maxReadRequestUnits: 100, maxWriteRequestUnits: 100 },
        globalSecondaryIndexes: [
          { name: "by-time", onDemandThroughput: { maxWriteRequestUnits: -1 } },
        ],
      },
    ],
  ])("a table with a ceiling below 1 on the %s, and makes it with one above", async (of, inputs) => {
    const name = `ceiling-of-${of}`;
    const make = (given: Properties) =>
      create("dynamodb/table:Table", { name, billingMode: "PAY_PER_REQUEST", ...given });
    await expect(make(inputs)).rejects.toThrow(
      /CreateTable, ValidationException: Requested Max(Read|Write)RequestUnits/,
    );
    expect(cloud.get("aws:dynamodb/table:Table", name)).toBeUndefined();
    const valid: Properties = JSON.parse(JSON.stringify(inputs).replaceAll("-1", "1"));
    expect(isThere(await make(valid))).toBe(true);
  });
});

describe("the account refuses to update", () => {
  const ceilings = { onDemandThroughput: { maxReadRequestUnits: 100, maxWriteRequestUnits: 100 } };
  const onDemand = { name: "ceilings", billingMode: "PAY_PER_REQUEST" };

  test("a table of which only a ceiling leaves, and lifts it where it is said to be -1", async () => {
    const table = await create("dynamodb/table:Table", { ...onDemand, ...ceilings });
    await expect(update(table, onDemand)).rejects.toThrow(
      /UpdateTable, ValidationException: At least one of .* is required/,
    );
    expect(cloud.get(`aws:${table.type}`, table.id)?.props).toMatchObject(ceilings);
    const lifted = { maxReadRequestUnits: -1, maxWriteRequestUnits: -1 };
    await update(table, { ...onDemand, onDemandThroughput: lifted });
    expect(cloud.get(`aws:${table.type}`, table.id)?.props.onDemandThroughput).toEqual(lifted);
  });

  test("no table of which something else changes as well", async () => {
    const table = await create("dynamodb/table:Table", { ...onDemand, name: "other", ...ceilings });
    const changed = { ...onDemand, name: "other", deletionProtectionEnabled: true };
    await update(table, changed);
    expect(cloud.get(`aws:${table.type}`, table.id)?.props.deletionProtectionEnabled).toBe(true);
  });
});
