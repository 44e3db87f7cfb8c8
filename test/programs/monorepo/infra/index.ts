import * as aws from "@pulumi/aws";

export const name = new aws.s3.Bucket("top-level").bucket;

function table(name: string): aws.dynamodb.Table {
  return new aws.dynamodb.Table(name, {
    billingMode: "PAY_PER_REQUEST",
    hashKey: "id",
    attributes: [{ name: "id", type: "S" }],
  });
}

table("orders");
