const pulumi = require("@pulumi/pulumi");
const aws = require("@pulumi/aws");

const config = new pulumi.Config();

/** A function as the export, which Pulumi calls. */
module.exports = async () => {
  const table = new aws.dynamodb.Table("orders", {
    billingMode: "PAY_PER_REQUEST",
    hashKey: "id",
    attributes: [{ name: "id", type: "S" }],
    pointInTimeRecovery: { enabled: config.getBoolean("versioned") },
  });
  new aws.cloudwatch.LogGroup("orders", {
    retentionInDays: config.requireNumber("retentionDays"),
  });
  return { table: table.name };
};
