/**
 * The account's API Gateway settings: without a CloudWatch role no stage of any REST API may log. One
 * per account and region, so it belongs to no tenant and stays when a stack goes: deleting it would
 * silence every other API of the account.
 */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { assumableBy } from "../components/iam.ts";
import { sharedTenant } from "./config.ts";

export function createApiGatewayAccount(
  stackTags: Record<string, string>,
  permissionsBoundary: string | undefined,
): aws.apigateway.Account {
  const tags = { ...stackTags, "chatstack:tenant": sharedTenant, "chatstack:tier": sharedTenant };
  const role = new aws.iam.Role(
    "api-gateway-logs",
    { assumeRolePolicy: assumableBy("apigateway.amazonaws.com"), permissionsBoundary, tags },
    { retainOnDelete: true },
  );
  const { partition } = aws.getPartitionOutput();
  const attachment = new aws.iam.RolePolicyAttachment(
    "api-gateway-logs",
    {
      role: role.name,
      // The one managed policy that API Gateway checks for (Developer Guide, "Permissions for
      // CloudWatch logging").
      policyArn: pulumi.interpolate`arn:${partition}:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs`,
    },
    { retainOnDelete: true },
  );
  return new aws.apigateway.Account(
    "api-gateway-logs",
    { cloudwatchRoleArn: role.arn },
    { retainOnDelete: true, dependsOn: [attachment] },
  );
}
