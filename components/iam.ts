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
export const assumableBy = (service: string): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" }],
  });
