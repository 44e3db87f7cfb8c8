/** Sign-in, keys and the firewall. */
import type { ResourceRecord } from "../../record.ts";
import { at, byUse, fixed, list, type Pricer } from "../line.ts";
import { product, scaled } from "../quantity.ts";
import type { Usage } from "../usage.ts";

const plans = {
  LITE: "cognito.lite",
  ESSENTIALS: "cognito.essentials",
  PLUS: "cognito.plus",
} as const;

/** A pool that says nothing is at essentials (Amazon Cognito Developer Guide, "User pool feature plans"). */
export const userPool: Pricer = ({ inputs }, { usage }) => {
  const plan = inputs.userPoolTier;
  const direct = Math.max(0, usage.users - usage.federatedUsers);
  return {
    lines: [
      byUse(
        "active users",
        product([direct, "users"]),
        plan === "LITE" || plan === "PLUS" ? plans[plan] : plans.ESSENTIALS,
      ),
      byUse(
        "active users of a directory",
        product([usage.federatedUsers, "users"]),
        "cognito.federated",
      ),
      byUse(
        "tokens of machines",
        product([usage.machineTokens, "tokens"]),
        "cognito.machine-tokens",
      ),
    ],
  };
};

export const userPoolClient: Pricer = ({ inputs }) => ({
  lines: list(inputs.allowedOauthFlows).includes("client_credentials")
    ? [fixed("machine client", product([1, "client"]), "cognito.machine-clients", "at most")]
    : [],
});

/** Each of the first two rotations adds a key's price. */
export const key: Pricer = (_, { workload }) => ({
  lines: [
    fixed("key", product([1, "key"]), "kms.keys", "$1 more after each of the first two rotations"),
    byUse(
      "requests for data keys",
      scaled(workload.requests, "requests to the API", ["0.01", ""]),
      "kms.requests",
      "one in a hundred requests: services keep data keys for minutes, buckets have their own",
    ),
  ],
});

export const webAcl: Pricer = ({ inputs }, { workload }) => ({
  lines: [
    fixed("web ACL", product([1, "web ACL"]), "waf.web-acls"),
    fixed("rules", product([list(inputs.rules).length, "rules"]), "waf.rules"),
    byUse("requests inspected", workload.requests, "waf.requests"),
  ],
});

/** Tokens that a model outside the network is told and answers, four bytes each. */
const tokens = ({ chats, inputTokensPerChat, outputTokensPerChat }: Usage) =>
  product(
    [chats, "chats"],
    [inputTokensPerChat + outputTokensPerChat, "tokens"],
    ["0.0000000037252902984619140625", "GB"],
  );

const reachesModels = ({ inputs }: ResourceRecord): boolean =>
  String(at(inputs, "serviceName")).endsWith("bedrock-runtime");

/** Models without an endpoint of their own are reached through the NAT: all tokens are told at one of the gateways. */
export const natGateway: Pricer = (record, { usage, siblings }) => {
  const [first] = siblings("aws:ec2/natGateway:NatGateway");
  const isSpared = siblings("aws:ec2/vpcEndpoint:VpcEndpoint").some(reachesModels);
  return {
    lines: [
      fixed("NAT gateway", product([730, "h"]), "nat-gateway.hours"),
      ...(isSpared || first !== record
        ? []
        : [byUse("tokens through the NAT gateways", tokens(usage), "nat-gateway.data")]),
    ],
    unpriced: [
      { what: "what else passes the NAT gateway", because: "no usage says it", isUnknown: false },
    ],
  };
};

export const vpcEndpoint: Pricer = (record, { usage }) => {
  const { inputs } = record;
  if (inputs.vpcEndpointType !== "Interface") return {};
  const lines = [
    fixed(
      "interface endpoint",
      product([list(inputs.subnetIds).length, "zones"], [730, "h"]),
      "vpc-endpoint.hours",
    ),
  ];
  if (!reachesModels(record)) return { lines };
  return {
    lines: [...lines, byUse("tokens through the endpoint", tokens(usage), "vpc-endpoint.data")],
  };
};
