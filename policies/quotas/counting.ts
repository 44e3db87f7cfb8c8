/** Ways in which resources count against a quota. None of them throws at values that are unknown at preview. */
import { knownAt, knownTextsAt } from "../reading/read.ts";
import type { Stack, StackResource } from "../rule.ts";
import type { Quota, Use } from "./quota.ts";

type Count = Quota["count"];

/** One for each resource of the types. */
export const each =
  (...types: string[]): Count =>
  (stack) =>
    stack.ofType(...types).map((resource) => ({ resource, amount: 1 }));

/** As much as each resource says, where it says anything. */
export const amounts =
  (types: readonly string[], amount: (resource: StackResource) => number): Count =>
  (stack) =>
    stack
      .ofType(...types)
      .map((resource) => ({ resource, amount: amount(resource) }))
      .filter((use) => use.amount > 0);

/** One for each resource of the type, counted for the resource that the property names. */
export const within =
  (type: string, property: string): Count =>
  (stack) =>
    stack.ofType(type).map((resource) => ({
      resource,
      amount: 1,
      holder: holderOf(resource, property),
    }));

/** One for each NAT gateway, counted for the zone of its subnet. */
export const natGatewaysByZone: Count = (stack) =>
  stack.ofType("aws:ec2/natGateway:NatGateway").map((resource) => {
    const [subnet] = resource.propertyDependencies.subnetId ?? [];
    const zone = knownTextsAt(subnet?.props ?? {}, "availabilityZone")[0];
    return { resource, amount: 1, holder: zone ?? subnet?.urn ?? resource.name };
  });

function holderOf({ props, propertyDependencies, name }: StackResource, property: string): string {
  const [source] = propertyDependencies[property] ?? [];
  return source?.urn ?? knownTextsAt(props, property)[0] ?? name;
}

/** Characters of a policy document, without white space, which IAM does not count. */
export const policyLength =
  (type: string, property: string): Count =>
  (stack) =>
    stack.ofType(type).map((resource) => {
      const found = knownAt(resource.props, property);
      const amount = typeof found === "string" ? found.replaceAll(/\s/g, "").length : undefined;
      return { resource, amount, holder: resource.urn };
    });

export function numberOf({ props }: StackResource, property: string): number {
  const found = Number(knownAt(props, property) ?? 0);
  return Number.isFinite(found) ? found : 0;
}

/** Length of a list. */
export function lengthOf({ props }: StackResource, property: string): number {
  const found = knownAt(props, property);
  return Array.isArray(found) ? found.length : 0;
}

/**
 * Entries that AWS WAF writes into the one log policy that lets it log: the ARN of each log group. A policy of the stack's
 * own for `aws-waf-logs-*` makes them needless.
 */
export function firewallLogGroups(stack: Stack): Use[] {
  const ownPolicies = stack.ofType("aws:cloudwatch/logResourcePolicy:LogResourcePolicy");
  const covers = ({ props }: StackResource) =>
    /:log-group:aws-waf-logs-\*/.test(String(knownAt(props, "policyDocument")));
  if (ownPolicies.some(covers)) return [];
  return stack.ofType("aws:cloudwatch/logGroup:LogGroup").flatMap((resource) => {
    const name = logGroupName(resource);
    if (!name?.startsWith("aws-waf-logs-")) return [];
    const region = String(knownAt(resource.provider?.props, "region") ?? "ap-northeast-1");
    const arn = `arn:aws:logs:${region}:123456789012:log-group:${name}:log-stream:*`;
    return [{ resource, amount: `"${arn}",`.length }];
  });
}

/** With the 26 characters that the provider adds to a prefix. */
function logGroupName({ props }: StackResource): string | undefined {
  const prefix = knownAt(props, "namePrefix");
  if (typeof prefix === "string" && prefix !== "") return prefix + "0".repeat(26);
  const name = knownAt(props, "name");
  return typeof name === "string" ? name : undefined;
}

/** What WAF's log policy has without any log group. */
export const firewallPolicyFrame = JSON.stringify({
  Version: "2012-10-17",
  Statement: [
    {
      Sid: "AWSLogDeliveryWrite20150319",
      Effect: "Allow",
      Principal: { Service: ["delivery.logs.amazonaws.com"] },
      Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
      Resource: [],
      Condition: {
        StringEquals: { "aws:SourceAccount": ["123456789012"] },
        ArnLike: { "aws:SourceArn": ["arn:aws:logs:ap-northeast-1:123456789012:*"] },
      },
    },
  ],
}).length;

/** Rules that DynamoDB makes in Contributor Insights for a table or an index with a sort key: two for each event. */
export const insightRules = ({ props }: StackResource): number =>
  knownAt(props, "mode") === "THROTTLED_KEYS" ? 2 : 4;
