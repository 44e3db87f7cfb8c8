/** What the pipe of an archive takes from the table's stream, and what its role needs for it. */
import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { ChatTable } from "../chat-table/chat-table.ts";
import { type Encryption, grantKeyUse } from "../encryption.ts";
import { type PolicyStatement, regionOf } from "../iam.ts";

/** @param queueArn of the queue that is told which records the pipe gave up on. */
export const messagesOf = (
  queueArn: pulumi.Input<string>,
): aws.types.input.pipes.PipeSourceParameters => ({
  dynamodbStreamParameters: {
    startingPosition: "TRIM_HORIZON",
    batchSize: 100,
    maximumBatchingWindowInSeconds: 30,
    onPartialBatchItemFailure: "AUTOMATIC_BISECT",
    maximumRetryAttempts: 10,
    // Where in the stream they are; their words stay out of the queue.
    deadLetterConfig: { arn: queueArn },
  },
  // Only what passes is paid for.
  filterCriteria: {
    filters: [
      {
        pattern: JSON.stringify({ dynamodb: { Keys: { sk: { S: [{ prefix: "MSG#" }] } } } }),
      },
    ],
  },
});

/** What reads a table's stream may do, and with the table's key. */
export const readStream = (
  { streamArn, tableArn }: ChatTable,
  encryption: Encryption,
): PolicyStatement[] => [
  {
    Effect: "Allow",
    Action: [
      "dynamodb:DescribeStream",
      "dynamodb:GetRecords",
      "dynamodb:GetShardIterator",
      "dynamodb:ListStreams",
    ],
    Resource: [streamArn],
  },
  ...grantKeyUse(encryption, "dynamodb", regionOf(tableArn), ["kms:Decrypt"]),
];

export const readAndSend = (
  table: ChatTable,
  deliveryStreamArn: pulumi.Input<string>,
  encryption: Encryption,
): PolicyStatement[] => [
  ...readStream(table, encryption),
  {
    Effect: "Allow",
    Action: ["firehose:PutRecord", "firehose:PutRecordBatch"],
    Resource: [deliveryStreamArn],
  },
];
