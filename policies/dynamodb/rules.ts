/** Rules about tables: recovery, protection and capacity. */
import { protectRule } from "../reading/protect.ts";
import type { AnyRule } from "../rule.ts";
import { autoscaled, costCeiling } from "./capacity.ts";
import { deletionProtection, replicaParity, resourcePolicy, sseCmk } from "./protection.ts";
import { backupPlan, pitr, pitrDays } from "./recovery.ts";

export const dynamodbRules: readonly AnyRule[] = [
  pitr,
  pitrDays,
  sseCmk,
  deletionProtection,
  protectRule("ddb-protect", "DynamoDB", "Tables", "dynamodb"),
  autoscaled,
  costCeiling,
  replicaParity,
  resourcePolicy,
  backupPlan,
];
