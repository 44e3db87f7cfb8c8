import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { AuthPool, type AuthPoolArgs } from "../../components/auth-pool/auth-pool.ts";
import { ChatTable, type ChatTableArgs } from "../../components/chat-table/chat-table.ts";
import { TenantKey, type TenantKeyArgs } from "../../components/companions/tenant-key.ts";
import {
  DocumentBucket,
  type DocumentBucketArgs,
} from "../../components/document-bucket/document-bucket.ts";
import type { Retain } from "../../components/retain.ts";
import { type EvaluateOptions, evaluate } from "../../offline/evaluate.ts";
import { FakeProvider } from "../../offline/fake-provider.ts";
import { evaluateStack } from "../../offline/project.ts";
import { dataLosses, refuseDataLoss } from "../../offline/upgrade/data-loss.ts";

const records = async (program: () => unknown, options?: EvaluateOptions) =>
  (await evaluate(program, options)).records;

/** A transform that overwrites arguments. */
const assign = (values: object) => (args: object) => {
  Object.assign(args, values);
};

interface Changes {
  table?: ChatTableArgs["transform"];
  documents?: DocumentBucketArgs["transform"];
  users?: AuthPoolArgs["transform"];
  key?: TenantKeyArgs["transform"];
}

const tenant = (transform: Changes = {}) => {
  const acme = { tenant: "acme" };
  new ChatTable("chat", { ...acme, backups: {}, transform: transform.table });
  new DocumentBucket("documents", { ...acme, transform: transform.documents });
  new AuthPool("users", { ...acme, transform: transform.users });
  new TenantKey("key", { ...acme, transform: transform.key });
};

const lossesOf = async (before: Changes, after: Changes) =>
  dataLosses(await records(() => tenant(before)), await records(() => tenant(after)));

describe("a change that replaces a data resource is refused with the reason:", () => {
  test.each<[string, Changes, string]>([
    [
      "table key",
      { table: { table: assign({ hashKey: "id" }) } },
      'hashKey would change from "pk" to "id"',
    ],
    [
      "table name",
      { table: { table: assign({ name: "t" }) } },
      'name would change from nothing to "t"',
    ],
    [
      "bucket name",
      { documents: { bucket: assign({ bucket: "b" }) } },
      'bucket would change from nothing to "b"',
    ],
    [
      "sign-in names",
      { users: { userPool: assign({ usernameAttributes: ["phone_number"] }) } },
      "usernameAttributes would change",
    ],
    [
      "case",
      { users: { userPool: assign({ usernameConfiguration: { caseSensitive: true } }) } },
      "usernameConfiguration.caseSensitive would change from false to true",
    ],
    [
      "client secret",
      { users: { client: assign({ generateSecret: true }) } },
      "loses the client id that every app signs in with",
    ],
    ["group name", { users: { group: assign({ name: "bosses" }) } }, "loses who is a member"],
    [
      "key usage",
      { key: { key: assign({ keyUsage: "SIGN_VERIFY" }) } },
      "loses the only key to what it has encrypted",
    ],
    [
      "vault key",
      { table: { backup: { vault: assign({ kmsKeyArn: "arn:aws:kms:eu-west-1:1:key/k" }) } } },
      "loses every backup",
    ],
  ])("%s", async (_, after, reason) => {
    const losses = await lossesOf({}, after);
    expect(losses).toHaveLength(1);
    expect(losses[0]!.reason).toContain(reason);
  });
});

test("changes in place, an unchanged stack and additions are no losses", async () => {
  expect(await lossesOf({}, {})).toEqual([]);
  const inPlace: Changes = {
    table: { table: assign({ tableClass: "STANDARD_INFREQUENT_ACCESS" }) },
    users: { userPool: assign({ mfaConfiguration: "OPTIONAL" }) },
    documents: { bucket: assign({ forceDestroy: true }) },
  };
  expect(await lossesOf({}, inPlace)).toEqual([]);
  const alone = await records(() => new ChatTable("chat", { tenant: "acme" }));
  expect(dataLosses(alone, await records(() => tenant()))).toEqual([]);
});

