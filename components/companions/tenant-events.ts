/**
 * A tenant's own event bus. The app sends events about conversations, answers, documents, erasures and
 * quotas to it, and your rules send them on, for example to metering or billing.
 */
import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { TenantComponent, type TenantComponentArgs, type Transform } from "../component.ts";
import { type Encryption, kmsKeyArn } from "../encryption.ts";
import type { PolicyStatement } from "../iam.ts";

/** What a `ChatApi` needs of an event bus: a `TenantEvents`. */
export interface EventSink {
  readonly busName: pulumi.Input<string>;
  grantPut(): readonly PolicyStatement[];
}

/**
 * No monthly fee: $1 per million events that are sent (Amazon EventBridge pricing, US East). A bus without rules
 * keeps nothing. Events hold ids, counts and times.
 */
export interface TenantEventsArgs extends TenantComponentArgs {
  /**
   * Default `"aws-owned"`. A key of yours lets EventBridge use it (Amazon EventBridge User Guide, "Authorizing EventBridge
   * to use a customer managed key"), as `TenantKey`'s does; while it cannot, events are lost.
   */
  encryption?: Encryption;
  transform?: { eventBus?: Transform<aws.cloudwatch.EventBusArgs> };
}

export class TenantEvents extends TenantComponent implements EventSink {
  readonly busName: pulumi.Output<string>;
  /** For the rules of whoever reads the events. */
  readonly busArn: pulumi.Output<string>;
  readonly nodes: { readonly bus: aws.cloudwatch.EventBus };

  constructor(name: string, args: TenantEventsArgs, options?: pulumi.ComponentResourceOptions) {
    super("TenantEvents", name, args, options);
    const bus = new aws.cloudwatch.EventBus(
      name,
      ...this.resource(
        {
          description: `chatstack: events of tenant ${this.tenant}`,
          kmsKeyIdentifier: kmsKeyArn(args.encryption ?? "aws-owned"),
          tags: this.tags,
        },
        args.transform?.eventBus,
      ),
    );
    this.busName = bus.name;
    this.busArn = bus.arn;
    this.nodes = { bus };
    this.register({ busName: bus.name, busArn: bus.arn });
  }

  grantPut(): PolicyStatement[] {
    return [{ Effect: "Allow", Action: ["events:PutEvents"], Resource: [this.busArn] }];
  }
}
