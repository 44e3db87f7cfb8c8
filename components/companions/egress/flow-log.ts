/** Who in a network talked to whom, in CloudWatch Logs: addresses, ports and bytes, no contents. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { DescribeResource } from "../../component.ts";
import { policyDocument } from "../../iam.ts";
import { type LogGroupSettings, logGroupArgs } from "../../log-retention.ts";

interface FlowLogArgs extends LogGroupSettings {
  readonly resource: DescribeResource;
  readonly tags: Record<string, pulumi.Input<string>>;
  readonly vpcId: pulumi.Input<string>;
  readonly roleArgs: aws.iam.RoleArgs;
}

export interface FlowLog {
  readonly flowLog: aws.ec2.FlowLog;
  readonly logGroup: aws.cloudwatch.LogGroup;
}

/** Amazon VPC User Guide, "Publish flow logs to CloudWatch Logs": what the role must be allowed. */
export function createFlowLog(name: string, args: FlowLogArgs): FlowLog {
  const { resource, tags, vpcId, roleArgs } = args;
  const logGroup = new aws.cloudwatch.LogGroup(name, ...resource(logGroupArgs(args, tags)));
  const role = new aws.iam.Role(name, ...resource(roleArgs));
  const policy = new aws.iam.Policy(
    name,
    ...resource({
      policy: policyDocument([
        {
          Sid: "WriteFlows",
          Effect: "Allow",
          Action: [
            "logs:CreateLogStream",
            "logs:DescribeLogGroups",
            "logs:DescribeLogStreams",
            "logs:PutLogEvents",
          ],
          Resource: [logGroup.arn, pulumi.interpolate`${logGroup.arn}:*`],
        },
      ]),
      tags,
    }),
  );
  const attachment = new aws.iam.RolePolicyAttachment(
    name,
    ...resource({ role: role.name, policyArn: policy.arn }),
  );
  const flowLog = new aws.ec2.FlowLog(
    name,
    ...resource(
      {
        vpcId,
        trafficType: "ALL",
        logDestinationType: "cloud-watch-logs",
        logDestination: logGroup.arn,
        iamRoleArn: role.arn,
        tags,
      },
      undefined,
      { dependsOn: [attachment] },
    ),
  );
  return { flowLog, logGroup };
}
