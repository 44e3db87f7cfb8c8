/** Which changes the provider cannot make in place: it makes a new resource instead. */
import { readFileSync } from "node:fs";
import type { Properties } from "./wire.ts";

interface Table {
  readonly types: Readonly<Record<string, { readonly replaces: readonly string[] }>>;
}

/** Read from the provider's own schema; what a condition decides is below. */
const { types }: Table = JSON.parse(
  readFileSync(new URL("force-new.json", import.meta.url), "utf8"),
);

/**
 * @param before value as deployed, undefined where there is none.
 * @param after value as it would be.
 */
export function replaces(type: string, property: string, before: unknown, after: unknown): boolean {
  if (property === "region") return true;
  const condition = conditions[type]?.[property];
  if (condition) return condition(before, after);
  return [...(types[type]?.replaces ?? []), ...(more[type] ?? [])].includes(property);
}

/** AWS's refusal of a change, which the provider makes at preview; undefined where there is none. */
export function refusalOf(type: string, before: Properties, after: Properties): string | undefined {
  if (type !== "aws:dynamodb/table:Table") return undefined;
  const [was, will] = [throughput(before.warmThroughput), throughput(after.warmThroughput)];
  const falls = was.read > will.read || was.write > will.write;
  return will.read > 0 && falls
    ? "warm_throughput values cannot be decreased (from " +
        `${was.read}/${was.write} to ${will.read}/${will.write} units a second)`
    : undefined;
}

function throughput(value: unknown): { readonly read: number; readonly write: number } {
  const unit = (name: string) =>
    typeof value === "object" && value !== null ? Number(Reflect.get(value, name) ?? 0) : 0;
  return { read: unit("readUnitsPerSecond"), write: unit("writeUnitsPerSecond") };
}

type Condition = (before: unknown, after: unknown) => boolean;

const field = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
const differIn =
  (name: string): Condition =>
  (before, after) =>
    field(before, name) !== field(after, name);
const isGiven = (value: unknown): boolean => value !== undefined && value !== null && value !== "";
const comesOrGoes: Condition = (before, after) => isGiven(before) !== isGiven(after);
const toAnother: Condition = (before, after) => isGiven(before) && isGiven(after);

const conditions: Readonly<Record<string, Readonly<Record<string, Condition>>>> = {
  "aws:acm/certificate:Certificate": { subjectAlternativeNames: toAnother },
  "aws:apigateway/authorizer:Authorizer": {
    type: (before, after) => [before, after].includes("COGNITO_USER_POOLS"),
  },
  "aws:cognito/userPool:UserPool": { usernameConfiguration: differIn("caseSensitive") },
  "aws:cognito/userPoolDomain:UserPoolDomain": { certificateArn: comesOrGoes },
  "aws:dynamodb/table:Table": {
    importTable: differIn("s3BucketSource"),
    restoreSourceName: toAnother,
    restoreSourceTableArn: toAnother,
  },
  "aws:lambda/function:Function": { durableConfig: comesOrGoes },
  "aws:s3/bucket:Bucket": { objectLockConfiguration: differIn("objectLockEnabled") },
};

/** Types that the table above has not, and what it leaves out. */
const more: Readonly<Record<string, readonly string[]>> = {
  "aws:acm/certificate:Certificate": ["domainName"],
  "aws:athena/namedQuery:NamedQuery": ["database", "description", "name", "query", "workgroup"],
  "aws:athena/workgroup:Workgroup": ["name"],
  "aws:budgets/budget:Budget": ["accountId", "name", "namePrefix"],
  "aws:cloudtrail/trail:Trail": ["name"],
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": ["vpcId"],
  "aws:ec2/routeTable:RouteTable": ["vpcId"],
  "aws:ec2/routeTableAssociation:RouteTableAssociation": ["gatewayId", "subnetId"],
  "aws:ec2/securityGroup:SecurityGroup": ["description", "name", "namePrefix", "vpcId"],
  "aws:ec2/subnet:Subnet": ["availabilityZone", "cidrBlock", "vpcId"],
  "aws:ec2/vpc:Vpc": ["cidrBlock"],
  "aws:ec2/vpcEndpoint:VpcEndpoint": ["serviceName", "vpcEndpointType", "vpcId"],
  "aws:glue/catalogDatabase:CatalogDatabase": ["catalogId", "name"],
  "aws:glue/catalogTable:CatalogTable": ["catalogId", "databaseName", "name"],
  "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": [
    "destination",
    "kinesisSourceConfiguration",
    "name",
  ],
  "aws:pipes/pipe:Pipe": ["name", "namePrefix", "source"],
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": ["securityGroupId"],
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": ["securityGroupId"],
};
