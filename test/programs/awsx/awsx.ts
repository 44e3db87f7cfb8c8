import * as pulumi from "@pulumi/pulumi";

/** Stands in for `@pulumi/awsx`, which brings 264 packages: registered as its own `Vpc` is. */
export class Vpc extends pulumi.ComponentResource {
  declare readonly vpcId: pulumi.Output<string>;
  declare readonly privateSubnetIds: pulumi.Output<string[]>;

  constructor(
    name: string,
    args: { numberOfAvailabilityZones?: number } = {},
    opts: pulumi.ComponentResourceOptions = {},
  ) {
    const outputs = { vpcId: undefined, privateSubnetIds: undefined };
    super("awsx:ec2:Vpc", name, { ...args, ...outputs }, opts, true);
  }
}
