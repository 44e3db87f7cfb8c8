/** Quotas of what answers requests: functions, APIs, their networks and firewalls, and the roles that they have. */
import { knownAt } from "../reading/read.ts";
import { amounts, each, numberOf, policyLength, within } from "./counting.ts";
import type { Quota } from "./quota.ts";

/** Size of the packaged function that a tenant has, rounded up. A test packs it. */
export const functionMegabytes = 2;

const checked = "2026-11";
const apiGateway = {
  service: "apigateway",
  unit: "",
  source: "Amazon API Gateway Developer Guide, Amazon API Gateway quotas",
  checked,
} as const;
const iam = {
  service: "iam",
  source: "AWS IAM User Guide, IAM and AWS STS quotas",
  checked,
} as const;
const vpc = {
  service: "vpc",
  unit: "",
  source: "Amazon VPC User Guide, Amazon VPC quotas",
  checked,
} as const;

export const computeQuotas: readonly Quota[] = [
  {
    code: "L-B99A9384",
    service: "lambda",
    name: "Concurrent executions",
    scope: "region",
    limit: 1_000,
    newAccounts: 10,
    spare: { amount: 100, because: "Lambda keeps 100 for functions that reserve nothing" },
    unit: "reserved executions",
    raisable: "yes",
    instead: "reserve less with api.reservedConcurrency",
    source: "AWS Lambda Developer Guide, Lambda quotas; Configuring reserved concurrency",
    checked,
    count: amounts(["aws:lambda/function:Function"], (fn) =>
      Math.max(0, numberOf(fn, "reservedConcurrentExecutions")),
    ),
  },
  {
    code: "L-2ACBD22F",
    service: "lambda",
    name: "Function and layer storage",
    scope: "region",
    limit: 75 * 1024,
    unit: "MB",
    raisable: "yes",
    source: "AWS Lambda Developer Guide, Lambda quotas",
    checked,
    // Older versions, which publishing leaves behind, are not in the stack and not counted.
    count: amounts(["aws:lambda/function:Function"], () => functionMegabytes),
  },
  {
    ...apiGateway,
    code: "L-AA0FF27B",
    name: "Regional APIs",
    scope: "region",
    limit: 600,
    raisable: "no",
    count: each("aws:apigateway/restApi:RestApi"),
  },
  {
    ...apiGateway,
    code: "L-A93447B8",
    name: "Public custom domain names",
    scope: "region",
    limit: 120,
    raisable: "yes",
    count: each("aws:apigateway/domainName:DomainName"),
  },
  {
    ...apiGateway,
    code: "L-E8693075",
    name: "Usage plans",
    scope: "region",
    limit: 300,
    raisable: "yes",
    count: each("aws:apigateway/usagePlan:UsagePlan"),
  },
  {
    ...apiGateway,
    code: "L-1D180A63",
    name: "API keys",
    scope: "region",
    limit: 10_000,
    raisable: "no",
    count: each("aws:apigateway/apiKey:ApiKey"),
  },
  {
    ...apiGateway,
    code: "L-01C8A9E0",
    name: "Resources per REST API",
    scope: "resource",
    limit: 300,
    raisable: "yes",
    count: within("aws:apigateway/resource:Resource", "restApi"),
  },
  {
    ...apiGateway,
    code: "L-379E48B0",
    name: "Stages per API",
    scope: "resource",
    limit: 10,
    raisable: "yes",
    count: within("aws:apigateway/stage:Stage", "restApi"),
  },
  {
    code: "L-2EC3DE7B",
    service: "wafv2",
    name: "Web ACLs per account in WAF for regional",
    scope: "region",
    limit: 100,
    unit: "",
    raisable: "yes",
    source: "AWS WAF Developer Guide, AWS WAF quotas",
    checked,
    count: each("aws:wafv2/webAcl:WebAcl"),
  },
  {
    ...vpc,
    code: "L-F678F1CE",
    name: "VPCs per Region",
    scope: "region",
    limit: 5,
    spare: { amount: 1, because: "an account has a default VPC" },
    raisable: "yes",
    count: each("aws:ec2/vpc:Vpc"),
  },
  {
    ...vpc,
    code: "L-1B52E74A",
    name: "Gateway VPC endpoints per Region",
    scope: "region",
    limit: 20,
    raisable: "yes",
    count: amounts(["aws:ec2/vpcEndpoint:VpcEndpoint"], ({ props }) =>
      ["Gateway", undefined].includes(kindOf(knownAt(props, "vpcEndpointType"))) ? 1 : 0,
    ),
  },
  {
    ...vpc,
    code: "L-29B6F2EB",
    name: "Interface VPC endpoints per VPC",
    scope: "resource",
    limit: 50,
    raisable: "yes",
    count: (stack) =>
      within(
        "aws:ec2/vpcEndpoint:VpcEndpoint",
        "vpcId",
      )(stack).filter(
        ({ resource }) => kindOf(knownAt(resource.props, "vpcEndpointType")) === "Interface",
      ),
  },
  {
    ...iam,
    code: "L-FE177D64",
    name: "Roles per account",
    scope: "account",
    limit: 1_000,
    unit: "",
    raisable: 5_000,
    count: each("aws:iam/role:Role"),
  },
  {
    ...iam,
    code: "L-E95E4862",
    name: "Customer managed policies per account",
    scope: "account",
    limit: 1_500,
    unit: "",
    raisable: 5_000,
    count: each("aws:iam/policy:Policy"),
  },
  {
    ...iam,
    code: "L-0DA4ABF3",
    name: "Managed policies per role",
    scope: "resource",
    limit: 10,
    unit: "",
    raisable: 20,
    count: within("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "role"),
  },
  {
    ...iam,
    code: "L-ED111B8C",
    name: "Managed policy length",
    scope: "resource",
    limit: 6_144,
    unit: "characters",
    raisable: "no",
    instead: "allow fewer models, or split the policy",
    count: policyLength("aws:iam/policy:Policy", "policy"),
  },
  {
    ...iam,
    code: "L-C07B4B0D",
    name: "Role trust policy length",
    scope: "resource",
    limit: 2_048,
    unit: "characters",
    raisable: 4_096,
    count: policyLength("aws:iam/role:Role", "assumeRolePolicy"),
  },
];

const kindOf = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : undefined;
