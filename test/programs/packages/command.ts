import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** Stands in for `@pulumi/command`, and for other packages that name their tokens like it. */
class Command extends pulumi.CustomResource {
  declare readonly stdout: pulumi.Output<string>;

  constructor(name: string, args: { create: pulumi.Input<string> }) {
    super("command:local:Command", name, { ...args, stdout: undefined });
  }
}

const version = new Command("version", { create: "git rev-parse HEAD" });

const settings = version.stdout.apply((stdout) => JSON.parse(stdout));

new aws.ssm.Parameter("version", { type: "String", value: settings.sha });
