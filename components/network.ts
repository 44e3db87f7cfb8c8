/** Where in a VPC a function runs, and what its role must be allowed for it. */
import type * as pulumi from "@pulumi/pulumi";
import type { PolicyStatement } from "./iam.ts";

/** Subnets and security groups of one VPC: a `PrivateNetwork`'s, or of a VPC that is there already. */
export interface Network {
  /** At least two, in different availability zones. */
  readonly subnetIds: pulumi.Input<pulumi.Input<string>[]>;
  /** Must let the function reach DynamoDB and S3 by HTTPS. */
  readonly securityGroupIds: pulumi.Input<pulumi.Input<string>[]>;
}

/**
 * What Lambda does as the function's role to put it into a VPC. `ec2` names no resources for these
 * (AWS Lambda Developer Guide, "Giving Lambda functions access to resources in an Amazon VPC").
 */
export const useNetwork = (network: Network | undefined): PolicyStatement[] =>
  network === undefined
    ? []
    : [
        {
          Sid: "UseNetwork",
          Effect: "Allow",
          Action: [
            "ec2:AssignPrivateIpAddresses",
            "ec2:CreateNetworkInterface",
            "ec2:DeleteNetworkInterface",
            "ec2:DescribeNetworkInterfaces",
            "ec2:DescribeSubnets",
            "ec2:UnassignPrivateIpAddresses",
          ],
          Resource: ["*"],
        },
      ];
