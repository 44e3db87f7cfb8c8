/** Which models a tenant's chats may use and how much of them, for the function's environment and role. */
import * as pulumi from "@pulumi/pulumi";
import type { PolicyStatement } from "../iam.ts";

export interface ModelSettings {
  /**
   * Ids of Amazon Bedrock's models, e.g. `["amazon.nova-lite-v1:0"]`, or of inference profiles
   * (`eu.anthropic.…`), the default first; each must be enabled in the account. `"embedded"` answers
   * without any model, for development. Default `[]`: conversations are kept, and chats refused.
   */
  models?: "embedded" | readonly string[];
  /** Tokens, given and answered together, that each user may take in a day (UTC). Default unlimited. */
  tokensPerDay?: number;
  /** The same for a calendar month. Default unlimited. */
  tokensPerMonth?: number;
}

/** Safe in a comma-separated list and in an ARN. */
export const modelIdPattern = /^[a-z0-9-]+(\.[\w-]+)+(:[\w-]+)*$/;

/** The first argument that is not valid, what was found and what is allowed. */
export function findModelFault({
  models = [],
  tokensPerDay = 1,
  tokensPerMonth = 1,
}: ModelSettings): [argument: string, found: unknown, allowed: string] | undefined {
  const id = models === "embedded" ? undefined : models.find((text) => !modelIdPattern.test(text));
  if (id !== undefined) return ["models", id, `ids that match ${modelIdPattern.source}`];
  for (const [name, tokens] of Object.entries({ tokensPerDay, tokensPerMonth })) {
    if (!Number.isSafeInteger(tokens) || tokens < 1) return [name, tokens, "a whole number from 1"];
  }
  return undefined;
}

export function modelEnvironment({
  models = [],
  tokensPerDay,
  tokensPerMonth,
}: ModelSettings): Record<string, string> {
  return {
    ...(models.length > 0 && { MODELS: models === "embedded" ? models : models.join(",") }),
    ...(tokensPerDay !== undefined && { TOKENS_PER_DAY: String(tokensPerDay) }),
    ...(tokensPerMonth !== undefined && { TOKENS_PER_MONTH: String(tokensPerMonth) }),
  };
}

/** Inference profiles that AWS defines carry the area that they route in before the model's id. */
const profilePattern = /^(?:us|us-gov|ca|sa|eu|apac|jp|au|me|global)\.(.+)$/;

/**
 * What ConverseStream needs, and nothing more: it is authorized as InvokeModelWithResponseStream. A
 * profile routes to regions that AWS may add to, so its model is named in any region, on condition
 * that the request came through the profile.
 * (Amazon Bedrock User Guide, "Prerequisites for inference profiles".)
 *
 * @param arn any ARN of the account and region that the function runs in.
 */
export function grantModels(
  { models = [] }: ModelSettings,
  arn: pulumi.Output<string>,
): PolicyStatement[] {
  if (models === "embedded" || models.length === 0) return [];
  const [partition, region, account] = [1, 3, 4].map((part) =>
    arn.apply((text) => text.split(":")[part] ?? ""),
  );
  const allow = (Resource: pulumi.Output<string>[]): PolicyStatement => ({
    Effect: "Allow",
    Action: ["bedrock:InvokeModelWithResponseStream"],
    Resource,
  });
  const plain = models.filter((id) => !profilePattern.test(id));
  const direct = plain.map(
    (id) => pulumi.interpolate`arn:${partition}:bedrock:${region}::foundation-model/${id}`,
  );
  return [
    ...(direct.length > 0 ? [allow(direct)] : []),
    ...models.flatMap((id) => {
      const model = profilePattern.exec(id)?.[1];
      if (model === undefined) return [];
      const profile = pulumi.interpolate`arn:${partition}:bedrock:${region}:${account}:inference-profile/${id}`;
      return [
        allow([profile]),
        {
          ...allow([pulumi.interpolate`arn:${partition}:bedrock:*::foundation-model/${model}`]),
          Condition: { StringEquals: { "bedrock:InferenceProfileArn": profile } },
        },
      ];
    }),
  ];
}
