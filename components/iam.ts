import * as pulumi from "@pulumi/pulumi";

type Conditions = Readonly<
  Record<string, Readonly<Record<string, pulumi.Input<string> | readonly pulumi.Input<string>[]>>>
>;

/** One statement of an identity policy: exact actions on exact ARNs. */
export interface PolicyStatement {
  readonly Sid?: string;
  readonly Effect: "Allow";
  readonly Action: readonly string[];
  readonly Resource: readonly pulumi.Input<string>[];
  readonly Condition?: Conditions;
}

/** One statement of a resource's own policy, which says whom it is about. */
export interface ResourceStatement {
  readonly Sid: string;
  readonly Effect: "Allow" | "Deny";
  readonly Principal:
    | "*"
    | { readonly AWS: pulumi.Input<string> }
    | { readonly Service: pulumi.Input<string> };
  readonly Action: string | readonly string[];
  readonly Resource: pulumi.Input<string> | readonly pulumi.Input<string>[];
  readonly Condition?: Conditions;
}

export const policyDocument = (
  statements: readonly (PolicyStatement | ResourceStatement)[],
): pulumi.Output<string> => pulumi.jsonStringify({ Version: "2012-10-17", Statement: statements });

/** Denies everybody every action of the service that comes without TLS. */
export const tlsOnly = (
  service: "s3" | "sqs",
  resources: readonly pulumi.Input<string>[],
): ResourceStatement => ({
  Sid: "TlsOnly",
  Effect: "Deny",
  Principal: "*",
  Action: `${service}:*`,
  Resource: resources,
  Condition: { Bool: { "aws:SecureTransport": "false" } },
});

/** Region that an ARN names: its fourth part. */
export const regionOf = (arn: pulumi.Output<string>): pulumi.Output<string> =>
  arn.apply((text) => text.split(":")[3] ?? "");

/** Trust policy for one AWS service. */
export const assumableBy = (service: string, conditions?: Conditions): pulumi.Output<string> =>
  pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: service },
        Action: "sts:AssumeRole",
        ...(conditions && { Condition: conditions }),
      },
    ],
  });

/**
 * Services that say for which account they assume a role, so that a role can refuse all others (IAM User
 * Guide, "The confused deputy problem"). API Gateway, AWS Backup, Firehose and S3 replication promise no
 * such key for the roles that they assume, and would be locked out: their guides show trust without it.
 */
export const namesItsAccount = (service: string): boolean =>
  [
    // AWS Lambda Developer Guide, "Working with AWS managed policies in the execution role".
    "lambda.amazonaws.com",
    // EventBridge Pipes: example of the provider's own documentation.
    "pipes.amazonaws.com",
    // Amazon VPC User Guide, "IAM role for publishing flow logs to CloudWatch Logs".
    "vpc-flow-logs.amazonaws.com",
  ].includes(service);
