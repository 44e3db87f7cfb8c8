/**
 * Where events go that a function could not handle when it was invoked asynchronously: the runs of its
 * maintenance, and whatever else is pointed at it, e.g. a bucket's notifications. API Gateway waits for its
 * answers, so nothing arrives here from the API.
 */
import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { TenantComponent, type TenantComponentArgs, type Transform } from "../../component.ts";
import { type Encryption, grantKeyUse, kmsKeyArn } from "../../encryption.ts";
import { type PolicyStatement, policyDocument, regionOf, tlsOnly } from "../../iam.ts";

/** No monthly fee: the first million SQS requests of a month are free, then $0.40 per million. */
export interface FailedEventsArgs extends TenantComponentArgs {
  /** Encrypts the queue. Default `"aws-owned"`: a key of SQS's own. */
  encryption?: Encryption;
  transform?: FailedEventsTransform;
}

export interface FailedEventsTransform {
  failedEventsQueue?: Transform<aws.sqs.QueueArgs>;
  failedEventsQueuePolicy?: Transform<aws.sqs.QueuePolicyArgs>;
}

export class FailedEvents extends TenantComponent {
  readonly queueArn: pulumi.Output<string>;
  readonly nodes: { readonly queue: aws.sqs.Queue; readonly policy: aws.sqs.QueuePolicy };
  readonly #encryption: Encryption;

  constructor(name: string, args: FailedEventsArgs, options?: pulumi.ComponentResourceOptions) {
    super("FailedEvents", name, args, options);
    const { encryption = "aws-owned", transform } = args;
    this.#encryption = encryption;
    const key = kmsKeyArn(encryption);

    const queue = new aws.sqs.Queue(
      name,
      ...this.resource(
        {
          // 14 days, the most that SQS keeps a message.
          messageRetentionSeconds: 1_209_600,
          ...(key === undefined ? { sqsManagedSseEnabled: true } : { kmsMasterKeyId: key }),
          tags: this.tags,
        },
        transform?.failedEventsQueue,
      ),
    );
    const policy = new aws.sqs.QueuePolicy(
      name,
      ...this.resource(
        { queueUrl: queue.url, policy: policyDocument([tlsOnly("sqs", [queue.arn])]) },
        transform?.failedEventsQueuePolicy,
      ),
    );

    this.queueArn = queue.arn;
    this.nodes = { queue, policy };
    this.register({ queueArn: queue.arn });
  }

  /** Lambda sends as the function's own role, EventBridge Scheduler as the schedule's. */
  grantSend(): PolicyStatement[] {
    return [
      { Effect: "Allow", Action: ["sqs:SendMessage"], Resource: [this.queueArn] },
      ...grantKeyUse(this.#encryption, "sqs", regionOf(this.queueArn), [
        "kms:Decrypt",
        "kms:GenerateDataKey",
      ]),
    ];
  }
}
