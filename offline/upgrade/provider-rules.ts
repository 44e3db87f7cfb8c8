/**
 * What the AWS provider decides in code, where its schema alone says nothing or too much (`CustomizeDiff`
 * and `ModifyPlan` in hashicorp/terraform-provider-aws 6.58, `internal/service/…`).
 */
import { entriesOf, type Fields, fieldsOf } from "../fields.ts";

export interface RuleOutcome {
  /** Paths of inputs for which this change replaces the resource. */
  readonly replaces?: readonly string[];
  /** The provider refuses the change in the preview already. */
  readonly refuses?: readonly Refused[];
  /** What is made again inside a resource that stays, by path. */
  readonly recreates?: readonly { readonly path: string; readonly what: string }[];
}

export interface Refused {
  readonly path: string;
  readonly reason: string;
  /** What to write in place of it. */
  readonly instead: string;
}

/** Outputs that the provider makes anew in a resource that stays. */
export interface Renewal {
  readonly outputs: readonly string[];
  /** Whether these changed properties renew them. */
  readonly isDue: (changed: readonly string[], after: Fields) => boolean;
}

export interface ProviderRule {
  readonly judge?: (before: Fields, after: Fields) => RuleOutcome;
  /** Fields of those rules that refer to other resources: another id there replaces. */
  readonly references?: readonly string[];
  readonly renews?: Renewal;
  /** Blocks of which `enabled: false` is the same to the provider as no block at all. */
  readonly offIsNone?: readonly string[];
}

export const providerRules: Readonly<Record<string, ProviderRule>> = {
  "aws:acm/certificate:Certificate": {
    // An imported certificate is imported again; a requested one is for its names for good.
    judge: (before, after) => ({
      replaces: changed(before, after, "domainName", "subjectAlternativeNames").filter(
        () => before.privateKey === undefined && after.privateKey === undefined,
      ),
    }),
  },
  "aws:apigateway/authorizer:Authorizer": {
    judge: (before, after) => {
      const [from, to] = [before.type ?? "TOKEN", after.type ?? "TOKEN"];
      const isCognito = [from, to].includes("COGNITO_USER_POOLS");
      return from !== to && isCognito ? { replaces: ["type"] } : {};
    },
  },
  "aws:cognito/userPoolDomain:UserPoolDomain": {
    judge: (before, after) => onlyWhereAddedOrGone(before, after, "certificateArn"),
  },
  "aws:dynamodb/table:Table": {
    judge: tableRules,
    offIsNone: ["pointInTimeRecovery", "serverSideEncryption"],
  },
  "aws:ec2/natGateway:NatGateway": {
    // Of a private gateway another count of addresses, of a regional one whether AWS chooses the zones.
    judge: (before, after) => ({
      replaces: [
        ...changed(before, after, "secondaryPrivateIpAddressCount").filter(
          (path) => after.connectivityType === "private" && isSaid(after[path]),
        ),
        ...["availabilityZoneAddresses"].filter(
          (path) =>
            after.availabilityMode === "regional" &&
            (entriesOf(before[path]).length === 0) !== (entriesOf(after[path]).length === 0),
        ),
      ],
    }),
  },
  "aws:ec2/subnet:Subnet": {
    judge: (before, after) => ({
      replaces: changed(before, after, "ipv6CidrBlock").filter(
        () => before.assignIpv6AddressOnCreation === true,
      ),
    }),
  },
  "aws:ec2/vpc:Vpc": {
    // Only from dedicated to default does a network change in place.
    judge: (before, after) => ({
      replaces: changed(before, after, "instanceTenancy").filter(
        () => (after.instanceTenancy ?? "default") !== "default",
      ),
    }),
  },
  "aws:ec2/vpcEndpoint:VpcEndpoint": {
    judge: (before, after) => ({
      replaces: changed(before, after, "privateDnsEnabled").filter(
        () => after.vpcEndpointType !== "Interface",
      ),
    }),
  },
  "aws:lambda/function:Function": {
    judge: (before, after) => onlyWhereAddedOrGone(before, after, "durableConfig"),
    // Another code or configuration is another version.
    renews: {
      outputs: ["qualifiedArn", "qualifiedInvokeArn", "version"],
      isDue: (changed, { publish }) =>
        publish === true && changed.some((property) => !besideVersions.includes(property)),
    },
  },
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": securityGroupRule(),
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": securityGroupRule(),
};

/** What a function has once for all its versions, or the provider alone knows. */
const besideVersions = [
  "codeSigningConfigArn",
  "publish",
  "replaceSecurityGroupsOnDestroy",
  "replacementSecurityGroupIds",
  "reservedConcurrentExecutions",
  "skipDestroy",
  "tags",
  "tagsAll",
];

function tableRules(before: Fields, after: Fields): RuleOutcome {
  const sources = ["restoreSourceName", "restoreSourceTableArn"];
  return {
    // Forgetting where a table was restored from changes nothing.
    replaces: changed(before, after, ...sources).filter((path) => isSaid(after[path])),
    refuses: [
      ...lessWarm(before.warmThroughput, after.warmThroughput, "warmThroughput"),
      ...entriesOf(before.globalSecondaryIndexes).flatMap((index) => {
        const now = entriesOf(after.globalSecondaryIndexes).find(({ name }) => name === index.name);
        const path = `globalSecondaryIndexes[name=${index.name}].warmThroughput`;
        return now ? lessWarm(index.warmThroughput, now.warmThroughput, path) : [];
      }),
    ],
    recreates: entriesOf(before.replicas).flatMap((replica) => {
      const { regionName, kmsKeyArn } = replica;
      const now = entriesOf(after.replicas).find((one) => one.regionName === regionName);
      return now && now.kmsKeyArn !== kmsKeyArn
        ? [{ path: `replicas[regionName=${regionName}].kmsKeyArn`, what: "the replica" }]
        : [];
    }),
  };
}

/**
 * What a table once served at once it must go on serving: DynamoDB lowers it never, and raises it by itself as the
 * table is used. After a refresh the program may thus ask for less than there is.
 */
function lessWarm(before: unknown, after: unknown, path: string): Refused[] {
  const [from, to] = [fieldsOf(before), fieldsOf(after)];
  return (["readUnitsPerSecond", "writeUnitsPerSecond"] as const).flatMap((field) =>
    typeof from[field] === "number" && typeof to[field] === "number" && to[field] < from[field]
      ? [
          {
            path: `${path}.${field}`,
            reason: `would fall from ${from[field]} to ${to[field]}: warm throughput cannot be decreased`,
            instead: `Ask for ${from[field]} or more, or leave it out: the table stays as warm as it is`,
          },
        ]
      : [],
  );
}

/** A rule is for one source: an address may become another one, but no group. */
function securityGroupRule(): ProviderRule {
  const sources = ["cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId"];
  return {
    judge: (before, after) => {
      const [from, to] = [before, after].map((one) => sources.find((name) => isSaid(one[name])));
      return from === to ? {} : { replaces: [from, to].filter((name) => name !== undefined) };
    },
  };
}

/** Another value is an update; from none or to none is another resource. */
function onlyWhereAddedOrGone(before: Fields, after: Fields, property: string): RuleOutcome {
  return isSaid(before[property]) === isSaid(after[property]) ? {} : { replaces: [property] };
}

const changed = (before: Fields, after: Fields, ...properties: readonly string[]): string[] =>
  properties.filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));

const isSaid = (value: unknown): boolean => value !== undefined && value !== null && value !== "";
