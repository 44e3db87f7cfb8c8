/** A chat API inside a VPC, for the users of a Cognito user pool: both are there already. */
import * as pulumi from "@pulumi/pulumi";
import { ChatApi, ChatTable, DocumentBucket } from "chatstack/components";

export default function program() {
  const config = new pulumi.Config();
  const common = {
    tenant: "acme",
    tags: { "chatstack:environment": "development", "chatstack:stack": pulumi.getStack() },
  };
  const api = new ChatApi("api", {
    ...common,
    table: new ChatTable("chat", common),
    documents: new DocumentBucket("documents", common),
    auth: {
      userPoolId: config.require("userPoolId"),
      userPoolArn: config.require("userPoolArn"),
      clientId: config.require("clientId"),
    },
    // Without NAT: the VPC has gateway endpoints for DynamoDB and S3.
    network: {
      subnetIds: config.requireObject<string[]>("subnetIds"),
      securityGroupIds: config.requireObject<string[]>("securityGroupIds"),
    },
  });
  return { url: api.url };
}
