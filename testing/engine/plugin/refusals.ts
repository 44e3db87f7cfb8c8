/** Creations, updates and deletions that AWS refuses, in its own words. */
import { entriesOf, fieldsOf } from "../../../offline/fields.ts";
import type { Cloud, CloudResource } from "./cloud.ts";
import { isObject, type Properties } from "./wire.ts";

const table = "aws:dynamodb/table:Table";

/** AWS's message; undefined where it makes the resource. */
export function refusedCreation(type: string, inputs: Properties): string | undefined {
  if (type !== table) return undefined;
  const ceilings = [inputs, ...entriesOf(inputs.globalSecondaryIndexes)].flatMap(
    ({ onDemandThroughput }) => Object.entries(fieldsOf(onDemandThroughput)),
  );
  const wrong = ceilings.find(([, units]) => typeof units === "number" && units < 1);
  if (!wrong) return undefined;
  const units = `${wrong[0].charAt(0).toUpperCase()}${wrong[0].slice(1)}`;
  return (
    "1 error occurred: creating DynamoDB Table: operation error DynamoDB: CreateTable, ValidationException: " +
    `Requested ${units} for OnDemandThroughput for table is outside of valid range`
  );
}

/** AWS's message; undefined where it updates. @param props as deployed. @param changed what differs. */
export function refusedUpdate(
  type: string,
  props: Properties,
  news: Properties,
  changed: readonly string[],
): string | undefined {
  const others = ["billingMode", "deletionProtectionEnabled", "streamEnabled"];
  const isEmpty =
    type === table && leavesCeiling(props, news) && !others.some((one) => changed.includes(one));
  return isEmpty
    ? "1 error occurred: updating DynamoDB Table: operation error DynamoDB: UpdateTable, " +
        "ValidationException: At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, " +
        "GlobalSecondaryIndexUpdates or SSESpecification or ReplicaUpdates is required"
    : undefined;
}

/** The provider asks DynamoDB for nothing where a ceiling only leaves the program. */
export const leavesCeiling = (props: Properties, news: Properties): boolean =>
  isObject(props.onDemandThroughput) &&
  !isObject(news.onDemandThroughput) &&
  news.billingMode === "PAY_PER_REQUEST";

/** AWS's message; undefined where it deletes. */
export function refusedDeletion(cloud: Cloud, resource: CloudResource): string | undefined {
  return guarded(resource) ?? inUse(cloud, resource);
}

function guarded({ type, id, props, holds = 0, isImmutable }: CloudResource): string | undefined {
  switch (type) {
    case table:
      return props.deletionProtectionEnabled === true
        ? refusal(
            `DynamoDB Table (${id})`,
            "DynamoDB: DeleteTable, ValidationException: Resource cannot be deleted as it is " +
              "currently protected against deletion. Disable deletion protection first.",
          )
        : undefined;
    case "aws:cognito/userPool:UserPool":
      return props.deletionProtection === "ACTIVE"
        ? refusal(
            `Cognito User Pool (${id})`,
            "Cognito Identity Provider: DeleteUserPool, InvalidParameterException: The user pool " +
              "cannot be deleted because deletion protection is activated.",
          )
        : undefined;
    case "aws:s3/bucket:Bucket":
      return holds > 0 && props.forceDestroy !== true
        ? refusal(
            `S3 Bucket (${id})`,
            "S3: DeleteBucket, api error BucketNotEmpty: The bucket you tried to delete is not empty.",
          )
        : undefined;
    case "aws:backup/vault:Vault":
      return holds > 0 && props.forceDestroy !== true
        ? refusal(
            `Backup Vault (${id})`,
            "Backup: DeleteBackupVault, InvalidRequestException: Backup vault cannot be deleted " +
              "because it contains recovery points.",
          )
        : undefined;
    case "aws:athena/workgroup:Workgroup":
      return holds > 0 && props.forceDestroy !== true
        ? refusal(
            `Athena WorkGroup (${id})`,
            "Athena: DeleteWorkGroup, InvalidRequestException: WorkGroup is not empty",
          )
        : undefined;
    case "aws:backup/vaultLockConfiguration:VaultLockConfiguration":
      return isImmutable
        ? refusal(
            `Backup Vault Lock Configuration (${id})`,
            "Backup: DeleteBackupVaultLockConfiguration, InvalidRequestException: Vault lock " +
              "configuration is immutable.",
          )
        : undefined;
  }
  return undefined;
}

/** `[deleted, its property, what holds it, in which property, AWS's code]` */
const holders = [
  [
    "iam/role:Role",
    "name",
    "iam/rolePolicyAttachment:RolePolicyAttachment",
    "role",
    "DeleteConflict: Cannot delete entity, must detach all policies first.",
  ],
  [
    "iam/policy:Policy",
    "arn",
    "iam/rolePolicyAttachment:RolePolicyAttachment",
    "policyArn",
    "DeleteConflict: Cannot delete a policy attached to entities.",
  ],
  [
    "backup/plan:Plan",
    "id",
    "backup/selection:Selection",
    "planId",
    "InvalidRequestException: Related backup plan selections must be deleted prior to backup plan deletion.",
  ],
  [
    "cognito/userPool:UserPool",
    "id",
    "cognito/userPoolDomain:UserPoolDomain",
    "userPoolId",
    "InvalidParameterException: User pool cannot be deleted. It has a domain configured that should be deleted first.",
  ],
  [
    "wafv2/webAcl:WebAcl",
    "arn",
    "wafv2/webAclAssociation:WebAclAssociation",
    "webAclArn",
    "WAFAssociatedItemException: AWS WAF couldn't perform the operation because your resource is being used by another resource.",
  ],
  [
    "apigateway/deployment:Deployment",
    "id",
    "apigateway/stage:Stage",
    "deployment",
    "BadRequestException: Active stages pointing to this deployment must be moved or deleted",
  ],
  [
    "acm/certificate:Certificate",
    "arn",
    "apigateway/domainName:DomainName",
    "regionalCertificateArn",
    "ResourceInUseException: Certificate is in use.",
  ],
] as const;

function inUse(cloud: Cloud, { type, id, props }: CloudResource): string | undefined {
  for (const [held, property, holder, reference, says] of holders) {
    if (type !== `aws:${held}`) continue;
    const value = property === "id" ? id : props[property];
    const isHeld = cloud.list(`aws:${holder}`).some(({ props }) => props[reference] === value);
    if (isHeld) return refusal(`${type.split(":").at(-1)} (${id})`, says);
  }
  return undefined;
}

const refusal = (what: string, says: string): string =>
  `1 error occurred: deleting ${what}: operation error ${says}`;
