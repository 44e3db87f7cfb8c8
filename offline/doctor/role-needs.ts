/** What the roles of the records may do, and the boundary that would let them. */
import { attachmentsOf, attachmentTypes } from "../../policies/iam/attachments.ts";
import { statementsOf } from "../../policies/reading/policy-document.ts";
import { entriesOf } from "../fields.ts";
import { plainOptions, type ResourceRecord } from "../record.ts";

export interface RoleNeeds {
  /** Roles of the records. */
  readonly count: number;
  /** Logical names of those that no boundary caps. */
  readonly unbound: readonly string[];
  readonly boundaries: readonly string[];
  /** Exact, sorted: `dynamodb:Query`. */
  readonly actions: readonly string[];
  /** AWS's own policies whose actions are not listed here, and policies that the records do not have. */
  readonly unread: readonly string[];
}

/**
 * What AWS's own policies are attached for. They allow many services; of AWS Backup's the part for tables is taken. From the
 * policies' documents: AWSBackupServiceRolePolicyForBackup of 2026-02-23, the other of 2015-11-11.
 */
const managed: Readonly<Record<string, readonly string[]>> = {
  "service-role/AWSBackupServiceRolePolicyForBackup": [
    "backup:CopyFromBackupVault",
    "backup:CopyIntoBackupVault",
    "backup:DescribeBackupVault",
    "backup:TagResource",
    "dynamodb:CreateBackup",
    "dynamodb:DeleteBackup",
    "dynamodb:DescribeBackup",
    "dynamodb:DescribeTable",
    "dynamodb:ListTagsOfResource",
    "dynamodb:StartAwsBackupJob",
    "kms:CreateGrant",
    "kms:Decrypt",
    "kms:DescribeKey",
    "kms:GenerateDataKey",
    "tag:GetResources",
  ],
  "service-role/AmazonAPIGatewayPushToCloudWatchLogs": [
    "logs:CreateLogGroup",
    "logs:CreateLogStream",
    "logs:DescribeLogGroups",
    "logs:DescribeLogStreams",
    "logs:FilterLogEvents",
    "logs:GetLogEvents",
    "logs:PutLogEvents",
  ],
};

export function roleNeeds(records: readonly ResourceRecord[]): RoleNeeds {
  const roles = records.filter(({ type }) => type === "aws:iam/role:Role");
  const attached = records
    .filter(({ type }) => attachmentTypes.includes(type))
    .flatMap(({ type, name, urn, inputs }) =>
      attachmentsOf({ type, name, urn, props: inputs, opts: plainOptions }).map(({ arn }) => arn),
    );
  const own = new Set(
    records
      .filter(({ type }) => type === "aws:iam/policy:Policy")
      .map(({ outputs }) => outputs.arn),
  );
  const awsNames = attached.flatMap(
    (arn) => /^arn:[\w-]+:iam::aws:policy\/(.+)$/.exec(arn)?.[1] ?? [],
  );
  const foreign = attached.filter((arn) => !own.has(arn) && !arn.includes(":iam::aws:"));
  const actions = new Set([
    ...records.flatMap(documentsOf).flatMap(allowedBy),
    ...awsNames.flatMap((name) => managed[name] ?? []),
  ]);
  const boundaries = roles
    .map(({ inputs }) => inputs.permissionsBoundary)
    .filter((arn) => typeof arn === "string");
  return {
    count: roles.length,
    unbound: roles.filter(({ inputs }) => !inputs.permissionsBoundary).map(({ name }) => name),
    boundaries: [...new Set(boundaries.filter((arn) => arn !== ""))],
    actions: [...actions].sort(),
    unread: [...new Set([...awsNames.filter((name) => !(name in managed)), ...foreign])],
  };
}

/** Identity policies alone: what a key or a bucket allows is no matter of the boundary. */
function documentsOf({ type, inputs }: ResourceRecord): unknown[] {
  if (type === "aws:iam/role:Role") {
    return entriesOf(inputs.inlinePolicies).map(({ policy }) => policy);
  }
  return ["aws:iam/policy:Policy", "aws:iam/rolePolicy:RolePolicy"].includes(type)
    ? [inputs.policy]
    : [];
}

const allowedBy = (document: unknown): readonly string[] =>
  statementsOf(document)
    .filter(({ effect }) => effect === "Allow")
    .flatMap(({ actions }) => actions);

export interface BoundaryDocument {
  readonly Version: "2012-10-17";
  readonly Statement: readonly {
    readonly Sid: string;
    readonly Effect: "Allow";
    readonly Action: readonly string[];
    readonly Resource: "*";
  }[];
}

/**
 * A policy that allows the actions and no other, a statement for each service. A boundary only caps: which
 * resources a role reaches stays a matter of the role's own policies.
 */
export function boundaryDocument(actions: readonly string[]): BoundaryDocument {
  const sorted = [...new Set(actions)].sort();
  const services = Map.groupBy(sorted, (action) => action.split(":")[0] ?? "");
  return {
    Version: "2012-10-17",
    Statement: [...services].map(([service, Action]) => ({
      Sid: service.replace(/[^A-Za-z0-9]/g, ""),
      Effect: "Allow",
      Action,
      Resource: "*",
    })),
  };
}

/** Characters that a managed policy may have, white space aside. (IAM User Guide, "IAM and AWS STS quotas".) */
export const mostPolicyCharacters = 6_144;
