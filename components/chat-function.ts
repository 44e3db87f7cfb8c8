/**
 * The Lambda function that runs the app for one tenant, with a role that names every action and
 * every ARN it may use, and a log group that forgets.
 */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { TenantComponent, type TenantComponentArgs, type Transform } from "./component.ts";
import { type Encryption, kmsKeyArn } from "./encryption.ts";
import { type PolicyStatement, policyDocument } from "./iam.ts";
import {
  isLogRetention,
  type LogGroupSettings,
  logGroupArgs,
  logRetentions,
} from "./log-retention.ts";

export interface ChatFunctionArgs extends TenantComponentArgs, LogGroupSettings {
  /** The app's bundle. */
  code: pulumi.Input<pulumi.asset.Archive>;
  /** Plain settings; a secret never belongs here. */
  environment: Readonly<Record<string, pulumi.Input<string>>>;
  /** What the app may do beside writing its logs and traces. */
  permissions: readonly PolicyStatement[];
  /** Megabytes, 128–10,240; CPU grows with it. Default 512. */
  memorySize?: number;
  /** Seconds, 1–900: as long as the longest streamed answer. Default 120. */
  timeoutSeconds?: number;
  /** Encrypts log entries and environment. Default `"aws-owned"`. */
  encryption?: Encryption;
  transform?: ChatFunctionTransform;
}

export interface ChatFunctionTransform {
  function?: Transform<aws.lambda.FunctionArgs>;
  role?: Transform<aws.iam.RoleArgs>;
  policy?: Transform<aws.iam.PolicyArgs>;
  functionLogGroup?: Transform<aws.cloudwatch.LogGroupArgs>;
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
  };

  constructor(name: string, args: ChatFunctionArgs, options?: pulumi.ComponentResourceOptions) {
    super("ChatFunction", name, args, options);
    const { memorySize = 512, timeoutSeconds = 120, logRetentionDays = 365, transform } = args;
    this.requireInteger("memorySize", memorySize, 128, 10240);
    this.requireInteger("timeoutSeconds", timeoutSeconds, 1, 900);
    if (!isLogRetention(logRetentionDays)) {
      this.refuse("logRetentionDays", logRetentionDays, logRetentions.join(", "));
    }
    const key = kmsKeyArn(args.encryption ?? "aws-owned");

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
          policy: policyDocument([...runtimeStatements(logGroup), ...args.permissions]),
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
          role: role.arn,
          memorySize,
          timeout: timeoutSeconds,
          environment: { variables: { ...args.environment } },
          ...(key !== undefined && { kmsKeyArn: key }),
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

    this.functionName = fn.name;
    this.timeoutSeconds = timeoutSeconds;
    this.streamingInvokeArn = fn.responseStreamingInvokeArn;
    this.nodes = { function: fn, role, policy, policyAttachment, logGroup };
    this.register({ functionName: fn.name });
  }
}

const runtimeStatements = (logGroup: aws.cloudwatch.LogGroup): PolicyStatement[] => [
  {
    Sid: "WriteOwnLogs",
    Effect: "Allow",
    Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
    Resource: [pulumi.interpolate`${logGroup.arn}:*`],
  },
  {
    Sid: "SendTraces",
    Effect: "Allow",
    Action: ["xray:PutTelemetryRecords", "xray:PutTraceSegments"],
    // X-Ray has no resource types to name for these (Service Authorization Reference, AWS X-Ray).
    Resource: ["*"],
  },
];
