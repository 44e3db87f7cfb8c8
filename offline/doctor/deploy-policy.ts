/**
 * What a role that runs `pulumi up` needs, by the types of the records. The table is AWS's own for CloudFormation,
 * whose handlers call the same APIs; the provider may ask for more, and AWS's refusal then names the action.
 */
import { statementsOf } from "../../policies/reading/policy-document.ts";
import { fieldsOf, listOf } from "../fields.ts";
import type { ResourceRecord } from "../record.ts";
import deployActions from "./deploy-actions.json" with { type: "json" };
import { mostPolicyCharacters } from "./role-needs.ts";
import { serviceRolesOf } from "./service-roles.ts";

const table: Readonly<Record<string, readonly string[]>> = deployActions.types;

export interface DeployStatement {
  readonly Sid: string;
  readonly Effect: "Allow";
  readonly Action: readonly string[];
  readonly Resource: "*";
  readonly Condition?: {
    readonly StringEquals: Readonly<Record<string, readonly string[]>>;
  };
}

export interface DeployPolicy {
  readonly Version: "2012-10-17";
  readonly Statement: readonly DeployStatement[];
}

export interface DeployNeeds {
  /** As few as AWS's limit of a managed policy allows; a role takes ten. */
  readonly policies: readonly DeployPolicy[];
  /** Types that the table does not know. */
  readonly unknown: readonly string[];
}

export function deployNeeds(records: readonly ResourceRecord[]): DeployNeeds {
  const made = records.filter(({ custom, type }) => custom && type.startsWith("aws:"));
  const types = [...new Set(made.map(({ type }) => type))].sort();
  const actions = [
    ...types.flatMap((type) => table[type] ?? []),
    ...special.flatMap(({ where, actions }) => (made.some(where) ? actions : [])),
  ];
  return {
    policies: split(statements(made, [...new Set(actions)].sort())),
    unknown: types.filter((type) => table[type] === undefined),
  };
}

interface Special {
  readonly where: (record: ResourceRecord) => boolean;
  readonly actions: readonly string[];
}

/** What some resources of a type need and others do not. */
const special: readonly Special[] = [
  {
    // DynamoDB copies with the caller's own permissions (DynamoDB Developer Guide, "Global tables security").
    where: ({ type, inputs }) =>
      type === "aws:dynamodb/table:Table" && listOf(inputs.replicas).length > 0,
    actions: [
      "BatchWriteItem",
      "DeleteItem",
      "DeleteTableReplica",
      "GetItem",
      "PutItem",
      "Query",
      "Scan",
      "UpdateItem",
    ].map((name) => `dynamodb:${name}`),
  },
  {
    // The provider empties what it is to destroy by force, version by version.
    where: ({ type, inputs }) => type === "aws:s3/bucket:Bucket" && inputs.forceDestroy === true,
    actions: ["DeleteObject", "DeleteObjectVersion", "ListBucketVersions"].map(
      (name) => `s3:${name}`,
    ),
  },
  {
    where: ({ type, inputs }) => type === "aws:backup/vault:Vault" && inputs.forceDestroy === true,
    actions: [
      "DeleteRecoveryPoint",
      "DescribeRecoveryPoint",
      "ListRecoveryPointsByBackupVault",
    ].map((name) => `backup:${name}`),
  },
  {
    // AWS Lambda Developer Guide, "Giving Lambda functions access to resources in an Amazon VPC".
    where: ({ type, inputs }) =>
      type === "aws:lambda/function:Function" && "subnetIds" in fieldsOf(inputs.vpcConfig),
    actions: ["DescribeSecurityGroups", "DescribeSubnets", "DescribeVpcs"].map(
      (name) => `ec2:${name}`,
    ),
  },
  {
    where: ({ type }) => type === "aws:ec2/subnet:Subnet",
    actions: ["ec2:DescribeAvailabilityZones", "ec2:DescribePrefixLists"],
  },
  {
    // Services encrypt with a key on behalf of whoever makes the resource.
    where: ({ inputs }) => /"arn:[\w-]+:kms:/.test(JSON.stringify(inputs)),
    actions: ["CreateGrant", "Decrypt", "DescribeKey", "Encrypt", "GenerateDataKey"].map(
      (name) => `kms:${name}`,
    ),
  },
];

function statements(
  records: readonly ResourceRecord[],
  actions: readonly string[],
): DeployStatement[] {
  const byService = Map.groupBy(actions, (action) => action.split(":")[0] ?? "");
  const plain = [...byService].map(([service, Action]) => statement(service, Action));
  return [...plain, ...passing(records), ...linking(records)];
}

const statement = (service: string, Action: readonly string[]): DeployStatement => ({
  Sid: service.replace(/[^A-Za-z0-9]/g, ""),
  Effect: "Allow",
  Action,
  Resource: "*",
});

/** Roles go to the services that they trust, and to no other. */
function passing(records: readonly ResourceRecord[]): DeployStatement[] {
  const services = records
    .filter(({ type }) => type === "aws:iam/role:Role")
    .flatMap(({ inputs }) => statementsOf(inputs.assumeRolePolicy))
    .flatMap(({ principals }) => principals)
    .flatMap((principal) => /^Service:(.+)$/.exec(principal)?.[1] ?? []);
  return limited("PassRole", "iam:PassRole", "iam:PassedToService", services);
}

function linking(records: readonly ResourceRecord[]): DeployStatement[] {
  const services = serviceRolesOf(records).map(({ service }) => service);
  return limited("ServiceRoles", "iam:CreateServiceLinkedRole", "iam:AWSServiceName", services);
}

function limited(
  Sid: string,
  action: string,
  key: string,
  services: readonly string[],
): DeployStatement[] {
  if (services.length === 0) return [];
  const Condition = { StringEquals: { [key]: [...new Set(services)].sort() } };
  return [{ Sid, Effect: "Allow", Action: [action], Resource: "*", Condition }];
}

/** One after the other, each as full as AWS lets it be. */
function split(all: readonly DeployStatement[]): DeployPolicy[] {
  const policies: DeployStatement[][] = [];
  for (const one of all) {
    const last = policies.at(-1);
    if (last === undefined || size([...last, one]) > mostPolicyCharacters) policies.push([one]);
    else last.push(one);
  }
  return policies.map(document);
}

const document = (Statement: readonly DeployStatement[]): DeployPolicy => ({
  Version: "2012-10-17",
  Statement,
});

const size = (all: readonly DeployStatement[]): number => JSON.stringify(document(all)).length;
