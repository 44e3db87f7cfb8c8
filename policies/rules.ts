import { backupRules } from "./backup/rules.ts";
import { cloudwatchRules } from "./cloudwatch/rules.ts";
import { dynamodbRules } from "./dynamodb/rules.ts";
import { kmsRules } from "./kms/rules.ts";
import type { AnyRule } from "./rule.ts";
import { s3Rules } from "./s3/rules.ts";

/** Every rule of the pack, in the order in which documents and reports list them. */
export const rules: readonly AnyRule[] = [
  ...dynamodbRules,
  ...s3Rules,
  ...kmsRules,
  ...cloudwatchRules,
  ...backupRules,
];
