import {
  DescribeUserPoolClientCommand,
  DescribeUserPoolCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { DescribeTableCommand, DescribeTimeToLiveCommand } from "@aws-sdk/client-dynamodb";
import { GetBucketLifecycleConfigurationCommand, ListBucketsCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startCognito } from "../../local/cognito/server.ts";
import { startDynamoDB } from "../../local/dynamodb.ts";
import type { Engine } from "../../local/engine.ts";
import { connect, foreignEndpoints } from "../../local/provider/clients.ts";
import { LocalProvider, type Provisioned } from "../../local/provider/provider.ts";
import { startS3 } from "../../local/s3.ts";

let engines: Engine[];
let provider: LocalProvider;
let clients: ReturnType<typeof connect>;
const provisioned: Provisioned[] = [];

beforeAll(async () => {
  engines = await Promise.all([startDynamoDB(), startS3(), startCognito()]);
  const [dynamodb, s3, cognito] = engines.map((engine) => engine.endpoint);
  const endpoints = { dynamodb: dynamodb!, s3: s3!, cognito: cognito! };
  clients = connect(endpoints, "eu-central-1");
  provider = new LocalProvider({
    endpoints,
    region: "eu-central-1",
    onProvisioned: (resource) => provisioned.push(resource),
  });
});
afterAll(async () => {
  await Promise.all(engines.map((engine) => engine.stop()));
});

async function create(type: string, name: string, inputs: Record<string, unknown>) {
  const urn = `urn:pulumi:test::chatstack::${type}::${name}`;
  const { id, outputs } = await provider.create({ urn, type, name, inputs });
  return { id, outputs, how: provisioned.at(-1)! };
}

const table = {
  hashKey: "pk",
  rangeKey: "sk",
  billingMode: "PAY_PER_REQUEST",
  attributes: ["pk", "sk", "createdAt"].map((name) => ({ name, type: "S" })),
  globalSecondaryIndexes: [
    {
      name: "by-creation",
      keySchemas: [
        { attributeName: "pk", keyType: "HASH" },
        { attributeName: "createdAt", keyType: "RANGE" },
      ],
      projectionType: "INCLUDE",
      nonKeyAttributes: ["title"],
    },
  ],
  streamEnabled: true,
  streamViewType: "NEW_AND_OLD_IMAGES",
  ttl: { enabled: true, attributeName: "expiresAt" },
  deletionProtectionEnabled: true,
  pointInTimeRecovery: { enabled: true, recoveryPeriodInDays: 7 },
  tags: { "chatstack:tenant": "acme" },
};
const tableType = "aws:dynamodb/table:Table";

describe("the local provider's tables", () => {
  it("adopt one that is there, and refuse one that is not instead of making it empty", async () => {
    const urn = `urn:pulumi:test::chatstack::${tableType}::adopting`;
    const adopting = (name: string) =>
      provider.create({
        urn,
        type: tableType,
        name: "adopting",
        inputs: { ...table, name },
        id: name,
      });
    await expect(adopting("nowhere")).rejects.toThrow('there is no table "nowhere" to adopt');
    const { id } = await create(tableType, "restored", table);
    expect((await adopting(id!)).id).toBe(id);
    expect(provisioned.at(-1)).toMatchObject({ name: "adopting", how: "adopted" });
  });

  it("have the keys, index, stream, expiry and protection that the program asks for", async () => {
    const { id, outputs, how } = await create(tableType, "chat", table);
    expect(how).toMatchObject({ how: "created", omitted: ["UpdateContinuousBackups"] });
    const { Table } = await clients.dynamodb.send(new DescribeTableCommand({ TableName: id }));
    expect(Table).toMatchObject({
      KeySchema: [
        { AttributeName: "pk", KeyType: "HASH" },
        { AttributeName: "sk", KeyType: "RANGE" },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: "by-creation",
          Projection: { ProjectionType: "INCLUDE", NonKeyAttributes: ["title"] },
        },
      ],
      StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" },
      DeletionProtectionEnabled: true,
    });
    expect(outputs).toMatchObject({
      name: id,
      arn: Table?.TableArn,
      streamArn: Table?.LatestStreamArn,
    });
    const ttl = await clients.dynamodb.send(new DescribeTimeToLiveCommand({ TableName: id }));
    expect(ttl.TimeToLiveDescription?.AttributeName).toBe("expiresAt");
  });

  it("are adopted when they are there, unless their keys differ", async () => {
    const first = await create(tableType, "again", table);
    const second = await create(tableType, "again", table);
    expect(second.id).toBe(first.id);
    expect(second.how).toMatchObject({ how: "adopted" });
    const other = { ...table, rangeKey: "createdAt" };
    await expect(create(tableType, "again", other)).rejects.toThrow(
      /^aws:dynamodb\/table:Table "again": .*exists with other keys: found \(pk HASH, sk RANGE\)/,
    );
  });

  it("may have provisioned capacity", async () => {
    const { globalSecondaryIndexes: _, ...plain } = table;
    const attributes = table.attributes.slice(0, 2);
    const capacity = { billingMode: "PROVISIONED", readCapacity: 3, writeCapacity: 2 };
    const { id } = await create(tableType, "provisioned", { ...plain, attributes, ...capacity });
    const { Table } = await clients.dynamodb.send(new DescribeTableCommand({ TableName: id }));
    expect(Table?.ProvisionedThroughput).toMatchObject({
      ReadCapacityUnits: 3,
      WriteCapacityUnits: 2,
    });
  });
});

