/** `chatstack doctor --account` against what stands for an account: moto, and a stand-in for what it lacks. */
import {
  CreatePolicyCommand,
  CreateServiceLinkedRoleCommand,
  IAMClient,
} from "@aws-sdk/client-iam";
import { CreateHostedZoneCommand, Route53Client } from "@aws-sdk/client-route-53";
import { CreateTopicCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import {
  emulators,
  isInstalled,
  type RunningEmulator,
  startEmulator,
} from "../../testing/emulators/emulators.ts";
import { chatstack } from "../../testing/processes/chatstack.ts";
import { Project } from "../quotas/project.ts";
import { type Account, type AccountApi, startAccountApi } from "./aws-account.ts";

const moto = emulators.find(({ program }) => program === "moto_server");
if (moto === undefined) throw new Error("no emulator is called moto_server");
const isSkipped = !isInstalled(moto);
const title = isSkipped ? ` (skipped: no ${moto.program}; ${moto.install})` : "";

const credentials = { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "secret" };
const region = "us-east-1";
const model = "amazon.nova-lite-v1:0";
const accountId = "123456789012";

const json = z.object({
  outcome: z.string(),
  stacks: z.tuple([
    z.object({
      account: z.string(),
      checks: z.array(
        z.object({ id: z.string(), subject: z.string(), state: z.string(), why: z.string() }),
      ),
    }),
  ]),
});

/** An account that lacks nothing of what the stand-in tells. */
const ready: Account = {
  concurrency: { limit: 1_000, unreserved: 1_000 },
  quotas: { "L-FE177D64": 1_000, "L-B99A9384": 1_000 },
  models: { [model]: {} },
  costTags: { "chatstack:environment": "Active", "chatstack:tenant": "Active" },
  gatewayRole: null,
};

describe.skipIf(isSkipped)(`an account that is read${title}`, () => {
  const project = new Project();
  let running: RunningEmulator;
  let topicArn = "";
  let zoneId = "";

  beforeAll(async () => {
    running = await startEmulator(moto);
    const client = { endpoint: running.endpoint, region, credentials };
    const sns = new SNSClient(client);
    topicArn = (await sns.send(new CreateTopicCommand({ Name: "operators" }))).TopicArn ?? "";
    const Endpoint = `arn:aws:sqs:${region}:${accountId}:pager`;
    await sns.send(new SubscribeCommand({ TopicArn: topicArn, Protocol: "sqs", Endpoint }));
    const zone = await new Route53Client(client).send(
      new CreateHostedZoneCommand({ Name: "chat.example", CallerReference: "1" }),
    );
    zoneId = (zone.HostedZone?.Id ?? "").replace("/hostedzone/", "");
    stack("ready", { PolicyName: "boundary", topicArn, zoneId });
    stack("lacking", {
      PolicyName: "nobody-made-it",
      topicArn: `${topicArn}-nobody-made`,
      zoneId: "Z0NOWHERE",
    });
    const { stdout } = await chatstack(["doctor", "-s", "ready", "--boundary"], {
      cwd: project.root,
    });
    const iam = new IAMClient(client);
    await iam.send(new CreatePolicyCommand({ PolicyName: "boundary", PolicyDocument: stdout }));
    for (const AWSServiceName of [
      "ops.apigateway.amazonaws.com",
      "backup.amazonaws.com",
      "contributorinsights.dynamodb.amazonaws.com",
    ]) {
      await iam.send(new CreateServiceLinkedRoleCommand({ AWSServiceName }));
    }
  }, 180_000);

  afterAll(async () => {
    project.remove();
    await running.stop();
  });

  function stack(
    name: string,
    { PolicyName, topicArn, zoneId }: Record<"PolicyName" | "topicArn" | "zoneId", string>,
  ): void {
    project.stack(name, 1, "standard", {
      "chatstack:permissionsBoundaryArn": `arn:aws:iam::${accountId}:policy/${PolicyName}`,
      "chatstack:defaults": {
        retain: "protect",
        api: { models: [model], domain: { name: "t1.chat.example", hostedZoneId: zoneId } },
        monitoring: { topicArn, monthlyBudget: 100 },
      },
    });
  }

  async function read(name: string, account: Account) {
    const api: AccountApi = await startAccountApi(account);
    try {
      const own = ["LAMBDA", "SERVICE_QUOTAS", "BEDROCK", "COST_EXPLORER", "SESV2", "API_GATEWAY"];
      const { code, stdout, stderr } = await chatstack(
        ["doctor", "-s", name, "--account", "--json"],
        {
          cwd: project.root,
          env: {
            AWS_ACCESS_KEY_ID: credentials.accessKeyId,
            AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
            AWS_ENDPOINT_URL: running.endpoint,
            ...Object.fromEntries(own.map((one) => [`AWS_ENDPOINT_URL_${one}`, api.endpoint])),
          },
        },
      );
      expect(api.strange).toEqual([]);
      expect(stdout, stderr).not.toBe("");
      const [report] = json.parse(JSON.parse(stdout)).stacks;
      const state = (id: string) => report.checks.find((check) => check.id === id)?.state;
      return { code, state, report };
    } finally {
      await api.stop();
    }
  }

  test("one that was prepared lacks nothing", async () => {
    const { report } = await read("ready", ready);
    expect(report.account).toBe(accountId);
    const open = report.checks.filter(({ state }) => state !== "ok");
    expect(open).toEqual([]);
    expect(new Set(report.checks.map(({ id }) => id))).toEqual(
      new Set([
        "lambda-concurrency",
        "quota",
        "permissions-boundary",
        "service-linked-roles",
        "bedrock-model",
        "api-gateway-role",
        "cost-tag",
        "mail",
        "hosted-zone",
        "topic",
      ]),
    );
  });

  test("one that was not lacks each thing, and is written to by no call", async () => {
    const { code, state } = await read("lacking", {
      concurrency: { limit: 10, unreserved: 10 },
      quotas: { "L-FE177D64": 1 },
      models: { [model]: { authorization: "NOT_AUTHORIZED" } },
      costTags: { other: "Active", "chatstack:tenant": "Inactive" },
      gatewayRole: null,
    });
    expect(code).toBe(1);
    for (const id of [
      "lambda-concurrency",
      "quota",
      "bedrock-model",
      "cost-tag",
      "permissions-boundary",
      "hosted-zone",
      "topic",
    ]) {
      expect(`${id} ${state(id)}`).toBe(`${id} missing`);
    }
  });

  test("one that refuses to be read is unknown, naming what to allow", async () => {
    const { report } = await read("ready", {});
    const why = (id: string) => report.checks.find((check) => check.id === id)?.why;
    expect(why("lambda-concurrency")).toContain("may not call lambda:GetAccountSettings");
    expect(why("bedrock-model")).toContain("may not call bedrock:GetFoundationModelAvailability");
    expect(why("cost-tag")).toContain("may not call ce:ListCostAllocationTags");
    expect(report.checks.filter(({ state }) => state === "missing")).toEqual([]);
  });

  test("a role that somebody else set for API Gateway is not silently replaced", async () => {
    const gatewayRole = `arn:aws:iam::${accountId}:role/platform-logs`;
    const { state } = await read("ready", { ...ready, gatewayRole });
    expect(state("api-gateway-role")).toBe("unknown");
  });
});

test("without credentials --account says so, and ends with exit code 1", async () => {
  const project = new Project();
  try {
    project.stack("one", 1, "basic");
    const { code, stdout, stderr } = await chatstack(["doctor", "--account"], {
      cwd: project.root,
      env: { HOME: project.root, AWS_EC2_METADATA_DISABLED: "true" },
    });
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain("--account: No AWS credentials were found.");
  } finally {
    project.remove();
  }
});
