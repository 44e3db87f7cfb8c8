/** Amazon DynamoDB: requests or capacity, storage, recovery, replicas, Contributor Insights; and its backups. */
import {
  at,
  byUse,
  fixed,
  type LineDraft,
  list,
  number,
  type Pricer,
  type PricingContext,
} from "../line.ts";
import { hoursAMonth } from "../prices/prices.ts";
import { product, scaled } from "../quantity.ts";

export const table: Pricer = ({ inputs }, context) => {
  const isInfrequent = inputs.tableClass === "STANDARD_INFREQUENT_ACCESS";
  const stored = product([context.usage.storedGB, "GB stored"]);
  const lines = [
    ...(inputs.billingMode === "PROVISIONED"
      ? provisioned(inputs, context, isInfrequent)
      : onDemand(context, isInfrequent)),
    byUse("storage", stored, isInfrequent ? "dynamodb.ia-storage" : "dynamodb.storage"),
    ...(at(inputs, "pointInTimeRecovery", "enabled") === true
      ? [byUse("point-in-time recovery", stored, "dynamodb.point-in-time-recovery")]
      : []),
    ...list(inputs.replicas).flatMap((replica) => replicated(replica, context, isInfrequent)),
  ];
  const oneTime = ["warmThroughput", "restoreSourceTableArn"].filter((name) => inputs[name]);
  return {
    lines,
    unpriced: oneTime.map((name) => ({
      what: `DynamoDB ${name}`,
      because: "is paid once, when it is set, not by the month",
      isUnknown: false,
    })),
  };
};

const onDemand = ({ workload }: PricingContext, isInfrequent: boolean): LineDraft[] => [
  byUse(
    "writes",
    workload.writeUnits,
    isInfrequent ? "dynamodb.ia-write-requests" : "dynamodb.write-requests",
  ),
  byUse(
    "reads",
    workload.readUnits,
    isInfrequent ? "dynamodb.ia-read-requests" : "dynamodb.read-requests",
  ),
];

/** The least capacity costs by being there; what auto scaling adds follows from the month's average. */
function provisioned(
  inputs: Readonly<Record<string, unknown>>,
  { workload, siblings }: PricingContext,
  isInfrequent: boolean,
): LineDraft[] {
  const indexes = list(inputs.globalSecondaryIndexes);
  const policies = siblings("aws:appautoscaling/policy:Policy");
  const targets = policies.map((policy) =>
    number(at(policy.inputs, "targetTrackingScalingPolicyConfiguration", "targetValue"), 100),
  );
  const utilization = Math.min(100, ...targets);
  return (["write", "read"] as const).flatMap((kind) => {
    const least = [inputs, ...indexes].reduce<number>(
      (sum, one) => sum + number(at(one, `${kind}Capacity`)),
      0,
    );
    const used = workload[`${kind}Units`].value.toNumber() / 3600 / (utilization / 100);
    const added = Math.max(0, used - least * hoursAMonth).toFixed(3);
    const price = `dynamodb.${isInfrequent ? "ia-" : ""}${kind}-capacity` as const;
    return [
      fixed(
        `${kind} capacity`,
        product([least, "units of table and indexes"], [hoursAMonth, "h"]),
        price,
      ),
      byUse(
        `${kind} capacity that auto scaling adds`,
        product([added, `unit-hours above that, at ${utilization}% utilisation`]),
        price,
        "as if the load were even all month",
      ),
    ];
  });
}

function replicated(replica: unknown, context: PricingContext, isInfrequent: boolean): LineDraft[] {
  const region = String(at(replica, "regionName"));
  const note = `at the prices of ${context.region}: the table has none of ${region}`;
  const stored = product([context.usage.storedGB, "GB stored"]);
  return [
    byUse(
      `writes replicated to ${region}`,
      scaled(context.workload.writeUnits, "write units"),
      "dynamodb.replicated-writes",
      note,
    ),
    byUse(
      `storage in ${region}`,
      stored,
      isInfrequent ? "dynamodb.ia-storage" : "dynamodb.storage",
      note,
    ),
    ...(at(replica, "pointInTimeRecovery") === true
      ? [byUse(`recovery in ${region}`, stored, "dynamodb.point-in-time-recovery", note)]
      : []),
  ];
}

/** A table or index with partition and sort key: two rules, four where accesses are ranked too. */
export const contributorInsights: Pricer = ({ inputs }, { workload }) => {
  const isThrottles = inputs.mode === "THROTTLED_KEYS";
  const rules = fixed(
    "Contributor Insights",
    product([isThrottles ? 2 : 4, "rules"]),
    "cloudwatch.insight-rules",
  );
  if (isThrottles || inputs.indexName !== undefined) return { lines: [rules] };
  const accesses = scaled(workload.requests, "requests", [2, "accesses"]);
  return {
    lines: [
      rules,
      byUse("accesses ranked", accesses, "cloudwatch.insight-events", "two accesses a request"),
    ],
  };
};

/** Each backup of a table is a full copy. */
export const backupPlan: Pricer = ({ inputs }, { usage }) => ({
  lines: list(inputs.rules).map((rule) => {
    const kept = number(at(rule, "lifecycle", "deleteAfter"), 365);
    const copies = Math.ceil(kept / daysBetween(String(at(rule, "schedule"))));
    return byUse(
      `backups kept ${kept} days`,
      product([copies, "copies"], [usage.storedGB, "GB stored"]),
      "backup.storage",
      "the table was as large all the time",
    );
  }),
});

/** AWS Backup's schedules: `cron(minutes hours day-of-month month day-of-week year)`. */
function daysBetween(schedule: string): number {
  const [, , day = "*", , weekday = "?"] = schedule.replace(/^cron\(|\)$/g, "").split(/\s+/);
  if (!["?", "*"].includes(weekday)) return 7 / weekday.split(",").length;
  return ["?", "*"].includes(day) ? 1 : 30 / day.split(",").length;
}
