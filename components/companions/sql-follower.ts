/**
 * PostgreSQL in step with a tenant's table: a function that Lambda gives the table's stream applies what
 * `chatstack migrate` has copied before. Nothing runs while nothing is written.
 */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { bucketFolders } from "../../app/resources/bucket.ts";
import { type AlarmSettings, createAlarms } from "../alarms.ts";
import { ChatFunction, type ChatFunctionTransform } from "../chat-api/function/chat-function.ts";
import { followerBundle } from "../chat-api/function/lambda-bundle.ts";
import type { ChatTable } from "../chat-table/chat-table.ts";
import { TenantComponent, type TenantComponentArgs, type Transform } from "../component.ts";
import type { BucketAccess } from "../document-bucket/bucket-access.ts";
import { type Encryption, grantKeyUse } from "../encryption.ts";
import { type PolicyStatement, regionOf } from "../iam.ts";
import type { LogGroupSettings } from "../log-retention.ts";
import type { Network } from "../network.ts";
import { serviceHost } from "../partition.ts";
import { readStream } from "./archive-pipe.ts";

/**
 * No monthly fee. A million changed items cost some $0.13 to read from the table and, in batches of 10, $0.02 for
 * requests and $0.07 for 100 ms of 512 MB each (US East). Reads of the stream by Lambda are free.
 */
export interface SqlFollowerArgs extends TenantComponentArgs, LogGroupSettings {
  /** Its `stream` may be any but `"off"`. Conversations of a history in S3 are not in it. */
  table: ChatTable;
  /** Messages that are too large for an item are read from it. */
  documents: BucketAccess;
  /**
   * ARN of the secret of AWS Secrets Manager with which the function signs in: JSON with `host`, `port`, `dbname`,
   * `username` and `password`, as Secrets Manager rotates it for PostgreSQL. The function reads it, and the stack never
   * does. The connection is encrypted, and the server's certificate is checked.
   */
  secretArn: pulumi.Input<string>;
  /** Key that the secret is encrypted with. Default `"aws-owned"`: the account's key for Secrets Manager. */
  secretEncryption?: Encryption;
  /** Schema of PostgreSQL that `chatstack migrate` has copied to. Default: the tenant's id. */
  schema?: string;
  /**
   * Where PostgreSQL can be reached. The network must lead to DynamoDB, S3 and Secrets Manager too. Default: outside any
   * VPC, for a server with a public address.
   */
  network?: Network;
  /**
   * Encrypts log entries, environment and the queue of failed records. It must be the encryption of the table. Default
   * `"aws-owned"`.
   */
  encryption?: Encryption;
  /** Changes that one invocation gets at most, 1–1,000. Default 100. */
  batchSize?: number;
  /**
   * How often a change that cannot be applied is tried again, 0–10,000, while its shard waits behind its batch. Then it
   * goes to the queue of failed records. Default 100.
   */
  retryAttempts?: number;
  /** Tells of a function that lags by more than an hour: DynamoDB keeps a stream for 24. Default: nobody is told. */
  alarms?: AlarmSettings;
  transform?: Pick<
    ChatFunctionTransform,
    | "function"
    | "role"
    | "policy"
    | "functionLogGroup"
    | "eventInvokeConfig"
    | "failedEventsQueue"
    | "failedEventsQueuePolicy"
  > & {
    eventSourceMapping?: Transform<aws.lambda.EventSourceMappingArgs>;
    alarm?: Transform<aws.cloudwatch.MetricAlarmArgs>;
  };
}

const lagMilliseconds = 60 * 60 * 1000;

export class SqlFollower extends TenantComponent {
  readonly functionName: pulumi.Output<string>;
  /** Says where in the stream the changes are that were given up, for 14 days. */
  readonly failedRecordsArn: pulumi.Output<string>;
  readonly nodes: {
    readonly function: ChatFunction;
    readonly mapping: aws.lambda.EventSourceMapping;
  };

