import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import {
  ChatFunction,
  type ChatFunctionArgs,
} from "../../../components/chat-api/function/chat-function.ts";
import { type Records, recordsOf, statements } from "../../../testing/stacks/records.ts";

const kmsKeyArn = "arn:aws:kms:us-east-1:123456789012:key/k";

const functionRecords = (args: Partial<ChatFunctionArgs> = {}) =>
  recordsOf(
    () =>
      new ChatFunction("fn", {
        tenant: "acme",
        code: new pulumi.asset.AssetArchive({}),
        environment: {},
        permissions: [],
        ...args,
      }),
  );
const granted = (records: Records) => statements(records.one("Policy").inputs.policy);

test("by default concurrency is unreserved and failed events are dropped", async () => {
  const records = await functionRecords();
  expect(records.one("Function").inputs).not.toHaveProperty("reservedConcurrentExecutions");
  expect(records.all("Queue")).toEqual([]);
  expect(records.all("FunctionEventInvokeConfig")).toEqual([]);
});

test("reserved concurrency follows its argument", async () => {
  const records = await functionRecords({ reservedConcurrency: 50 });
  expect(records.one("Function").inputs.reservedConcurrentExecutions).toBe(50);
});

test.each([0, 10_001, 1.5])("a reserved concurrency of %s is refused", async (found) => {
  await expect(functionRecords({ reservedConcurrency: found })).rejects.toThrow(
    `ChatFunction "fn": reservedConcurrency: found ${found}; allowed: a whole number from 1 to 10000`,
  );
});

test("failed events go to a queue after two more tries or an hour", async () => {
  const records = await functionRecords({ failedEvents: "queue" });
  expect(records.one("FunctionEventInvokeConfig").inputs).toEqual({
    functionName: records.one("Function").outputs.name,
    maximumEventAgeInSeconds: 3600,
    maximumRetryAttempts: 2,
    destinationConfig: { onFailure: { destination: records.one("Queue").outputs.arn } },
  });
  expect(granted(records)).toContainEqual({
    Effect: "Allow",
    Action: ["sqs:SendMessage"],
    Resource: [records.one("Queue").outputs.arn],
  });
});

test("the queue is encrypted, keeps events for 14 days and speaks only TLS", async () => {
  const records = await functionRecords({ failedEvents: "queue" });
  const queue = records.one("Queue");
  expect(queue.inputs).toMatchObject({
    sqsManagedSseEnabled: true,
    messageRetentionSeconds: 14 * 24 * 3600,
  });
  const { queueUrl, policy } = records.one("QueuePolicy").inputs;
  expect(queueUrl).toBe(queue.outputs.url);
  expect(JSON.parse(String(policy)).Statement).toEqual([
    {
      Sid: "TlsOnly",
      Effect: "Deny",
      Principal: "*",
      Action: "sqs:*",
      Resource: [queue.outputs.arn],
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    },
  ]);
});

test("a customer-managed key encrypts environment, logs and queue, each use through its service", async () => {
  const records = await functionRecords({ failedEvents: "queue", encryption: { kmsKeyArn } });
  expect(records.one("Function").inputs.kmsKeyArn).toBe(kmsKeyArn);
  expect(records.one("LogGroup").inputs.kmsKeyId).toBe(kmsKeyArn);
  expect(records.one("Queue").inputs.kmsMasterKeyId).toBe(kmsKeyArn);
  expect(records.one("Queue").inputs).not.toHaveProperty("sqsManagedSseEnabled");
  const uses = (service: string, actions: string[]) => ({
    Effect: "Allow",
    Action: actions,
    Resource: [kmsKeyArn],
    Condition: { StringEquals: { "kms:ViaService": `${service}.us-east-1.amazonaws.com` } },
  });
  expect(granted(records)).toContainEqual(uses("lambda", ["kms:Decrypt"]));
  expect(granted(records)).toContainEqual(uses("sqs", ["kms:Decrypt", "kms:GenerateDataKey"]));
});

test("transforms reach the queue, its policy and the invocation settings", async () => {
  const records = await functionRecords({
    failedEvents: "queue",
    transform: {
      failedEventsQueue: (args) => {
        args.visibilityTimeoutSeconds = 60;
      },
      failedEventsQueuePolicy: (_, options) => {
        options.ignoreChanges = ["policy"];
      },
      eventInvokeConfig: (args) => {
        args.maximumRetryAttempts = 0;
      },
    },
  });
  expect(records.one("Queue").inputs.visibilityTimeoutSeconds).toBe(60);
  expect(records.one("QueuePolicy").options.ignoreChanges).toEqual(["policy"]);
  expect(records.one("FunctionEventInvokeConfig").inputs.maximumRetryAttempts).toBe(0);
});

test("a network puts the function into its subnets, and lets Lambda attach it there", async () => {
  const network = { subnetIds: ["subnet-a", "subnet-b"], securityGroupIds: ["sg-1"] };
  const records = await functionRecords({ network });
  expect(records.one("Function").inputs.vpcConfig).toEqual(network);
  expect(granted(records)).toContainEqual(
    expect.objectContaining({ Sid: "UseNetwork", Resource: ["*"] }),
  );
  const outside = await functionRecords();
  expect(outside.one("Function").inputs).not.toHaveProperty("vpcConfig");
  expect(JSON.stringify(granted(outside))).not.toContain("ec2:");
});
