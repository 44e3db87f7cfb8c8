import { expect, test } from "vitest";
import { readEnvironment } from "../../../app/lambda/environment.ts";
import { guardrailsOf, modelsOf } from "../../../app/models/models.ts";
import { AuthPool } from "../../../components/auth-pool/auth-pool.ts";
import { ChatApi, type ChatApiArgs } from "../../../components/chat-api/chat-api.ts";
import { ChatTable } from "../../../components/chat-table/chat-table.ts";
import { DocumentBucket } from "../../../components/document-bucket/document-bucket.ts";
import { recordsOf, statements } from "../../../testing/stacks/records.ts";

async function prepare(args: Partial<ChatApiArgs>) {
  const records = await recordsOf(() => {
    const tenant = { tenant: "acme", tier: "basic" };
    new ChatApi("api", {
      ...tenant,
      table: new ChatTable("chat", tenant),
      documents: new DocumentBucket("documents", tenant),
      auth: new AuthPool("users", tenant),
      ...args,
    });
  });
  const { variables } = records.one("Function").inputs.environment as {
    variables: Record<string, string>;
  };
  const policies = records.all("Policy").flatMap(({ inputs }) => statements(inputs.policy));
  const granted = policies.filter(({ Action }) => Action.some((name) => /^bedrock:/.test(name)));
  const tableArn = String(records.one("Table").outputs.arn).split(":");
  const profiles = records.all("InferenceProfile");
  const [policy] = records.all("Policy").filter(({ name }) => name === "api");
  return {
    variables,
    granted,
    profiles,
    policy: String(policy?.inputs.policy),
    region: tableArn[3]!,
    account: tableArn[4]!,
  };
}

test("a function without models may ask none", async () => {
  const { variables, granted } = await prepare({});
  expect(Object.keys(variables)).not.toContain("MODELS");
  expect(granted).toEqual([]);
  expect((await prepare({ models: "embedded" })).granted).toEqual([]);
});

test("conversations may choose from the guardrails, and the function may apply those alone", async () => {
  const { variables, granted, region, account } = await prepare({
    models: ["amazon.nova-lite-v1:0"],
    modelProfiles: "off",
    guardrails: {
      strict: { id: "abc123", version: "1" },
      draft: { id: "abc123", version: "DRAFT" },
    },
  });
  expect(granted[0]).toEqual({
    Effect: "Allow",
    Action: ["bedrock:ApplyGuardrail"],
    Resource: [`arn:aws:bedrock:${region}:${account}:guardrail/abc123`],
  });
  const { GUARDRAILS } = readEnvironment(variables);
  expect(guardrailsOf(GUARDRAILS)).toEqual({
    strict: { id: "abc123", version: "1" },
    draft: { id: "abc123", version: "DRAFT" },
  });
});

test.each([
  ["guardrails", { "a b": { id: "abc123", version: "1" } }],
  ["guardrails.strict.id", { strict: { id: "arn:aws:bedrock:x", version: "1" } }],
  ["guardrails.strict.version", { strict: { id: "abc123", version: "0" } }],
])("a guardrail that Bedrock could not have is refused: %s", async (at, guardrails) => {
  await expect(prepare({ guardrails })).rejects.toThrow(`${at}: found`);
});

test("a function may stream from its models, each by its ARN, and do nothing else with them", async () => {
  const { granted, region, variables, profiles } = await prepare({
    models: ["amazon.nova-lite-v1:0", "amazon.nova-micro-v1:0"],
    modelProfiles: "off",
  });
  expect(granted).toEqual([
    {
      Effect: "Allow",
      Action: ["bedrock:InvokeModelWithResponseStream"],
      Resource: [
        `arn:aws:bedrock:${region}::foundation-model/amazon.nova-lite-v1:0`,
        `arn:aws:bedrock:${region}::foundation-model/amazon.nova-micro-v1:0`,
      ],
    },
  ]);
  expect(variables.MODELS).toBe("amazon.nova-lite-v1:0,amazon.nova-micro-v1:0");
  expect(profiles).toEqual([]);
});

test("a model behind an inference profile may be asked in any region, through the profile alone", async () => {
  const { granted, region, account } = await prepare({
    models: ["eu.anthropic.claude-x-v1:0"],
    modelProfiles: "off",
  });
  const profile = `arn:aws:bedrock:${region}:${account}:inference-profile/eu.anthropic.claude-x-v1:0`;
  const Action = ["bedrock:InvokeModelWithResponseStream"];
  expect(granted).toEqual([
    { Effect: "Allow", Action, Resource: [profile] },
    {
      Effect: "Allow",
      Action,
      Resource: ["arn:aws:bedrock:*::foundation-model/anthropic.claude-x-v1:0"],
      Condition: { StringEquals: { "bedrock:InferenceProfileArn": [profile] } },
    },
  ]);
});