  constructor(name: string, args: SqlFollowerArgs, options?: pulumi.ComponentResourceOptions) {
    super("SqlFollower", name, args, options);
    const { table, documents, encryption = "aws-owned", alarms, transform } = args;
    const { schema = this.tenant, batchSize = 100, retryAttempts = 100 } = args;
    this.requireInteger("batchSize", batchSize, 1, 1_000);
    this.requireInteger("retryAttempts", retryAttempts, 0, 10_000);
    const secretArn = pulumi.output(args.secretArn);
    const host = regionOf(secretArn).apply((region) => serviceHost("secretsmanager", region));

    const follower = new ChatFunction(
      name,
      {
        ...this.inherited,
        code: new pulumi.asset.FileArchive(followerBundle()),
        environment: {
          TENANT: this.tenant,
          TABLE_NAME: table.tableName,
          BUCKET_NAME: documents.bucketName,
          SCHEMA: schema,
          SECRET_ARN: secretArn,
          SECRETS_ENDPOINT: pulumi.interpolate`https://${host}`,
          // Those of RDS among them (AWS Lambda Developer Guide, "Node.js runtimes").
          NODE_EXTRA_CA_CERTS: "/var/runtime/ca-cert.pem",
        },
        permissions: [
          ...readStream(table, encryption),
          ...this.#readContents(args),
          ...this.#readSecret(args),
        ],
        encryption,
        logRetentionDays: args.logRetentionDays,
        network: args.network,
        // Whoever applies waits for the others: more at once would only hold connections.
        reservedConcurrency: 1,
        failedEvents: "queue",
        transform,
      },
      { parent: this },
    );
    const { failedEvents: failedRecords } = follower.nodes;
    if (failedRecords === undefined) throw new Error("the function has no queue of failures");
    const mapping = new aws.lambda.EventSourceMapping(
      name,
      ...this.resource(
        {
          eventSourceArn: table.streamArn,
          functionName: follower.functionName,
          // What was written while the copy was made is in the stream too.
          startingPosition: "TRIM_HORIZON",
          batchSize,
          maximumBatchingWindowInSeconds: 1,
          bisectBatchOnFunctionError: true,
          maximumRetryAttempts: retryAttempts,
          functionResponseTypes: ["ReportBatchItemFailures"],
          destinationConfig: { onFailure: { destinationArn: failedRecords.queueArn } },
          tags: this.tags,
        },
        transform?.eventSourceMapping,
        // Lambda refuses the mapping while the role may not read the stream.
        { dependsOn: [follower.nodes.policyAttachment] },
      ),
    );
    if (alarms !== undefined) {
      createAlarms(
        { name, settings: alarms, tags: this.tags, transform: transform?.alarm },
        [
          {
            suffix: "lag",
            description: `PostgreSQL is an hour behind the table of tenant ${this.tenant}`,
            metrics: [
              {
                namespace: "AWS/Lambda",
                metricName: "IteratorAge",
                dimensions: { FunctionName: follower.functionName },
              },
            ],
            statistic: "p99",
            above: lagMilliseconds,
            minutes: 5,
          },
        ],
        this.resource,
      );
    }

    this.functionName = follower.functionName;
    this.failedRecordsArn = failedRecords.queueArn;
    this.nodes = { function: follower, mapping };
    this.register({
      functionName: this.functionName,
      failedRecordsArn: this.failedRecordsArn,
    });
  }

  /** Items, and what of messages the bucket has. */
  #readContents({
    table,
    documents,
    encryption = "aws-owned",
  }: SqlFollowerArgs): PolicyStatement[] {
    return [
      {
        Effect: "Allow",
        Action: ["dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:Query"],
        Resource: [table.tableArn],
      },
      {
        Effect: "Allow",
        Action: ["s3:GetObject"],
        Resource: [pulumi.interpolate`${documents.bucketArn}/${bucketFolders.messages.prefix}*`],
      },
      ...grantKeyUse(encryption, "s3", regionOf(table.tableArn), ["kms:Decrypt"]),
    ];
  }

  #readSecret({ secretArn, secretEncryption = "aws-owned" }: SqlFollowerArgs): PolicyStatement[] {
    const arn = pulumi.output(secretArn);
    return [
      { Effect: "Allow", Action: ["secretsmanager:GetSecretValue"], Resource: [arn] },
      ...grantKeyUse(secretEncryption, "secretsmanager", regionOf(arn), ["kms:Decrypt"]),
    ];
  }
}
