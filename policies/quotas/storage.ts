/** Quotas of what holds data, and of the keys that encrypt it. */
import { knownAt } from "../reading/read.ts";
import type { StackResource } from "../rule.ts";
import { amounts, each, lengthOf, numberOf, within } from "./counting.ts";
import type { Quota } from "./quota.ts";

const checked = "2026-11";
const unit = "";
const backup = { service: "backup", unit, source: "AWS Backup endpoints and quotas", checked };
const dynamodb = {
  service: "dynamodb",
  raisable: "yes",
  source: "Amazon DynamoDB Developer Guide, Quotas in Amazon DynamoDB",
  checked,
} as const;
const cognito = {
  service: "cognito-idp",
  unit,
  source: "Amazon Cognito Developer Guide, Quotas in Amazon Cognito",
  checked,
};

export const storageQuotas: readonly Quota[] = [
  {
    code: "L-F98FE922",
    service: "dynamodb",
    name: "Maximum number of tables",
    scope: "region",
    limit: 2_500,
    unit,
    raisable: 10_000,
    source: "Amazon DynamoDB Developer Guide, Quotas in Amazon DynamoDB",
    checked,
    count: each("aws:dynamodb/table:Table"),
  },
  {
    code: "L-F7858A77",
    service: "dynamodb",
    name: "Global Secondary Indexes per table",
    scope: "resource",
    limit: 20,
    unit,
    raisable: "yes",
    source: "Amazon DynamoDB Developer Guide, Quotas in Amazon DynamoDB",
    checked,
    count: (stack) =>
      stack.ofType("aws:dynamodb/table:Table").map((resource) => ({
        resource,
        amount: lengthOf(resource, "globalSecondaryIndexes"),
        holder: resource.urn,
      })),
  },
  ...throughputQuotas("read", {
    table: "L-CF0CBE56",
    account: "L-34F6A552",
    provisioned: "readCapacity",
    warm: "warmThroughput.readUnitsPerSecond",
  }),
  ...throughputQuotas("write", {
    table: "L-AB614373",
    account: "L-34F8CCC8",
    provisioned: "writeCapacity",
    warm: "warmThroughput.writeUnitsPerSecond",
  }),
  {
    code: "L-A1D42901",
    service: "application-autoscaling",
    name: "Scalable targets for DynamoDB",
    scope: "region",
    limit: 5_000,
    unit,
    raisable: "yes",
    source: "Application Auto Scaling User Guide, Quotas for Application Auto Scaling",
    checked,
    count: amounts(["aws:appautoscaling/target:Target"], ({ props }) =>
      knownAt(props, "serviceNamespace") === "dynamodb" ? 1 : 0,
    ),
  },
  {
    code: "L-DC2B2D3D",
    service: "s3",
    name: "General purpose buckets",
    scope: "account",
    limit: 10_000,
    unit,
    raisable: 1_000_000,
    source: "Amazon S3 User Guide, General purpose bucket quotas, limitations, and restrictions",
    checked,
    count: each("aws:s3/bucket:Bucket"),
  },
  {
    ...backup,
    code: "L-7705D2CB",
    name: "Backup vaults per Region per account",
    scope: "region",
    limit: 300,
    raisable: "yes",
    count: each("aws:backup/vault:Vault"),
  },
  {
    ...backup,
    code: "L-BD69F607",
    name: "Backup plans per Region per account",
    scope: "region",
    limit: 300,
    raisable: "yes",
    count: each("aws:backup/plan:Plan"),
  },
  {
    code: "L-C2F1777E",
    service: "kms",
    name: "Customer Master Keys (CMKs)",
    scope: "region",
    limit: 100_000,
    unit,
    raisable: "yes",
    source: "AWS KMS Developer Guide, Resource quotas",
    checked,
    count: each("aws:kms/key:Key"),
  },
  {
    ...cognito,
    code: "L-66E6DF30",
    name: "User pools per account",
    scope: "region",
    limit: 1_000,
    raisable: "yes",
    count: each("aws:cognito/userPool:UserPool"),
  },
  {
    ...cognito,
    code: "L-5EAB0605",
    name: "Apps per user pool",
    scope: "resource",
    limit: 1_000,
    raisable: "yes",
    count: within("aws:cognito/userPoolClient:UserPoolClient", "userPoolId"),
  },
  {
    ...cognito,
    code: "L-1B44D826",
    name: "Identity providers per user pool",
    scope: "resource",
    limit: 300,
    raisable: "yes",
    count: within("aws:cognito/identityProvider:IdentityProvider", "userPoolId"),
  },
  {
    ...cognito,
    code: "L-7CDAF993",
    name: "Resource servers per user pool",
    scope: "resource",
    limit: 25,
    raisable: "yes",
    count: within("aws:cognito/resourceServer:ResourceServer", "userPoolId"),
  },
  {
    ...cognito,
    code: "cognito-custom-domains",
    name: "Custom domains per account",
    scope: "region",
    limit: 4,
    raisable: "no",
    instead: "give the tenants a prefix of Cognito's own domain",
    count: amounts(["aws:cognito/userPoolDomain:UserPoolDomain"], ({ props, ...domain }) =>
      knownAt(props, "certificateArn") || domain.propertyDependencies.certificateArn?.length
        ? 1
        : 0,
    ),
  },
  {
    code: "L-F141DD1D",
    service: "acm",
    name: "ACM certificates",
    scope: "region",
    limit: 2_500,
    unit,
    raisable: "yes",
    source: "AWS Certificate Manager User Guide, Quotas",
    checked,
    count: each("aws:acm/certificate:Certificate"),
  },
];

interface Throughput {
  /** Code of the quota of a table, or of one of its indexes. */
  readonly table: string;
  /** Code of the quota of all provisioned tables and indexes together. */
  readonly account: string;
  readonly provisioned: string;
  readonly warm: string;
}

/** What is provisioned or kept warm. A ceiling asks for nothing, and what scaling may reach is not asked for yet. */
function throughputQuotas(
  what: "read" | "write",
  { table, account, provisioned, warm }: Throughput,
): readonly Quota[] {
  const unit = `${what} capacity units`;
  return [
    {
      ...dynamodb,
      code: table,
      name: `Table-level ${what} throughput limit`,
      scope: "resource",
      limit: 40_000,
      unit,
      count: (stack) =>
        stack.ofType("aws:dynamodb/table:Table").map((resource) => ({
          resource,
          amount: Math.max(...unitsOf(resource, provisioned), ...unitsOf(resource, warm)),
          holder: resource.urn,
        })),
    },
    {
      ...dynamodb,
      code: account,
      name: `Account-level ${what} throughput limit (Provisioned mode)`,
      scope: "region",
      limit: 80_000,
      unit,
      count: amounts(["aws:dynamodb/table:Table"], (resource) =>
        unitsOf(resource, provisioned).reduce((sum, units) => sum + units, 0),
      ),
    },
  ];
}

/** Of the table and each of its indexes. */
function unitsOf(table: StackResource, path: string): number[] {
  const indexes = Array.from({ length: lengthOf(table, "globalSecondaryIndexes") }, (_, index) =>
    numberOf(table, `globalSecondaryIndexes.${index}.${path}`),
  );
  return [numberOf(table, path), ...indexes];
}
