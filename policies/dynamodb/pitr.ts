import { at } from "../read.ts";
import { resourceRule } from "../rule.ts";

export const pitr = resourceRule({
  id: "ddb-pitr",
  service: "DynamoDB",
  description: "Tables must have point-in-time recovery.",
  reason: "Without it a bad deployment or a deleted item is gone for good.",
  fix: "set pointInTimeRecovery: { enabled: true }.",
  severity: "critical",
  level: "mandatory",
  frameworks: [
    { name: "cdk-nag", id: "AwsSolutions-DDB3" },
    { name: "cdk-nag", id: "HIPAA.Security-DynamoDBPITREnabled" },
    { name: "FSBP", id: "DynamoDB.2" },
  ],
  types: ["aws:dynamodb/table:Table"],
  judge({ props }, report) {
    const enabled = at(props, "pointInTimeRecovery.enabled");
    if (enabled !== true) report("pointInTimeRecovery.enabled", enabled, "true");
  },
  remediate(props) {
    props.pointInTimeRecovery = { enabled: true };
  },
});
