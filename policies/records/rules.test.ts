import { resource, testRule, unknown } from "../testing.ts";
import { athenaEncrypted, athenaEnforced, athenaMetrics } from "./athena.ts";
import { firehoseEncrypted } from "./firehose.ts";
import { pipeDeadLetter, pipeNoData, scheduleDeadLetter } from "./pipes.ts";
import { trailEncrypted, trailLogging, trailLogs, trailValidated } from "./trail.ts";

const key = "arn:aws:kms:eu-west-1:123456789012:key/1";
const trail = (change: object = {}) => [
  resource("aws:cloudtrail/trail:Trail", {
    enableLogFileValidation: true,
    kmsKeyId: key,
    cloudWatchLogsGroupArn: "arn:aws:logs:eu-west-1:123456789012:log-group:trail:*",
    ...change,
  }),
];
const passes = { "a secure trail": trail() };
testRule(trailLogging, {
  passes,
  objects: { "it is off": [trail({ enableLogging: false }), "enableLogging"] },
});
testRule(trailValidated, {
  passes,
  objects: {
    "digests are off": [trail({ enableLogFileValidation: false }), "enableLogFileValidation"],
    "digests are absent": [
      trail({ enableLogFileValidation: undefined }),
      "enableLogFileValidation",
    ],
  },
});
testRule(trailEncrypted, {
  passes,
  objects: {
    "the key is absent": [trail({ kmsKeyId: undefined }), "kmsKeyId"],
    "the key is unknown": [trail({ kmsKeyId: unknown }), "cannot tell: kmsKeyId"],
  },
});
testRule(trailLogs, {
  passes,
  objects: {
    "the log group is absent": [
      trail({ cloudWatchLogsGroupArn: undefined }),
      "cloudWatchLogsGroupArn",
    ],
  },
});

const stream = (props: object) => [
  resource("aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream", { ...props }),
];
testRule(firehoseEncrypted, {
  passes: {
    "an encrypted stream": stream({ serverSideEncryption: { enabled: true } }),
    "one that reads from a stream": stream({ kinesisSourceConfiguration: {} }),
  },
  objects: {
    "encryption is off": [
      stream({ serverSideEncryption: { enabled: false } }),
      "serverSideEncryption.enabled",
    ],
    "encryption is absent": [stream({}), "serverSideEncryption.enabled"],
  },
});

const workgroup = (configuration: object) => [
  resource("aws:athena/workgroup:Workgroup", { configuration }),
];
const option = "configuration.resultConfiguration.encryptionConfiguration.encryptionOption";
testRule(athenaEncrypted, {
  passes: {
    "encrypted results": workgroup({
      resultConfiguration: { encryptionConfiguration: { encryptionOption: "SSE_S3" } },
    }),
    "results that Athena keeps": workgroup({ managedQueryResultsConfiguration: { enabled: true } }),
  },
  objects: {
    "results are plain": [workgroup({ resultConfiguration: {} }), option],
    "there is no configuration": [[resource("aws:athena/workgroup:Workgroup", {})], option],
  },
});
testRule(athenaEnforced, {
  passes: { "settings as Athena makes them": workgroup({}) },
  objects: {
    "clients decide": [
      workgroup({ enforceWorkgroupConfiguration: false }),
      "configuration.enforceWorkgroupConfiguration",
    ],
  },
});
testRule(athenaMetrics, {
  passes: { "metrics as Athena makes them": workgroup({}) },
  objects: {
    "metrics are off": [
      workgroup({ publishCloudwatchMetricsEnabled: false }),
      "configuration.publishCloudwatchMetricsEnabled",
    ],
  },
});

const pipe = (props: object) => [resource("aws:pipes/pipe:Pipe", { ...props })];
testRule(pipeNoData, {
  passes: { "a pipe that logs errors": pipe({ logConfiguration: { level: "ERROR" } }) },
  objects: {
    "it logs what it carries": [
      pipe({ logConfiguration: { level: "INFO", includeExecutionDatas: ["ALL"] } }),
      "logConfiguration.includeExecutionDatas",
    ],
  },
});
const parameters = (more: object) =>
  pipe({ sourceParameters: { dynamodbStreamParameters: { startingPosition: "LATEST", ...more } } });
testRule(pipeDeadLetter, {
  passes: {
    "a pipe with a queue for failures": parameters({ deadLetterConfig: { arn: "arn:aws:sqs:x" } }),
    "a pipe from a queue, which keeps them itself": pipe({
      sourceParameters: { sqsQueueParameters: {} },
    }),
  },
  objects: {
    "failures are dropped": [
      parameters({}),
      "sourceParameters.dynamodbStreamParameters.deadLetterConfig.arn",
    ],
  },
});
const schedule = (target: object) => [resource("aws:scheduler/schedule:Schedule", { target })];
testRule(scheduleDeadLetter, {
  passes: { "a queue for failures": schedule({ deadLetterConfig: { arn: "arn:aws:sqs:x" } }) },
  objects: { "there is none": [schedule({}), "target.deadLetterConfig.arn"] },
});
