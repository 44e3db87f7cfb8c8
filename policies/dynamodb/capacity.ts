import { nag, securityHub } from "../frameworks.ts";
import { at, knownAt, listAt, numberAt } from "../reading/read.ts";
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
  frameworks: [...nag("HIPAA.Security-DynamoDBAutoScalingEnabled"), ...securityHub("DynamoDB.1")],
  types: tables,
  judge(table, report, _config, stack) {
    // Absent means provisioned: DynamoDB API reference, CreateTable, BillingMode.
    if (at(table.props, "billingMode") === "PAY_PER_REQUEST") return;
    // Unknown until the table is there; until then targets are told apart by what they depend on.
    const name = knownAt(table.props, "name");
    const own = `table/${name ?? table.name}`;
    const indexes = listAt(table.props, "globalSecondaryIndexes").map((index) => at(index, "name"));
    const scalable = [
      { id: own, kind: "table" },
      ...indexes.map((name) => ({ id: `${own}/index/${name}`, kind: "index" })),
    ];
    for (const { id, kind } of scalable)
      for (const units of ["ReadCapacityUnits", "WriteCapacityUnits"]) {
        const dimension = `dynamodb:${kind}:${units}`;
        const wanted = scalable.filter((one) => one.kind === kind).length;
        // A policy takes its resource from its target, as a rule, and a target from its table.
        const owners = [id, table, ...stack.namedBy(table, "resourceId", targets)];
        const scales = (type: string) => {
          const named = owners.flatMap((owner) => stack.namedBy(owner, "resourceId", type));
          const found = [...new Set(named)].filter(
            ({ props }) => at(props, "scalableDimension") === dimension && !isSuspended(props),
          );
          return name === undefined
            ? found.length >= wanted
            : found.some(({ props }) => at(props, "resourceId") === id);
        };
        if (!scales(targets)) report(`${id} ${units}`, undefined, "a scaling Target");
        else if (!scales(scalingPolicies)) report(`${id} ${units}`, undefined, "a scaling Policy");
      }
  },
});

/** Whether a target's scaling out by policy is suspended. */
const isSuspended = (props: unknown): boolean =>
  knownAt(props, "suspendedState.dynamicScalingOutSuspended") === true;

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
      // -1 lifts the ceiling, and as much as AWS gives a table anyhow is none.
      if (found === undefined || found < 1 || found >= 40_000)
        report(path, found, "a positive number below 40000");
    }
  },
});
