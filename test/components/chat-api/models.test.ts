import { expect, test } from "vitest";
import { readEnvironment } from "../../../app/lambda/environment.ts";
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
  return { variables, granted, region: tableArn[3]!, account: tableArn[4]! };
}

test("a function without models may ask none", async () => {
  const { variables, granted } = await prepare({});
  expect(Object.keys(variables)).not.toContain("MODELS");
  expect(granted).toEqual([]);
  expect((await prepare({ models: "embedded" })).granted).toEqual([]);
});

test("a function may stream from its models, each by its ARN, and do nothing else with them", async () => {
  const { granted, region, variables } = await prepare({
    models: ["amazon.nova-lite-v1:0", "amazon.nova-micro-v1:0"],
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
});

test("a model behind an inference profile may be asked in any region, through the profile alone", async () => {
  const { granted, region, account } = await prepare({ models: ["eu.anthropic.claude-x-v1:0"] });
  const profile = `arn:aws:bedrock:${region}:${account}:inference-profile/eu.anthropic.claude-x-v1:0`;
  const Action = ["bedrock:InvokeModelWithResponseStream"];
  expect(granted).toEqual([
    { Effect: "Allow", Action, Resource: [profile] },
    {
      Effect: "Allow",
      Action,
      Resource: ["arn:aws:bedrock:*::foundation-model/anthropic.claude-x-v1:0"],
      Condition: { StringEquals: { "bedrock:InferenceProfileArn": profile } },
    },
  ]);
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
    MODELS: "amazon.nova-lite-v1:0",
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
