import * as pulumi from "@pulumi/pulumi";

/** Stands in for `@pulumi/aws-native` of 200 MB: tokens have no module of a function's or class's own. */
export class Bucket extends pulumi.CustomResource {
  declare readonly arn: pulumi.Output<string>;

  constructor(name: string, args: { bucketName?: pulumi.Input<string> }) {
    super("aws-native:s3:Bucket", name, { ...args, arn: undefined });
  }
}

export const getAccountId = (): pulumi.Output<{ accountId: string }> =>
  pulumi.runtime.invokeOutput("aws-native:index:getAccountId", {});
