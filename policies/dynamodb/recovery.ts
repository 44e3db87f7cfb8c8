import { hipaa, nag, securityHub } from "../frameworks.ts";
import { like } from "../reading/policy-document.ts";
import { at, knownTextsAt, listAt, numberAt, textAt } from "../reading/read.ts";
import { perStack, resourceRule, stackRule } from "../rule.ts";

const tables = ["aws:dynamodb/table:Table"];

export const pitr = resourceRule({
  id: "ddb-pitr",
  service: "DynamoDB",
  description: "Tables must have point-in-time recovery.",
  reason: "Without it a bad deployment or a deleted item is gone for good.",
  fix: "set pointInTimeRecovery: { enabled: true }.",
  severity: "critical",
  level: "mandatory",
  frameworks: [
    ...nag("AwsSolutions-DDB3", "HIPAA.Security-DynamoDBPITREnabled"),
    ...securityHub("DynamoDB.2"),
    ...hipaa("164.308(a)(7)(ii)(A)"),
  ],
  types: tables,
  judge({ props }, report) {
    const enabled = at(props, "pointInTimeRecovery.enabled");
    if (enabled !== true) report("pointInTimeRecovery.enabled", enabled, "true");
  },
  remediate(props) {
    props.pointInTimeRecovery = { enabled: true };
  },
});

/** DynamoDB keeps 35 days where none are named ("PointInTimeRecoverySpecification" in the API reference). */
const defaultRecoveryDays = 35;

export const pitrDays = resourceRule({
  id: "ddb-pitr-days",
  service: "DynamoDB",
  description: "Point-in-time recovery must reach far enough back.",
  reason: "A fault that is noticed after the window cannot be undone.",
  fix: "raise pointInTimeRecovery.recoveryPeriodInDays, or leave it out for 35.",
  severity: "medium",
  level: "mandatory-in-production",
  frameworks: [...hipaa("164.308(a)(7)(ii)(A)")],
  config: {
    days: {
      type: "integer",
      default: 7,
      minimum: 1,
      maximum: 35,
      description: "Shortest recovery window, in days.",
    },
  },
  types: tables,
  judge({ props }, report, { days }) {
    const path = "pointInTimeRecovery.recoveryPeriodInDays";
    const enabled = at(props, "pointInTimeRecovery.enabled") === true;
    const found = numberAt(props, path) ?? (enabled ? defaultRecoveryDays : undefined);
    if (found === undefined || found < days) report(path, found, `at least ${days}`);
  },
});

export const backupPlan = stackRule({
  id: "ddb-backup-plan",
  service: "DynamoDB",
  description: "Tables must be part of an AWS Backup plan.",
  reason: "Point-in-time recovery ends after 35 days and with the table; vaults outlive both.",
  fix: "name the table's ARN, or one of its tags, in an aws.backup.Selection.",
  severity: "high",
  level: "mandatory-in-production",
  frameworks: [
    ...nag("HIPAA.Security-DynamoDBInBackupPlan"),
    ...securityHub("DynamoDB.4"),
    ...hipaa("164.308(a)(7)(ii)(A)"),
  ],
  types: tables,
  judge(table, report, _config, stack) {
    const excluding = stack.namedBy(table, "notResources", selections);
    if (excluding.length > 0) report("notResources", table.name, "no table", excluding[0]);
    const isSelected =
      stack.namedBy(table, "resources", selections).length > 0 ||
      broadSelections(stack).some((selection) => selects(selection, table.props));
    if (!isSelected) report("Selection", undefined, "one that selects the table");
  },
});

const selections = "aws:backup/selection:Selection";

/** Selections by wildcard or tag; those that name the table are found through the stack's index. */
const broadSelections = perStack((stack) =>
  stack
    .ofType(selections)
    .map(({ props }) => ({
      patterns: knownTextsAt(props, "resources").filter((arn) => arn.includes("*")),
      tags: listAt(props, "selectionTags"),
    }))
    .filter(({ patterns, tags }) => patterns.length > 0 || tags.length > 0),
);

function selects(
  { patterns, tags }: { patterns: readonly string[]; tags: readonly unknown[] },
  table: unknown,
): boolean {
  return (
    tags.some((tag) => {
      const value = textAt(tag, "value");
      return value !== undefined && at(table, ["tags", `${at(tag, "key")}`]) === value;
    }) || patterns.some((pattern) => like(pattern, `${at(table, "arn")}`))
  );
}
