/**
 * `offline/functions/`: answers to those functions of `@pulumi/aws` that compute, or that ask for the
 * caller's own account and region. Any other function asks AWS: what it returns stays unknown.
 */
import { type Partition, partitionOf } from "../../components/partition.ts";
import { arnParts } from "./arn.ts";
import { policyDocument } from "./policy-document.ts";

export interface Caller {
  readonly accountId: string;
  readonly region: string;
}

type Arguments = Readonly<Record<string, unknown>>;
type Answer = (args: Arguments, caller: Caller) => Record<string, unknown>;

/** @returns undefined for a function that only AWS can answer. */
export const answerOf = (
  token: string,
  args: Arguments,
  caller: Caller,
): Record<string, unknown> | undefined => answers.get(token)?.(args, caller);

const answers = new Map<string, Answer>([
  ["aws:iam/getPolicyDocument:getPolicyDocument", policyDocument],
  ["aws:index/getArn:getArn", ({ arn }) => arnParts(arn)],
  [
    "aws:index/getCallerIdentity:getCallerIdentity",
    (_, { accountId, region }) => ({
      accountId,
      arn: `arn:${partitionOf(region).partition}:iam::${accountId}:root`,
      id: accountId,
      userId: accountId,
    }),
  ],
  [
    "aws:index/getPartition:getPartition",
    (_, { region }) => ({ id: partitionOf(region).partition, ...namesOf(partitionOf(region)) }),
  ],
  [
    "aws:index/getRegion:getRegion",
    (args, caller) => {
      const region = regionOf(args, caller);
      return { id: region, name: region, region, description: "" };
    },
  ],
  [
    "aws:index/getAvailabilityZones:getAvailabilityZones",
    (args, caller) => zonesOf(regionOf(args, caller)),
  ],
]);

const namesOf = ({ partition, dnsSuffix, reverseDnsPrefix }: Partition) => ({
  partition,
  dnsSuffix,
  reverseDnsPrefix,
});

/** `region` took the place of `name` with version 7 of the provider. */
const regionOf = ({ region, name }: Arguments, caller: Caller): string =>
  [region, name].find((one) => typeof one === "string" && one !== "")?.toString() ?? caller.region;

/**
 * Zones that an account may be shown: letters have gaps in some regions, and an account of us-west-1
 * has two in all (EC2 User Guide, "Regions and Zones").
 */
function zonesOf(region: string) {
  const names = [...(zoneLetters.get(region) ?? "abc")].map((letter) => `${region}${letter}`);
  const zoneIds = names.map((name) => `id-${name}`);
  return { id: region, names, zoneIds, groupNames: [region] };
}

const zoneLetters = new Map([
  ["ap-northeast-1", "acd"],
  ["ca-central-1", "abd"],
  ["cn-north-1", "abd"],
  ["us-west-1", "ac"],
]);
