import { beforeAll, describe, expect, test } from "vitest";
import { type Evaluation, evaluate } from "../../offline/evaluate.ts";
import { evaluateStack } from "../../offline/project.ts";
import program from "../../stacks/index.ts";
import { lookUp } from "../../testing/stacks/records.ts";

describe.each(["dev", "prod"])("the %s stack", (stack) => {
  let evaluation: Evaluation;
  beforeAll(async () => {
    evaluation = await evaluateStack(stack);
  });

  test("gives every tenant outputs that say where it is", () => {
    const tenants = evaluation.outputs.tenants as Record<string, Record<string, string>>;
    expect(Object.keys(tenants).length).toBeGreaterThanOrEqual(2);
    for (const outputs of Object.values(tenants)) {
      expect(outputs).toMatchObject({
        state: "active",
        apiUrl: expect.stringMatching(
          /^https:\/\/\w+\.execute-api\.us-east-1\.amazonaws\.com\/v1$/,
        ),
        userPoolId: expect.stringMatching(/^us-east-1_\w{9}$/),
        clientId: expect.any(String),
        tableName: expect.any(String),
        bucketName: expect.any(String),
        issuer: `https://cognito-idp.us-east-1.amazonaws.com/${outputs.userPoolId}`,
      });
    }
  });

  test("tags everything that takes tags with tenant, tier, environment and stack", () => {
    const tagged = evaluation.records.filter(({ inputs }) => inputs.tags);
    expect(tagged.length).toBeGreaterThan(10);
    for (const { inputs, urn } of tagged) {
      expect({ urn, ...(inputs.tags as object) }).toMatchObject({
        urn,
        "chatstack:environment": stack === "dev" ? "development" : "production",
        "chatstack:stack": stack,
      });
    }
  });
});

test("the production stack protects every table, pool and bucket of documents; the dev stack destroys them", async () => {
  for (const [stack, protect] of [["prod", true] as const, ["dev", false] as const]) {
    const records = lookUp(await evaluateStack(stack));
    for (const type of ["Table", "Bucket", "UserPool"]) {
      const isKeeper = (name: string) => name.endsWith("-logs");
      for (const { options } of records.all(type).filter(({ name }) => !isKeeper(name))) {
        expect(options).toMatchObject({ protect, retainOnDelete: protect });
      }
    }
  }
});

test("an existing API Gateway account is left alone when the config says so", async () => {
  const config = {
    "chatstack:environment": "development",
    "chatstack:tenants": JSON.stringify([{ id: "acme", tier: "basic" }]),
  };
  const managed = lookUp(await evaluate(program, { config }));
  expect(managed.one("Account").options.retainOnDelete).toBe(true);
  expect(managed.one("Stage").options.dependencies).toContain(managed.one("Account").urn);
  const existing = lookUp(
    await evaluate(program, {
      config: { ...config, "chatstack:apiGatewayAccount": "existing" },
    }),
  );
  expect(existing.all("Account")).toEqual([]);
});

test("A: a tenant's config chooses S3 JSON as its history", async () => {
  const tenants = [
    { id: "acme", tier: "basic", history: "s3" },
    { id: "globex", tier: "basic" },
  ];
  const records = lookUp(
    await evaluate(program, {
      config: {
        "chatstack:environment": "development",
        "chatstack:tenants": JSON.stringify(tenants),
      },
    }),
  );
  const histories = records.all("Function").map(({ inputs }) => inputs.environment);
  expect(histories).toMatchObject([
    { variables: { TENANT: "acme", HISTORY: "s3" } },
    { variables: { TENANT: "globex", HISTORY: "dynamodb" } },
  ]);
});
