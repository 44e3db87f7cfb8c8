/**
 * A tenant's conversations for SQL: a pipe reads the table's stream, Firehose writes it as Parquet by day,
 * and Athena queries it. There is no code of ours, and nothing runs while nothing is written. Texts of
 * messages are left out unless `content` says otherwise.
 */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { FailedEvents } from "../chat-api/function/failed-events.ts";
import type { ChatTable } from "../chat-table/chat-table.ts";
import { TenantComponent, type TenantComponentArgs, type Transform } from "../component.ts";
import { DocumentBucket, type DocumentBucketArgs } from "../document-bucket/document-bucket.ts";
import type { Encryption } from "../encryption.ts";
import { type PolicyStatement, policyDocument } from "../iam.ts";
import { type LogRetentionDays, logGroupArgs } from "../log-retention.ts";
import {
  archiveColumns,
  type Catalog,
  createCatalog,
  messagesFolder,
  pipeTemplate,
} from "./archive-catalog.ts";
import { deliver, parquetByDay } from "./archive-delivery.ts";
import { messagesOf, readAndSend } from "./archive-pipe.ts";

/**
 * No monthly fee. A million messages cost $0.40 in the pipe, about $0.23 in Firehose (each counts as
 * 5 KB; $0.029 per GB and $0.018 to convert), and little in S3; a query $5 per TB that it reads
 * (EventBridge, Firehose and Athena pricing, US East).
 */
export interface ArchiveSettings {
  /**
   * Whether a message's text is archived with it. Default `"omit"`: who, when, which model, how much.
   * Above 32 KB the text is archived compressed, and above 300 KB compressed a row has the name of the
   * object in the documents' bucket, which is deleted with its conversation.
   */
  readonly content?: "omit" | "include";
  /**
   * Days to keep the archive, at least 1. Default 365. Rows of a conversation that a user has deleted stay
   * until then, with a REMOVE row after them.
   */
  readonly retentionDays?: number;
}

export interface ChatArchiveArgs extends TenantComponentArgs, ArchiveSettings {
  /** Its `stream` must have new images. */
  table: ChatTable;
  /**
   * Encrypts the archive and the log. It must be the encryption of the table. Default `"aws-owned"`.
   */
  encryption?: Encryption;
  /** Default `"off"`, as for documents. */
  accessLogs?: "off" | "on";
  /** Days to keep the log of failed deliveries. Default 365. */
  logRetentionDays?: LogRetentionDays;
  transform?: {
    bucket?: DocumentBucketArgs["transform"];
    pipe?: Transform<aws.pipes.PipeArgs>;
    deliveryStream?: Transform<aws.kinesis.FirehoseDeliveryStreamArgs>;
  };
}

export class ChatArchive extends TenantComponent {
  readonly bucketName: pulumi.Output<string>;
  readonly databaseName: pulumi.Output<string>;
  readonly workgroupName: pulumi.Output<string>;
  readonly nodes: Catalog & {
    readonly bucket: DocumentBucket;
    readonly deliveryStream: aws.kinesis.FirehoseDeliveryStream;
    readonly pipe: aws.pipes.Pipe;
    /** Which records of the stream the pipe gave up on, for 14 days. */
    readonly failedEvents: FailedEvents;
    /** Why it did. */
    readonly pipeLogGroup: aws.cloudwatch.LogGroup;
  };

  constructor(name: string, args: ChatArchiveArgs, options?: pulumi.ComponentResourceOptions) {
    super("ChatArchive", name, args, options);
    const { content = "omit", retentionDays = 365 } = args;
    this.requireInteger("retentionDays", retentionDays, 1, 36500);
    const columns = archiveColumns(content);

    const bucket = this.#createBucket(name, args, retentionDays);
    const catalog = createCatalog(
      name,
      { bucketName: bucket.bucketName, columns, tags: this.tags },
      this.resource,
    );
    const deliveryStream = this.#createDeliveryStream(name, args, bucket, catalog);
    const { pipe, failedEvents, pipeLogGroup } = this.#createPipe(
      name,
      args,
      deliveryStream,
      pipeTemplate(columns),
    );