test("each model is asked through a profile with the tenant's tags, which is what budgets count", async () => {
  const models = ["amazon.nova-lite-v1:0", "eu.anthropic.claude-x-v1:0"];
  const { granted, profiles, region, account, variables } = await prepare({ models });
  const system = `arn:aws:bedrock:${region}:${account}:inference-profile/eu.anthropic.claude-x-v1:0`;
  expect(profiles.map(({ inputs }) => inputs)).toMatchObject([
    {
      modelSource: {
        copyFrom: `arn:aws:bedrock:${region}::foundation-model/amazon.nova-lite-v1:0`,
      },
      tags: { "chatstack:tenant": "acme" },
    },
    { modelSource: { copyFrom: system }, tags: { "chatstack:tenant": "acme" } },
  ]);
  for (const { inputs } of profiles) {
    expect(inputs.name).toMatch(/^(?=.{1,64}$)([0-9a-zA-Z][ _-]?)+$/);
  }
  const [lite, claude] = profiles.map(({ outputs }) => String(outputs.arn));
  expect(variables.MODELS).toBe(`${models[0]}=${lite},${models[1]}=${claude}`);
  const Action = ["bedrock:InvokeModelWithResponseStream"];
  const through = [lite, claude, system];
  expect(granted).toEqual([
    { Effect: "Allow", Action, Resource: through },
    {
      Effect: "Allow",
      Action,
      Resource: [
        `arn:aws:bedrock:${region}::foundation-model/amazon.nova-lite-v1:0`,
        "arn:aws:bedrock:*::foundation-model/anthropic.claude-x-v1:0",
      ],
      Condition: { StringEquals: { "bedrock:InferenceProfileArn": through } },
    },
  ]);
});

test("users choose by the model's id; the profile is what Bedrock is asked for", async () => {
  const { variables } = await prepare({ models: ["amazon.nova-lite-v1:0"] });
  const [model] = modelsOf(String(variables.MODELS));
  expect(model).toMatchObject({ id: "amazon.nova-lite-v1:0", contextTokens: 300_000 });
});

test("an application's own profile is asked as it is, and none is made of it", async () => {
  const own = "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/a1b2c3";
  const { granted, profiles, variables } = await prepare({ models: [own] });
  expect(profiles).toEqual([]);
  expect(variables.MODELS).toBe(own);
  expect(modelsOf(own)).toMatchObject([{ id: own }]);
  expect(granted).toMatchObject([
    { Resource: [own] },
    { Condition: { StringEquals: { "bedrock:InferenceProfileArn": [own] } } },
  ]);
});

test.each([
  ["tagged", 8],
  ["off", 14],
] as const)("a role's policy, of at most 6,144 characters, has room for models with profiles %s: %i", async (modelProfiles, length) => {
  const models = Array.from(
    { length },
    (_, index) => `apac.anthropic.claude-sonnet-4-20250514-v${index + 1}:0`,
  );
  const { policy, granted } = await prepare({ models, modelProfiles });
  expect(granted).toHaveLength(2);
  expect(policy.replaceAll(/\s/g, "").length).toBeLessThanOrEqual(6_144);
});

test("the app understands the environment that it is given", async () => {
  const { variables } = await prepare({
    models: ["amazon.nova-lite-v1:0"],
    tokensPerDay: 50_000,
    tokensPerMonth: 1_000_000,
  });
  const text = Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [name, `${value}`]),
  );
  expect(readEnvironment(text)).toMatchObject({
    MODELS: variables.MODELS,
    TOKENS_PER_DAY: 50_000,
    TOKENS_PER_MONTH: 1_000_000,
  });
});

test("what is no model id or no number of tokens is refused by name", async () => {
  for (const [args, message] of [
    [{ models: ["a,b"] }, /models/],
    [{ models: ["arn:aws:bedrock:*"] }, /models/],
    [{ tokensPerDay: 0 }, /tokensPerDay/],
    [{ tokensPerMonth: 1.5 }, /tokensPerMonth/],
  ] as const) {
    await expect(prepare(args)).rejects.toThrow(message);
  }
});
