import { resource, settingOf, testRule, unknown } from "../testing.ts";
import {
  asyncDestination,
  codeSigning,
  concurrency,
  jsonLogs,
  logGroup,
  runtime,
  sizing,
  tracing,
  vpc,
} from "./operations.ts";

const type = "aws:lambda/function:Function";
const fn = (props: object = {}) => resource(type, { name: "acme-api", ...props }, { name: "acme" });

testRule(runtime, {
  passes: {
    "a supported runtime": [fn({ runtime: "nodejs24.x" })],
    "an image, which brings its own": [fn({ packageType: "Image", imageUri: "repo:tag" })],
  },
  objects: {
    "the runtime is absent": [[fn()], "runtime"],
    "it is deprecated": [[fn({ runtime: "nodejs20.x" })], "runtime"],
    "it is unknown": [[fn({ runtime: unknown })], "cannot tell: runtime"],
  },
});

testRule(runtime, {
  config: { runtimes: ["nodejs22.x"] },
  passes: { "what the config allows": [fn({ runtime: "nodejs22.x" })] },
  objects: { "the config leaves it out": [[fn({ runtime: "nodejs24.x" })], "runtime"] },
});

testRule(tracing, {
  passes: { "a function that traces": [fn({ tracingConfig: { mode: "Active" } })] },
  objects: {
    "tracing is absent": [[fn()], "tracingConfig.mode"],
    "it is left to the caller": [
      [fn({ tracingConfig: { mode: "PassThrough" } })],
      "tracingConfig.mode",
    ],
    "it is unknown": [
      [fn({ tracingConfig: { mode: unknown } })],
      "cannot tell: tracingConfig.mode",
    ],
  },
});

testRule(jsonLogs, {
  passes: { "a function that logs JSON": [fn({ loggingConfig: { logFormat: "JSON" } })] },
  objects: {
    "the format is absent": [[fn()], "loggingConfig.logFormat"],
    "it is text": [[fn({ loggingConfig: { logFormat: "Text" } })], "loggingConfig.logFormat"],
  },
});

const groupType = "aws:cloudwatch/logGroup:LogGroup";
const group = resource(groupType, { name: "acme-logs" });
const loggingTo = (logGroup: unknown, dependencies = {}) =>
  resource(
    type,
    { name: "acme-api", loggingConfig: { logGroup } },
    { propertyDependencies: dependencies },
  );

testRule(logGroup, {
  passes: {
    "a function whose group is yet unknown": [
      loggingTo(unknown, { loggingConfig: [group] }),
      group,
    ],
    "a function that names its group": [loggingTo("acme-logs"), group],
    "a group with the function's default name": [
      fn(),
      resource(groupType, { name: "/aws/lambda/acme-api" }),
    ],
    "a group named after the function": [fn(), settingOf(fn(), groupType, {}, "name")],
  },
  objects: {
    "there is no group": [[fn()], "loggingConfig.logGroup"],
    "the group is not in the stack": [[loggingTo("other"), group], "loggingConfig.logGroup"],
    "it is unknown and from nowhere": [
      [loggingTo(unknown), group],
      "cannot tell: loggingConfig.logGroup",
    ],
  },
});

testRule(sizing, {
  passes: { "a function that names both": [fn({ memorySize: 512, timeout: 120 })] },
  objects: {
    "both are absent": [[fn()], "memorySize", "timeout"],
    "memory is absent": [[fn({ timeout: 3 })], "memorySize"],
    "memory is huge": [[fn({ memorySize: 10_240, timeout: 3 })], "memorySize"],
    "the timeout is unknown": [[fn({ memorySize: 512, timeout: unknown })], "cannot tell: timeout"],
  },
});

testRule(sizing, {
  config: { seconds: 60 },
  passes: { "a short timeout": [fn({ memorySize: 512, timeout: 60 })] },
  objects: {
    "the timeout exceeds the config's": [[fn({ memorySize: 512, timeout: 61 })], "timeout"],
  },
});

testRule(concurrency, {
  passes: {
    "a reservation": [fn({ reservedConcurrentExecutions: 10 })],
    "a function that is stopped": [fn({ reservedConcurrentExecutions: 0 })],
  },
  objects: {
    "it is absent": [[fn()], "reservedConcurrentExecutions"],
    "the limit is lifted": [
      [fn({ reservedConcurrentExecutions: -1 })],
      "reservedConcurrentExecutions",
    ],
  },
});

const eventConfig = (props: object) =>
  settingOf(
    fn(),
    "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
    { ...props },
    "functionName",
  );
const queue = "arn:aws:sqs:eu-west-1:1:failed";

testRule(asyncDestination, {
  passes: {
    "a destination for failures": [
      fn(),
      eventConfig({ destinationConfig: { onFailure: { destination: queue } } }),
    ],
    "a dead letter queue": [fn({ deadLetterConfig: { targetArn: queue } })],
  },
  objects: {
    "there is neither": [[fn()], "aws.lambda.FunctionEventInvokeConfig"],
    "only successes go anywhere": [
      [fn(), eventConfig({ destinationConfig: { onSuccess: { destination: queue } } })],
      "destinationConfig.onFailure.destination",
    ],
    "the destination is another function's": [
      [
        fn(),
        resource("aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig", {
          functionName: "other",
          destinationConfig: { onFailure: { destination: queue } },
        }),
      ],
      "aws.lambda.FunctionEventInvokeConfig",
    ],
    "the queue is unknown": [
      [fn({ deadLetterConfig: { targetArn: unknown } })],
      "cannot tell: deadLetterConfig.targetArn",
    ],
  },
});

testRule(codeSigning, {
  passes: {
    "signed code": [
      fn({ codeSigningConfigArn: "arn:aws:lambda:eu-west-1:1:code-signing-config:x" }),
    ],
    "an image": [fn({ packageType: "Image" })],
  },
  objects: { "it is absent": [[fn()], "codeSigningConfigArn"] },
});

testRule(vpc, {
  passes: { "two subnets": [fn({ vpcConfig: { subnetIds: [unknown, unknown] } })] },
  objects: {
    "there is no VPC": [[fn()], "vpcConfig.subnetIds"],
    "one zone only": [[fn({ vpcConfig: { subnetIds: ["a"] } })], "vpcConfig.subnetIds"],
  },
});