    this.bucketName = bucket.bucketName;
    this.databaseName = catalog.database.name;
    this.workgroupName = catalog.workgroup.name;
    this.nodes = { ...catalog, bucket, deliveryStream, pipe, failedEvents, pipeLogGroup };
    this.register({ bucketName: this.bucketName, databaseName: this.databaseName });
  }

  #createBucket(name: string, args: ChatArchiveArgs, retentionDays: number): DocumentBucket {
    const { encryption, accessLogs, transform } = args;
    const expiring = [
      { id: "expired-archive", folder: `${messagesFolder}/`, days: retentionDays },
      { id: "expired-results", folder: "results/", days: 7 },
      { id: "expired-failures", folder: "failed/", days: 30 },
    ];
    return new DocumentBucket(
      name,
      {
        ...this.inherited,
        encryption,
        accessLogs,
        transform: {
          ...transform?.bucket,
          lifecycle: (lifecycle, options) => {
            lifecycle.rules = pulumi.output(lifecycle.rules).apply((rules) => [
              ...(rules ?? []),
              ...expiring.map(({ id, folder, days }) => ({
                id,
                status: "Enabled",
                filter: { prefix: folder },
                expiration: { days },
              })),
            ]);
            transform?.bucket?.lifecycle?.(lifecycle, options);
          },
        },
      },
      { parent: this },
    );
  }

  #createDeliveryStream(
    name: string,
    args: ChatArchiveArgs,
    bucket: DocumentBucket,
    { database, table }: Catalog,
  ): aws.kinesis.FirehoseDeliveryStream {
    const logGroup = new aws.cloudwatch.LogGroup(
      name,
      ...this.resource(logGroupArgs(args, this.tags)),
    );
    const logStream = new aws.cloudwatch.LogStream(
      name,
      ...this.resource({ logGroupName: logGroup.name, name: "delivery" }),
    );
    const { role, attachment } = this.#createRole(`${name}-delivery`, "firehose.amazonaws.com", [
      ...deliver(bucket, args.encryption),
      {
        Effect: "Allow",
        Action: ["glue:GetTable", "glue:GetTableVersion", "glue:GetTableVersions"],
        Resource: [this.#catalogArn(), database.arn, table.arn],
      },
      {
        Effect: "Allow",
        Action: ["logs:PutLogEvents"],
        Resource: [pulumi.interpolate`${logGroup.arn}:*`],
      },
    ]);
    return new aws.kinesis.FirehoseDeliveryStream(
      name,
      ...this.resource(
        {
          destination: "extended_s3",
          serverSideEncryption: { enabled: true, keyType: "AWS_OWNED_CMK" },
          extendedS3Configuration: {
            bucketArn: bucket.bucketArn,
            roleArn: role.arn,
            ...parquetByDay(database.name, table.name, role.arn),
            cloudwatchLoggingOptions: {
              enabled: true,
              logGroupName: logGroup.name,
              logStreamName: logStream.name,
            },
          },
          tags: this.tags,
        },
        args.transform?.deliveryStream,
        { dependsOn: [attachment] },
      ),
    );
  }

  #createPipe(
    name: string,
    { table, encryption = "aws-owned", logRetentionDays, transform }: ChatArchiveArgs,
    deliveryStream: aws.kinesis.FirehoseDeliveryStream,
    inputTemplate: string,
  ) {
    const failedEvents = new FailedEvents(
      `${name}-failed`,
      { ...this.inherited, encryption },
      { parent: this },
    );
    const pipeLogGroup = new aws.cloudwatch.LogGroup(
      `${name}-pipe`,
      ...this.resource({
        ...logGroupArgs({ encryption, logRetentionDays }, this.tags),
        // Below this prefix AWS needs no line for each group in the account's log policy, which holds
        // 5,120 characters (CloudWatch Logs User Guide, "Logging that requires additional permissions").
        namePrefix: `/aws/vendedlogs/pipes/${name}-`,
      }),
    );
    const { role, attachment } = this.#createRole(`${name}-pipe`, "pipes.amazonaws.com", [
      ...readAndSend(table, deliveryStream.arn, encryption),
      ...failedEvents.grantSend(),
    ]);
    const pipe = new aws.pipes.Pipe(
      name,
      ...this.resource(
        {
          roleArn: role.arn,
          source: table.streamArn,
          // Firehose takes no parameters of its own: its ARN is all that a pipe needs to know.
          target: deliveryStream.arn,
          sourceParameters: messagesOf(failedEvents.queueArn),
          targetParameters: { inputTemplate },
          // Without execution data, which is the users' messages.
          logConfiguration: {
            level: "ERROR",
            cloudwatchLogsLogDestination: { logGroupArn: pipeLogGroup.arn },
          },
          tags: this.tags,
        },
        transform?.pipe,
        // Without its permissions EventBridge refuses to make it.
        { dependsOn: [attachment] },
      ),
    );
    return { pipe, failedEvents, pipeLogGroup };
  }

  /** The attachment, for whoever uses the role to wait for. */
  #createRole(name: string, service: string, statements: readonly PolicyStatement[]) {
    const role = new aws.iam.Role(name, ...this.resource(this.roleArgs(service)));
    const policy = new aws.iam.Policy(
      name,
      ...this.resource({ policy: policyDocument(statements), tags: this.tags }),
    );
    const attachment = new aws.iam.RolePolicyAttachment(
      name,
      ...this.resource({ role: role.name, policyArn: policy.arn }),
    );
    return { role, attachment };
  }

  #catalogArn(): pulumi.Output<string> {
    const { accountId } = aws.getCallerIdentityOutput({}, { parent: this });
    const { partition } = aws.getPartitionOutput({}, { parent: this });
    const { region } = aws.getRegionOutput({}, { parent: this });
    return pulumi.interpolate`arn:${partition}:glue:${region}:${accountId}:catalog`;
  }
}
