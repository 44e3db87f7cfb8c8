import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

const numbers: pulumi.dynamic.ResourceProvider = {
  async create(inputs) {
    return { id: "seven", outs: { ...inputs, result: 7 } };
  },
};

class Random extends pulumi.dynamic.Resource {
  declare readonly result: pulumi.Output<number>;

  constructor(name: string, props: { max: number }) {
    super(numbers, name, { ...props, result: undefined });
  }
}

const random = new Random("lucky", { max: 10 });

new aws.cloudwatch.LogGroup("log", { retentionInDays: random.result });
