import { accessRules } from "./access/rules.ts";
import { apiGatewayRules } from "./apigateway/rules.ts";
import { backupRules } from "./backup/rules.ts";
import { cloudwatchRules } from "./cloudwatch/rules.ts";
import { cognitoRules } from "./cognito/rules.ts";
import { dynamodbRules } from "./dynamodb/rules.ts";
import { iamRules } from "./iam/rules.ts";
import { kmsRules } from "./kms/rules.ts";
import { lambdaRules } from "./lambda/rules.ts";
import { networkRules } from "./network/rules.ts";
import { quotaRules } from "./quotas/rules.ts";
import { recordRules } from "./records/rules.ts";
import type { AnyRule } from "./rule.ts";
import { s3Rules } from "./s3/rules.ts";
import { secretRules } from "./secrets/rules.ts";
import { snsRules } from "./sns/rules.ts";
import { sqsRules } from "./sqs/rules.ts";
import { ownExemption } from "./tenancy/ownership.ts";
import { tenancyRules } from "./tenancy/rules.ts";

const exemptible: readonly AnyRule[] = [
  ...dynamodbRules,
  ...s3Rules,
  ...lambdaRules,
  ...sqsRules,
  ...apiGatewayRules,
  ...cognitoRules,
  ...accessRules,
  ...snsRules,
  ...secretRules,
  ...iamRules,
  ...kmsRules,
  ...cloudwatchRules,
  ...backupRules,
  ...recordRules,
  ...networkRules,
  ...tenancyRules,
  ...quotaRules,
];

/** Every rule of the pack, in the order in which documents and reports list them. */
export const rules: readonly AnyRule[] = [
  ...exemptible,
  ownExemption(
    exemptible.map(({ id }) => id),
    exemptible.filter((rule) => rule.exemptible === "to-remove").map(({ id }) => id),
  ),
];
