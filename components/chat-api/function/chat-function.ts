/**
 * `components/chat-api/function/`: the function behind the API and what belongs to it alone: its code,
 * permissions, releases and failed events.
 *
 * The Lambda function that runs the app for one tenant, with a role that names every action and
 * every ARN it may use, and a log group that forgets.
 */
import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { TenantComponent, type TenantComponentArgs, type Transform } from "../../component.ts";
import { type Encryption, kmsKeyArn } from "../../encryption.ts";
import type { Fault } from "../../fault.ts";
import { type PolicyStatement, policyDocument } from "../../iam.ts";
import {
  isLogRetention,
  type LogGroupSettings,
  logGroupArgs,
  logRetentions,
} from "../../log-retention.ts";
import { type Network, useNetwork } from "../../network.ts";
import { FailedEvents, type FailedEventsTransform } from "./failed-events.ts";
import { readOwnEnvironment, writeOwnTelemetry } from "./function-permissions.ts";
import { checkedEnvironment, checkedPolicy } from "./function-size.ts";
import { Maintenance, type MaintenanceRate, type MaintenanceTransform } from "./maintenance.ts";
import {
  createRelease,
  type ReleaseArgs,
  type Released,
  type ReleaseTransform,
  releaseFaults,
  streamingInvokeArnOf,
} from "./release.ts";

export interface ChatFunctionArgs extends TenantComponentArgs, LogGroupSettings, ReleaseArgs {
  /** The app's bundle. */
  code: pulumi.Input<pulumi.asset.Archive>;
  /** Plain settings; a secret never belongs here. */
  environment: Readonly<Record<string, pulumi.Input<string>>>;
  /** What the app may do beside writing its logs and traces. */
  permissions: readonly PolicyStatement[];
  /** ARNs of versions of Lambda layers. Default none. */
  layers?: readonly pulumi.Input<string>[];
  /** Megabytes, 128–10,240; CPU grows with it. Default 512. */
  memorySize?: number;
  /** Seconds, 1–900. It must be as long as the longest streamed answer. Default 120. */
  timeoutSeconds?: number;
  /** Encrypts log entries and environment. Default `"aws-owned"`. */
  encryption?: Encryption;
  /**
   * Requests that may run at once, 1–10,000. The tenant never gets more, and other tenants cannot use this
   * share. Free, but it is taken from the account's limit (1,000 unless raised), of which 100 must stay
   * unreserved. Default `"unreserved"`: all tenants share the rest.
   * (AWS Lambda Developer Guide, "Configuring reserved concurrency".)
   */
  reservedConcurrency?: number | "unreserved";
  /**
   * What happens to an asynchronous event that failed three times, or waited for an hour: `"queue"` keeps
   * it for 14 days. Default `"drop"`. Free until there are failures.
   */
  failedEvents?: "drop" | "queue";
  /**
   * How often the function purges the trash that is due, and finishes deletions and erasures that
   * stopped half way; nobody else does it unasked. Default `"off"`: code that is not the app's does not
   * know the event.
   */
  maintenance?: MaintenanceRate | "off";
  /** `"disabled"` keeps the schedule of the maintenance and runs nothing. Default `"enabled"`. */
  maintenanceState?: "enabled" | "disabled";
  /**
   * Run inside a VPC, without a public address. Free. The network must reach DynamoDB and S3, e.g. by
   * gateway endpoints, and Bedrock if chats use its models. Default: outside any VPC.
   */
  network?: Network;
  transform?: ChatFunctionTransform;
}

export interface ChatFunctionTransform
  extends FailedEventsTransform,
    ReleaseTransform,
    MaintenanceTransform {
  function?: Transform<aws.lambda.FunctionArgs>;
  role?: Transform<aws.iam.RoleArgs>;
  policy?: Transform<aws.iam.PolicyArgs>;
  functionLogGroup?: Transform<aws.cloudwatch.LogGroupArgs>;
  eventInvokeConfig?: Transform<aws.lambda.FunctionEventInvokeConfigArgs>;
}

export class ChatFunction extends TenantComponent {
  readonly functionName: pulumi.Output<string>;
  /** As long as any answer may take. */
  readonly timeoutSeconds: number;
  /** For integrations that stream: `aws.apigateway.Integration`'s `uri`. */
  readonly streamingInvokeArn: pulumi.Output<string>;
  readonly nodes: {
    readonly function: aws.lambda.Function;
    readonly role: aws.iam.Role;
    readonly policy: aws.iam.Policy;
    readonly policyAttachment: aws.iam.RolePolicyAttachment;
    readonly logGroup: aws.cloudwatch.LogGroup;
    /** Absent where failed events are dropped. */
    readonly failedEvents?: FailedEvents;
    /** Absent where failed events are dropped. */
    readonly eventInvokeConfig?: aws.lambda.FunctionEventInvokeConfig;
    /** Absent while nothing is scheduled. */
    readonly maintenance?: Maintenance;
    /** Absent while requests run what was deployed last. */
    readonly release?: Released;
  };

