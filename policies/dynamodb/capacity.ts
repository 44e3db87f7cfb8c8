import { fsbp, nag } from "../frameworks.ts";
import { at, listAt, numberAt, textAt } from "../reading/read.ts";
import { resourceRule, stackRule } from "../rule.ts";

const tables = ["aws:dynamodb/table:Table"];
const targets = "aws:appautoscaling/target:Target";
const scalingPolicies = "aws:appautoscaling/policy:Policy";

export const autoscaled = stackRule({
  id: "ddb-capacity-autoscaled",
  service: "DynamoDB",
  description: "Tables and indexes with provisioned capacity must scale by themselves.",
  reason: "Above a fixed capacity a tenant is throttled; an index that lags throttles its table.",
  fix: 'set billingMode: "PAY_PER_REQUEST", or an aws.appautoscaling.Target with a Policy for each dimension.',
  severity: "medium",
  level: "mandatory",
  frameworks: [...nag("HIPAA.Security-DynamoDBAutoScalingEnabled"), ...fsbp("DynamoDB.1")],
  types: tables,
  judge(table, report, _config, stack) {
    // Absent means provisioned: DynamoDB API reference, CreateTable, BillingMode.
    if (at(table.props, "billingMode") === "PAY_PER_REQUEST") return;
    const own = `table/${textAt(table.props, "name")}`;
    const indexes = listAt(table.props, "globalSecondaryIndexes").map((index) => at(index, "name"));
    const scalable = [
      { id: own, kind: "table" },
      ...indexes.map((name) => ({ id: `${own}/index/${name}`, kind: "index" })),
    ];
    for (const { id, kind } of scalable)
      for (const units of ["ReadCapacityUnits", "WriteCapacityUnits"]) {
        const dimension = `dynamodb:${kind}:${units}`;
        const scales = (type: string) =>
          [
            ...stack.namedBy(id, "resourceId", type),
            ...stack.namedBy(table, "resourceId", type),
          ].some(
            ({ props }) =>
              at(props, "scalableDimension") === dimension && at(props, "resourceId") === id,
          );
        if (!scales(targets)) report(`${id} ${units}`, undefined, "a scaling Target");
        else if (!scales(scalingPolicies)) report(`${id} ${units}`, undefined, "a scaling Policy");
      }
  },
});

export const costCeiling = resourceRule({
  id: "ddb-cost-ceiling",
  service: "DynamoDB",
  description: "On-demand tables should have a ceiling on reads and writes.",
  reason: "A client that loops spends without limit, up to 40,000 units a second.",
  fix: "set onDemandThroughput: { maxReadRequestUnits, maxWriteRequestUnits }.",
  severity: "low",
  level: "advisory",
  frameworks: [],
  types: tables,
  judge({ props }, report) {
    if (at(props, "billingMode") !== "PAY_PER_REQUEST") return;
    for (const units of ["maxReadRequestUnits", "maxWriteRequestUnits"]) {
      const path = `onDemandThroughput.${units}`;
      const found = numberAt(props, path);
      // -1 lifts the ceiling.
      if (found === undefined || found < 1) report(path, found, "a positive number");
    }
  },
});
