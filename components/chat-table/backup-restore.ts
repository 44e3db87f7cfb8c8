/** Restoring from a tenant's scheduled backups: the role that AWS Backup does it as, and regular tests. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { DescribeResource, Transform } from "../component.ts";
import { type Encryption, kmsKeyArn } from "../encryption.ts";
import { type PolicyStatement, policyDocument, regionOf } from "../iam.ts";
import { serviceHost } from "../partition.ts";

/** How often AWS Backup restores the newest backup to a table of its own, and deletes that again. */
export type RestoreTest = "off" | "daily" | "weekly" | "monthly";

export interface RestoreTransform {
  restoreRole?: Transform<aws.iam.RoleArgs>;
  restorePolicy?: Transform<aws.iam.PolicyArgs>;
  restoreTestingPlan?: Transform<aws.backup.RestoreTestingPlanArgs>;
  restoreTestingSelection?: Transform<aws.backup.RestoreTestingSelectionArgs>;
}

export interface RestoreRole {
  readonly role: aws.iam.Role;
  readonly policy: aws.iam.Policy;
  readonly attachment: aws.iam.RolePolicyAttachment;
}

interface RoleRequest {
  /** Trust policy, permissions boundary and tags. */
  readonly roleArgs: aws.iam.RoleArgs;
  readonly tags: Record<string, pulumi.Input<string>>;
  readonly tableArn: pulumi.Input<string>;
  readonly encryption: Encryption;
  readonly restoreTest: RestoreTest;
  readonly transform: RestoreTransform | undefined;
}

/** It stays with the vault, whose tag names it: backups that outlive the stack can still be restored. */
export function createRestoreRole(
  name: string,
  request: RoleRequest,
  describe: DescribeResource,
): RestoreRole {
  const { roleArgs, tags, transform } = request;
  const role = new aws.iam.Role(name, ...describe(roleArgs, transform?.restoreRole));
  const policy = new aws.iam.Policy(
    name,
    ...describe(
      { policy: policyDocument(restoreStatements(request)), tags },
      transform?.restorePolicy,
    ),
  );
  const attachment = new aws.iam.RolePolicyAttachment(
    name,
    ...describe({ role: role.name, policyArn: policy.arn }),
  );
  return { role, policy, attachment };
}

/**
 * What AWS's `AWSBackupServiceRolePolicyForRestores` says of DynamoDB, for this table's restores alone.
 * (AWS Backup Developer Guide, "Managed policies"; DynamoDB Developer Guide, "Using IAM with DynamoDB
 * backup and restore": restoring needs to read and write the new table.)
 */
function restoreStatements(request: RoleRequest): PolicyStatement[] {
  const table = pulumi.output(request.tableArn);
  const restored = [table.apply((arn) => `${arn.replace(/-at-\d{8}T\d{6}Z$/, "")}-at-*`)];
  if (request.restoreTest !== "off") {
    // The names that AWS Backup gives ("Restore testing inferred metadata").
    restored.push(table.apply((arn) => `${arn.replace(/\/.*$/, "")}/awsbackup-restore-test-*`));
  }
  return [
    {
      Sid: "RestoreToNewTables",
      Effect: "Allow",
      Action: [
        "dynamodb:BatchWriteItem",
        "dynamodb:DeleteItem",
        "dynamodb:DescribeTable",
        "dynamodb:GetItem",
        "dynamodb:PutItem",
        "dynamodb:Query",
        "dynamodb:RestoreTableFromAwsBackup",
        "dynamodb:Scan",
        "dynamodb:UpdateItem",
      ],
      Resource: restored,
    },
    ...keyStatements(request.encryption, regionOf(table)),
  ];
}

/** One key encrypts the table, its restores and the vault. */
function keyStatements(encryption: Encryption, region: pulumi.Output<string>): PolicyStatement[] {
  const key = kmsKeyArn(encryption);
  if (key === undefined) return [];
  const services = ["dynamodb", "backup"].map((service) =>
    pulumi.output(region).apply((name) => serviceHost(service, name)),
  );
  return [
    { Sid: "DescribeKey", Effect: "Allow", Action: ["kms:DescribeKey"], Resource: [key] },
    {
      Sid: "UseKey",
      Effect: "Allow",
      Action: ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"],
      Resource: [key],
      Condition: { StringEquals: { "kms:ViaService": services } },
    },
    {
      Sid: "GrantKeyToAws",
      Effect: "Allow",
      Action: ["kms:CreateGrant"],
      Resource: [key],
      Condition: { Bool: { "kms:GrantIsForAWSResource": "true" } },
    },
  ];
}

export interface RestoreTesting {
  readonly plan: aws.backup.RestoreTestingPlan;
  readonly selection: aws.backup.RestoreTestingSelection;
}

interface TestingRequest {
  readonly restoreTest: Exclude<RestoreTest, "off">;
  readonly vault: aws.backup.Vault;
  readonly retentionDays: number;
  readonly tableArn: pulumi.Input<string>;
  readonly encryption: Encryption;
  readonly role: RestoreRole;
  readonly tags: Record<string, pulumi.Input<string>>;
  readonly transform: RestoreTransform | undefined;
}

/** At noon in UTC, when the backup of the morning is done. */
const schedules: Readonly<Record<TestingRequest["restoreTest"], string>> = {
  daily: "cron(0 12 * * ? *)",
  weekly: "cron(0 12 ? * MON *)",
  monthly: "cron(0 12 1 * ? *)",
};

/** AWS Backup deletes the table of a test as its own service-linked role, once the test is over. */
export function createRestoreTesting(
  name: string,
  request: TestingRequest,
  describe: DescribeResource,
): RestoreTesting {
  const { restoreTest, vault, retentionDays, tableArn, role, tags, transform } = request;
  const plan = new aws.backup.RestoreTestingPlan(
    name,
    ...describe(
      {
        // The provider makes no name, and AWS takes letters, digits and underscores only.
        name: vault.name.apply((vaultName) => vaultName.replaceAll(/\W/g, "_").slice(0, 50)),
        scheduleExpression: schedules[restoreTest],
        scheduleExpressionTimezone: "Etc/UTC",
        recoveryPointSelection: {
          algorithm: "LATEST_WITHIN_WINDOW",
          includeVaults: [vault.arn],
          recoveryPointTypes: ["SNAPSHOT"],
          selectionWindowDays: Math.min(365, retentionDays),
        },
        tags,
      },
      transform?.restoreTestingPlan,
    ),
  );
  const key = kmsKeyArn(request.encryption);
  const selection = new aws.backup.RestoreTestingSelection(
    name,
    ...describe(
      {
        name: "table",
        restoreTestingPlanName: plan.name,
        protectedResourceType: "DynamoDB",
        protectedResourceArns: [tableArn],
        iamRoleArn: role.role.arn,
        // "Default" is a key that AWS owns; without it the provider keeps an earlier key.
        restoreMetadataOverrides:
          key === undefined
            ? { encryptionType: "Default" }
            : { encryptionType: "KMS", kmsMasterKeyArn: key },
        validationWindowHours: 1,
      },
      transform?.restoreTestingSelection,
      { dependsOn: [role.attachment] },
    ),
  );
  return { plan, selection };
}