test("adopting a restored table loses the former one only where it was not retained", async () => {
  const table = (retain: Retain, adopt?: string) =>
    records(() => new ChatTable("chat", { tenant: "acme", retain, adopt }));
  expect(dataLosses(await table("protect"), await table("protect", "restored"))).toEqual([]);
  // What is deployed decides, not what would be: the engine deletes the former table by its own options.
  const [loss] = dataLosses(await table("destroy"), await table("retain", "restored"));
  expect(loss!.reason).toMatch(/existing restored would take its place.*loses every item/);
  const adopted = await table("retain", "restored");
  expect(dataLosses(adopted, adopted)).toEqual([]);
  const [forgotten] = dataLosses(adopted, await table("retain"));
  expect(forgotten!.reason).toContain('name would change from "restored" to nothing');
});

test("another type of a key attribute, a dropped replica and a changed user attribute are refused", async () => {
  const schema = (maxLength: string): Changes => ({
    users: {
      userPool: (args) => {
        args.schemas = [
          { name: "org", attributeDataType: "String", stringAttributeConstraints: { maxLength } },
        ];
      },
    },
  });
  const numeric: Changes = {
    table: { table: assign({ attributes: [{ name: "pk", type: "N" }] }) },
  };
  const replicated: Changes = {
    table: { table: assign({ replicas: [{ regionName: "eu-west-1" }] }) },
  };
  const reasons = async (before: Changes, after: Changes) =>
    (await lossesOf(before, after)).map(({ reason }) => reason).join();
  expect(await reasons({}, numeric)).toContain('attribute "pk" would change its type from S');
  expect(await reasons(replicated, {})).toContain("the replica in eu-west-1 would be deleted");
  expect(await reasons(schema("9"), schema("8"))).toContain('attribute "org" of its schema');
  expect(await reasons({}, schema("9"))).toBe("");
});

test("another region is another table, bucket, pool and key", async () => {
  const here = await records(() => tenant());
  const there = await records(() => tenant(), { provider: new FakeProvider("eu-west-1") });
  const lost = dataLosses(here, there).filter(({ property }) => property === "region");
  for (const type of ["table:Table", "bucket:Bucket", "userPool:UserPool", "key:Key"]) {
    expect(lost.some(({ urn }) => urn.includes(`/${type}::`))).toBe(true);
  }
});

test("a property that is ignored, replaces nothing; one that is told to replace, does", async () => {
  const ignoring: Changes = {
    table: {
      table: (args, options) => {
        args.hashKey = "id";
        options.ignoreChanges = ["hashKey"];
      },
    },
  };
  expect(await lossesOf({}, ignoring)).toEqual([]);
  const replacing: Changes = {
    table: {
      table: (args, options) => {
        args.tableClass = "STANDARD";
        options.replaceOnChanges = ["tableClass"];
      },
    },
  };
  expect(await lossesOf({}, replacing)).toMatchObject([{ property: "tableClass" }]);
});

class Group extends pulumi.ComponentResource {
  constructor(name: string, bucket: string, options: pulumi.CustomResourceOptions = {}) {
    super("test:index:Group", name);
    new aws.s3.Bucket(bucket, {}, { parent: this, ...options });
  }
}

test("a renamed data resource is refused, unless an alias names its former place", async () => {
  const before = await records(() => new Group("g", "old"));
  const renamed = await records(() => new Group("g", "new"));
  expect(() => refuseDataLoss(before, renamed)).toThrow(
    /test:index:Group\$aws:s3\/bucket:Bucket::old: g stays but this resource of it goes.*aliases/,
  );
  const aliased = await records(() => new Group("g", "new", { aliases: [{ name: "old" }] }));
  expect(dataLosses(before, aliased)).toEqual([]);
});

test("a tenant that goes as a whole is off-boarded, not replaced", async () => {
  const { records: before } = await evaluateStack("dev");
  const after = before.filter(({ urn }) => !urn.includes("::acme"));
  expect(after.length).toBeLessThan(before.length);
  expect(dataLosses(before, after)).toEqual([]);
});
