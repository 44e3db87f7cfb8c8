import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import {
  ChatFunction,
  type ChatFunctionArgs,
} from "../../../components/chat-api/function/chat-function.ts";
import { type Records, recordsOf, statements } from "../../../testing/stacks/records.ts";

const functionRecords = (args: Partial<ChatFunctionArgs> = {}) =>
  recordsOf(
    () =>
      new ChatFunction("fn", {
        tenant: "acme",
        code: new pulumi.asset.AssetArchive({}),
        environment: {},
        permissions: [],
        maintenance: "quarter-hourly",
        ...args,
      }),
  );

/** What the schedule's role may do. */
const granted = (records: Records) => {
  const [policy] = records.all("Policy").filter(({ name }) => name === "fn-maintenance");
  return statements(policy?.inputs.policy);
};

test("a function of a team's own is not scheduled unless it asks for it", async () => {
  const records = await functionRecords({ maintenance: undefined });
  expect(records.all("Schedule")).toEqual([]);
  expect(records.all("ScheduleGroup")).toEqual([]);
});

test("the schedule invokes the function four times an hour with the event of its own", async () => {
  const records = await functionRecords();
  const { target, ...schedule } = records.one("Schedule").inputs;
  expect(schedule).toEqual({
    groupName: records.one("ScheduleGroup").outputs.name,
    scheduleExpression: "rate(15 minutes)",
    state: "ENABLED",
    flexibleTimeWindow: { mode: "FLEXIBLE", maximumWindowInMinutes: 5 },
  });
  expect(target).toEqual({
    arn: records.one("Function").outputs.arn,
    roleArn: records.all("Role").find(({ name }) => name === "fn-maintenance")?.outputs.arn,
    input: '{"chatstack":"maintenance"}',
    retryPolicy: { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 3 },
  });
});

test("its role invokes that function and nothing else, for that group alone", async () => {
  const records = await functionRecords();
  expect(granted(records)).toEqual([
    {
      Effect: "Allow",
      Action: ["lambda:InvokeFunction"],
      Resource: [records.one("Function").outputs.arn],
    },
  ]);
  const role = records.all("Role").find(({ name }) => name === "fn-maintenance");
  const { arn } = records.one("ScheduleGroup").outputs;
  expect(JSON.parse(String(role?.inputs.assumeRolePolicy)).Statement).toEqual([
    {
      Effect: "Allow",
      Principal: { Service: "scheduler.amazonaws.com" },
      Action: "sts:AssumeRole",
      Condition: {
        StringEquals: {
          "aws:SourceAccount": String(arn).split(":")[4],
          "aws:SourceArn": arn,
        },
      },
    },
  ]);
});

test("the schedule waits for what its role may do", async () => {
  const records = await functionRecords();
  const attachment = records
    .all("RolePolicyAttachment")
    .find(({ name }) => name === "fn-maintenance");
  expect(records.one("Schedule").options.dependencies).toContain(attachment?.urn);
});

test("an alias is invoked in place of the function, and its failures go to the queue too", async () => {
  const records = await functionRecords({ release: "versions", failedEvents: "queue" });
  const alias = records.one("Alias");
  const queueArn = records.one("Queue").outputs.arn;
  expect(records.one("Schedule").inputs.target).toMatchObject({
    arn: alias.outputs.arn,
    deadLetterConfig: { arn: queueArn },
  });
  expect(granted(records)).toEqual([
    { Effect: "Allow", Action: ["lambda:InvokeFunction"], Resource: [alias.outputs.arn] },
    { Effect: "Allow", Action: ["sqs:SendMessage"], Resource: [queueArn] },
  ]);
  expect(records.one("FunctionEventInvokeConfig").inputs).toMatchObject({ qualifier: "live" });
});