  constructor(name: string, args: ChatFunctionArgs, options?: pulumi.ComponentResourceOptions) {
    super("ChatFunction", name, args, options);
    const { memorySize = 512, timeoutSeconds = 120, logRetentionDays = 365, transform } = args;
    this.requireInteger("memorySize", memorySize, 128, 10240);
    this.requireInteger("timeoutSeconds", timeoutSeconds, 1, 900);
    if (!isLogRetention(logRetentionDays)) {
      this.refuse("logRetentionDays", logRetentionDays, logRetentions.join(", "));
    }
    const { reservedConcurrency = "unreserved" } = args;
    const [fault] = releaseFaults(args);
    if (fault) this.refuse(...fault);
    const key = kmsKeyArn(args.encryption ?? "aws-owned");
    const refuse = (...fault: Fault) => this.refuse(...fault);

    const failedEvents =
      args.failedEvents === "queue" ? this.#createFailedEvents(name, args) : undefined;
    const logGroup = new aws.cloudwatch.LogGroup(
      name,
      ...this.resource(logGroupArgs(args, this.tags), transform?.functionLogGroup),
    );
    const role = new aws.iam.Role(
      name,
      ...this.resource(this.roleArgs("lambda.amazonaws.com"), transform?.role),
    );
    const policy = new aws.iam.Policy(
      name,
      ...this.resource(
        {
          policy: checkedPolicy(
            policyDocument([
              ...writeOwnTelemetry(logGroup),
              ...readOwnEnvironment(logGroup, args.encryption),
              ...useNetwork(args.network),
              ...args.permissions,
              ...(failedEvents?.grantSend() ?? []),
            ]),
            refuse,
          ),
          tags: this.tags,
        },
        transform?.policy,
      ),
    );
    const policyAttachment = new aws.iam.RolePolicyAttachment(
      name,
      ...this.resource({ role: role.name, policyArn: policy.arn }),
    );
    const fn = new aws.lambda.Function(
      name,
      ...this.resource(
        {
          runtime: "nodejs24.x",
          architectures: ["arm64"],
          handler: "index.handler",
          code: args.code,
          ...(args.layers && args.layers.length > 0 && { layers: [...args.layers] }),
          role: role.arn,
          memorySize,
          timeout: timeoutSeconds,
          ...(args.release !== undefined && args.release !== "latest" && { publish: true }),
          ...(reservedConcurrency !== "unreserved" && {
            reservedConcurrentExecutions: reservedConcurrency,
          }),
          environment: { variables: checkedEnvironment(args.environment, refuse) },
          ...(key !== undefined && { kmsKeyArn: key }),
          ...(args.network && {
            vpcConfig: {
              subnetIds: args.network.subnetIds,
              securityGroupIds: args.network.securityGroupIds,
            },
          }),
          tracingConfig: { mode: "Active" },
          loggingConfig: {
            logFormat: "JSON",
            logGroup: logGroup.name,
            applicationLogLevel: "INFO",
            systemLogLevel: "WARN",
          },
          tags: this.tags,
        },
        transform?.function,
        // Without its permissions the first request after creation would fail.
        { dependsOn: [policyAttachment] },
      ),
    );
    const release = createRelease(name, fn, args, this.resource, transform);
    const eventInvokeConfig =
      failedEvents && this.#sendFailures(name, args, fn, failedEvents, release?.alias);
    const maintenance = this.#createMaintenance(name, args, release?.alias ?? fn, failedEvents);

    this.functionName = fn.name;
    this.timeoutSeconds = timeoutSeconds;
    this.streamingInvokeArn = release
      ? streamingInvokeArnOf(release.alias)
      : fn.responseStreamingInvokeArn;
    this.nodes = {
      function: fn,
      role,
      policy,
      policyAttachment,
      logGroup,
      failedEvents,
      eventInvokeConfig,
      maintenance,
      release,
    };
    this.register({ functionName: fn.name });
  }

  /** Name of the alias that is invoked; absent where the function itself is. */
  get qualifier(): pulumi.Output<string> | undefined {
    return this.nodes.release?.alias.name;
  }

  #createFailedEvents(name: string, { encryption, transform }: ChatFunctionArgs): FailedEvents {
    return new FailedEvents(
      `${name}-failed`,
      { ...this.inherited, encryption, transform },
      { parent: this },
    );
  }

  #createMaintenance(
    name: string,
    { maintenance: rate = "off", maintenanceState: state, transform }: ChatFunctionArgs,
    target: aws.lambda.Function | aws.lambda.Alias,
    failedEvents: FailedEvents | undefined,
  ): Maintenance | undefined {
    if (rate === "off") return undefined;
    return new Maintenance(
      `${name}-maintenance`,
      { ...this.inherited, rate, state, target, failedEvents, transform },
      { parent: this },
    );
  }

  #sendFailures(
    name: string,
    { transform }: ChatFunctionArgs,
    fn: aws.lambda.Function,
    { queueArn }: FailedEvents,
    alias: aws.lambda.Alias | undefined,
  ): aws.lambda.FunctionEventInvokeConfig {
    return new aws.lambda.FunctionEventInvokeConfig(
      name,
      ...this.resource(
        {
          functionName: fn.name,
          // Such settings are of the function or of an alias: invocations of the other ignore them.
          ...(alias && { qualifier: alias.name }),
          maximumEventAgeInSeconds: 3600,
          maximumRetryAttempts: 2,
          destinationConfig: { onFailure: { destination: queueArn } },
        },
        transform?.eventInvokeConfig,
      ),
    );
  }
}