describe("the local provider's buckets", () => {
  it("are created with the settings that the emulator knows, and say which it does not", async () => {
    const { id, how } = await create("aws:s3/bucket:Bucket", "documents", { tags: { a: "b" } });
    expect(how).toMatchObject({ how: "created", omitted: ["PutBucketTagging"] });
    const again = await create("aws:s3/bucket:Bucket", "documents", {});
    expect(again.how).toMatchObject({ how: "adopted" });

    const lifecycle = await create(
      "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
      "documents",
      {
        bucket: id,
        rules: [
          {
            id: "abandoned-uploads",
            status: "Enabled",
            filter: { prefix: "" },
            abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
          },
        ],
      },
    );
    expect(lifecycle.how).toMatchObject({ how: "created", omitted: [] });
    const { Rules } = await clients.s3.send(
      new GetBucketLifecycleConfigurationCommand({ Bucket: id }),
    );
    expect(Rules?.[0]?.AbortIncompleteMultipartUpload).toEqual({ DaysAfterInitiation: 7 });

    const versioning = await create("aws:s3/bucketVersioning:BucketVersioning", "documents", {
      bucket: id,
      versioningConfiguration: { status: "Enabled" },
    });
    expect(versioning.how).toMatchObject({ how: "absent", omitted: ["PutBucketVersioning"] });
    const { Buckets } = await clients.s3.send(new ListBucketsCommand({}));
    expect(Buckets?.map((bucket) => bucket.Name)).toEqual([id]);
  });
});

describe("the local provider's user pools", () => {
  const poolType = "aws:cognito/userPool:UserPool";
  const clientType = "aws:cognito/userPoolClient:UserPoolClient";

  it("are found again by name, with their clients and groups, and take new settings", async () => {
    const pool = await create(poolType, "users", { passwordPolicy: { minimumLength: 14 } });
    expect(pool.id).toMatch(/^eu-central-1_/);
    const inPool = { userPoolId: pool.id };
    const client = await create(clientType, "users", { ...inPool, accessTokenValidity: 60 });
    const group = await create("aws:cognito/userGroup:UserGroup", "admins", inPool);
    expect([pool, client, group].map(({ how }) => how.how)).toEqual(Array(3).fill("created"));

    const pool2 = await create(poolType, "users", { passwordPolicy: { minimumLength: 20 } });
    const client2 = await create(clientType, "users", { ...inPool, accessTokenValidity: 5 });
    const group2 = await create("aws:cognito/userGroup:UserGroup", "admins", inPool);
    expect([pool2, client2, group2].map(({ how }) => how.how)).toEqual(Array(3).fill("adopted"));
    expect([pool2.id, client2.id, group2.id]).toEqual([pool.id, client.id, group.id]);

    const { UserPool } = await clients.cognito.send(
      new DescribeUserPoolCommand({ UserPoolId: pool.id }),
    );
    expect(UserPool?.Policies?.PasswordPolicy?.MinimumLength).toBe(20);
    const describeClient = new DescribeUserPoolClientCommand({
      UserPoolId: pool.id,
      ClientId: client.id,
    });
    const { UserPoolClient } = await clients.cognito.send(describeClient);
    expect(UserPoolClient?.AccessTokenValidity).toBe(5);
  });
});

describe("the local provider's other resources", () => {
  it("get plausible outputs, and are told apart by who plays their part", async () => {
    const role = await create("aws:iam/role:Role", "api", { assumeRolePolicy: "{}" });
    expect(role.outputs.arn).toMatch(/^arn:aws:iam::\d{12}:role\/api-/);
    expect(role.how.how).toBe("absent");
    const api = await create("aws:apigateway/restApi:RestApi", "api", {});
    expect(api.how.how).toBe("gateway");
  });
});

describe("AWS_ENDPOINT_URL", () => {
  it("stands for every service, and yields to a service's own", () => {
    expect(foreignEndpoints({})).toEqual({});
    expect(
      foreignEndpoints({ AWS_ENDPOINT_URL: "http://a/", AWS_ENDPOINT_URL_S3: "http://b" }),
    ).toEqual({ dynamodb: "http://a", s3: "http://b", cognito: "http://a" });
  });
});
