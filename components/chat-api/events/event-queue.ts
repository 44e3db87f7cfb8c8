/** A queue of an app of your own, and its dead letters. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { TenantComponent, type TenantComponentArgs, type Transform } from "../../component.ts";
import { type Encryption, grantKeyUse, kmsKeyArn } from "../../encryption.ts";
import { type PolicyStatement, policyDocument, regionOf, tlsOnly } from "../../iam.ts";
import { FailedEvents } from "../function/failed-events.ts";
import { type QueueSource, visibilitySecondsOf } from "./event-sources.ts";

/**
 * $0.40 a million requests to SQS, of which an account's first million a month is free. Lambda polls also what is empty:
 * five connections that wait up to 20 seconds make 0.65 million requests a month (AWS Lambda Developer Guide, "Using
 * Lambda with Amazon SQS").
 */
export interface EventQueueArgs extends TenantComponentArgs {
  source: QueueSource;
  /** Seconds that the function has. */
  timeoutSeconds: number;
  /** Encrypts the queue and its dead letters. Default `"aws-owned"`: a key of SQS's own. */
  encryption?: Encryption;
  transform?: EventQueueTransform;
}

export interface EventQueueTransform {
  queue?: Transform<aws.sqs.QueueArgs>;
  queuePolicy?: Transform<aws.sqs.QueuePolicyArgs>;
  deadLetters?: Transform<aws.sqs.QueueArgs>;
  eventSourceMapping?: Transform<aws.lambda.EventSourceMappingArgs>;
}

export class EventQueue extends TenantComponent {
  readonly queueArn: pulumi.Output<string>;
  readonly queueUrl: pulumi.Output<string>;
  readonly nodes: {
    readonly queue: aws.sqs.Queue;
    readonly policy: aws.sqs.QueuePolicy;
    readonly deadLetters: FailedEvents;
  };
  readonly #args: EventQueueArgs;

  constructor(name: string, args: EventQueueArgs, options?: pulumi.ComponentResourceOptions) {
    super("EventQueue", name, args, options);
    this.#args = args;
    const { source, timeoutSeconds, encryption = "aws-owned", transform } = args;
    const key = kmsKeyArn(encryption);
    const deadLetters = new FailedEvents(
      `${name}-dead`,
      {
        ...this.inherited,
        encryption,
        transform: { failedEventsQueue: transform?.deadLetters },
      },
      { parent: this },
    );
    const queue = new aws.sqs.Queue(
      name,
      ...this.resource(
        {
          visibilityTimeoutSeconds: visibilitySecondsOf(source, timeoutSeconds),
          messageRetentionSeconds: (source.retentionDays ?? 4) * 86_400,
          redrivePolicy: pulumi.jsonStringify({
            deadLetterTargetArn: deadLetters.queueArn,
            maxReceiveCount: source.deliveries ?? 5,
          }),
          ...(key === undefined ? { sqsManagedSseEnabled: true } : { kmsMasterKeyId: key }),
          tags: this.tags,
        },
        transform?.queue,
      ),
    );
    const policy = new aws.sqs.QueuePolicy(
      name,
      ...this.resource(
        { queueUrl: queue.url, policy: policyDocument([tlsOnly("sqs", [queue.arn])]) },
        transform?.queuePolicy,
      ),
    );
    this.queueArn = queue.arn;
    this.queueUrl = queue.url;
    this.nodes = { queue, policy, deadLetters };
    this.register({ queueArn: queue.arn, queueUrl: queue.url });
  }

  /** Permission to send messages to the queue. */
  grantSend(): PolicyStatement[] {
    return [
      { Effect: "Allow", Action: ["sqs:SendMessage"], Resource: [this.queueArn] },
      ...this.#grantKey("kms:Decrypt", "kms:GenerateDataKey"),
    ];
  }

  /** What Lambda takes messages with, as the function's role (AWS Lambda Developer Guide, "Execution role permissions"). */
  grantReceive(): PolicyStatement[] {
    return [
      {
        Effect: "Allow",
        Action: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
        Resource: [this.queueArn],
      },
      ...this.#grantKey("kms:Decrypt"),
    ];
  }

  #grantKey(...actions: `kms:${string}`[]): PolicyStatement[] {
    return grantKeyUse(
      this.#args.encryption ?? "aws-owned",
      "sqs",
      regionOf(this.queueArn),
      actions,
    );
  }
}
