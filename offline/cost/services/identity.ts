/** Sign-in, keys and the firewall. */
import { at, byUse, fixed, list, type Pricer } from "../line.ts";
import { product, scaled } from "../quantity.ts";

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

export const vpcEndpoint: Pricer = ({ inputs }, { usage }) => {
  if (inputs.vpcEndpointType !== "Interface") return {};
  const lines = [
    fixed(
      "interface endpoint",
      product([list(inputs.subnetIds).length, "zones"], [730, "h"]),
      "vpc-endpoint.hours",
    ),
  ];
  if (!String(at(inputs, "serviceName")).endsWith("bedrock-runtime")) return { lines };
  const { chats, inputTokensPerChat, outputTokensPerChat } = usage;
  return {
    lines: [
      ...lines,
      byUse(
        "tokens through the endpoint",
        // Four bytes a token.
        product(
          [chats, "chats"],
          [inputTokensPerChat + outputTokensPerChat, "tokens"],
          ["0.0000000037252902984619140625", "GB"],
        ),
        "vpc-endpoint.data",
      ),
    ],
  };
};
