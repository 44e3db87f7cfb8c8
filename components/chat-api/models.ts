/** Which models a tenant's chats may use and how much of them, for the function's environment and role. */
import { createHash } from "node:crypto";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { DescribeResource, Transform } from "../component.ts";
import type { PolicyStatement } from "../iam.ts";

/** Inference profiles, by the id of the model that each was made of. */
export type ModelProfiles = Readonly<Record<string, aws.bedrock.InferenceProfile>>;

export interface ModelSettings {
  /**
   * Ids of Amazon Bedrock's models, e.g. `["amazon.nova-lite-v1:0"]`, or of inference profiles
   * (`eu.anthropic.…`), or ARNs of your own application inference profiles, the default first; each
   * must be enabled in the account. `"embedded"` answers without any model, for development. Default
   * `[]`: conversations are kept, and chats refused.
   */
  models?: "embedded" | readonly string[];
  /**
   * Whether the component makes an inference profile of each model, with the tenant's tags: only
   * through such a profile do cost allocation tags, and so `monthlyBudget`, see what on-demand models
   * cost. Free; an account has 1,000 a region unless raised. Default `"tagged"`; `"off"` asks the
   * models themselves. (Amazon Bedrock User Guide, "Create an application inference profile".)
   */
  modelProfiles?: "tagged" | "off";
  /**
   * Tokens of single models, by the ids in `models`: what prompt and answer may have together, and the
   * longest answer that is asked for. Bedrock refuses a request for more than a model writes. Default: as
   * the model's family is known, else 32,000 and 2,048; `GET /models` shows them.
   */
  modelLimits?: Readonly<Record<string, ModelTokens>>;
  /**
   * Guardrails of Amazon Bedrock that conversations may choose from, by the names that they choose, in the account and
   * region of the function, e.g. `{ strict: { id: "abc123def456", version: "1" } }`. Default none. AWS bills what they judge.
   * (Amazon Bedrock User Guide, "Set up permissions to use Amazon Bedrock Guardrails".)
   */
  guardrails?: Readonly<Record<string, GuardrailVersion>>;
  /** Tokens, input and output together, that each user may use in a day (UTC). Default unlimited. */
  tokensPerDay?: number;
  /** The same for a calendar month. Default unlimited. */
  tokensPerMonth?: number;
}

export interface ModelTokens {
  /** From 1,024. */
  readonly contextTokens?: number | undefined;
  /** From 1, and less than the context. */
  readonly maxOutputTokens?: number | undefined;
}

export interface GuardrailVersion {
  /** Not its ARN. */
  readonly id: string;
  /** Digits, or `DRAFT`. */
  readonly version: string;
}

/** As conversations name them; of API reference, GuardrailConfiguration, what is no ARN. */
export const guardrailPatterns = {
  name: /^[A-Za-z0-9_-]{1,64}$/,
  id: /^[a-z0-9]{1,64}$/,
  version: /^([1-9][0-9]{0,7}|DRAFT)$/,
} as const;

/** Ids safe in a comma-separated list and in an ARN, and ARNs of application inference profiles. */
export const modelIdPattern =
  /^([a-z0-9-]+(\.[\w-]+)+(:[\w-]+)*|arn:aws[\w-]*:bedrock:[a-z0-9-]+:\d{12}:application-inference-profile\/[a-z0-9]+)$/;

/** @param profiles that the models are asked through, by the models' ids. */
export function modelEnvironment(
  { models = [], modelLimits = {}, guardrails = {}, tokensPerDay, tokensPerMonth }: ModelSettings,
  profiles: ModelProfiles,
): Record<string, pulumi.Input<string>> {
  return {
    ...(models.length > 0 && {
      MODELS: models === "embedded" ? models : modelList(models, profiles),
    }),
    ...(Object.keys(modelLimits).length > 0 && {
      MODEL_LIMITS: Object.entries(modelLimits)
        .map(
          ([id, { contextTokens = "", maxOutputTokens = "" }]) =>
            `${id}=${contextTokens}/${maxOutputTokens}`,
        )
        .join(","),
    }),
    ...(Object.keys(guardrails).length > 0 && {
      GUARDRAILS: Object.entries(guardrails)
        .map(([name, { id, version }]) => `${name}=${id}/${version}`)
        .join(","),
    }),
    ...(tokensPerDay !== undefined && { TOKENS_PER_DAY: String(tokensPerDay) }),
    ...(tokensPerMonth !== undefined && { TOKENS_PER_MONTH: String(tokensPerMonth) }),
  };
}

function modelList(models: readonly string[], profiles: ModelProfiles): pulumi.Input<string> {
  if (Object.keys(profiles).length === 0) return models.join(",");
  const entries = models.map((id) => {
    const profile = profiles[id];
    return profile ? pulumi.interpolate`${id}=${profile.arn}` : id;
  });
  return pulumi.all(entries).apply((texts) => texts.join(","));
}

/** Inference profiles that AWS defines carry the area that they route in before the model's id. */
export const areaPattern = /^(us|us-gov|ca|sa|eu|apac|jp|au|me|global)\.(.+)$/;

/**
 * What ConverseStream needs, and nothing more: it is authorized as InvokeModelWithResponseStream. A
 * profile routes to regions that AWS may add to, so its model is named in any region, on condition
 * that the request came through a profile of the tenant's. Two or three statements however many models
 * there are: a policy has 6,144 characters.
 * (Amazon Bedrock User Guide, "Prerequisites for inference profiles".)
 *
 * @param arn any ARN of the account and region that the function runs in.
 * @param profiles that the models are asked through, by the models' ids.
 */
export function grantModels(
  { models = [], guardrails = {} }: ModelSettings,
  arn: pulumi.Output<string>,
  profiles: ModelProfiles,
): PolicyStatement[] {
  if (models === "embedded" || models.length === 0) return [];
  const asked = models.map((id) => askedThrough(id, arn, profiles));
  const direct = asked.flatMap(({ through, model }) => (through.length === 0 ? [model] : []));
  const routed = asked.filter(({ through }) => through.length > 0);
  const through = routed.flatMap((one) => one.through);
  const allow = (Resource: readonly pulumi.Input<string>[]): PolicyStatement => ({
    Effect: "Allow",
    Action: ["bedrock:InvokeModelWithResponseStream"],
    Resource,
  });
  return [
    ...grantGuardrails(guardrails, arn),
    ...(direct.length > 0 ? [allow(direct)] : []),
    ...(routed.length > 0
      ? [
          allow(through),
          {
            ...allow(routed.map(({ model }) => model)),
            Condition: { StringEquals: { "bedrock:InferenceProfileArn": through } },
          },
        ]
      : []),
  ];
}

function grantGuardrails(
  guardrails: NonNullable<ModelSettings["guardrails"]>,
  arn: pulumi.Output<string>,
): PolicyStatement[] {
  const ids = [...new Set(Object.values(guardrails).map(({ id }) => id))];
  if (ids.length === 0) return [];
  const Resource = ids.map((id) =>
    arn.apply((text) => {
      const [, partition, , region, account] = text.split(":");
      return `arn:${partition}:bedrock:${region}:${account}:guardrail/${id}`;
    }),
  );
  return [{ Effect: "Allow", Action: ["bedrock:ApplyGuardrail"], Resource }];
}

interface Asked {
  /** The foundation model's ARN. */
  readonly model: pulumi.Output<string>;
  /** ARNs of the profiles on the way to it; empty where it is asked itself. */
  readonly through: readonly pulumi.Output<string>[];
}

function askedThrough(id: string, arn: pulumi.Output<string>, profiles: ModelProfiles): Asked {
  const own = profiles[id];
  if (id.startsWith("arn:")) {
    // Whatever its owner copied it from.
    const model = arn.apply((text) => `arn:${text.split(":")[1]}:bedrock:*::foundation-model/*`);
    return { model, through: [pulumi.output(id)] };
  }
  const routed = areaPattern.exec(id)?.[2];
  const source = modelArn(id, arn);
  const model =
    routed === undefined
      ? source
      : arn.apply((text) => `arn:${text.split(":")[1]}:bedrock:*::foundation-model/${routed}`);
  return {
    model,
    // A copy of AWS's own profile is asked through both.
    through: [...(own ? [own.arn] : []), ...(routed === undefined ? [] : [source])],
  };
}

/**
 * What an id names: a foundation model in the region, or one of AWS's own inference profiles.
 *
 * @param arn any ARN of the account and region.
 */
export const modelArn = (id: string, arn: pulumi.Output<string>): pulumi.Output<string> =>
  arn.apply((text) => {
    const [, partition, , region, account] = text.split(":");
    return areaPattern.test(id)
      ? `arn:${partition}:bedrock:${region}:${account}:inference-profile/${id}`
      : `arn:${partition}:bedrock:${region}::foundation-model/${id}`;
  });

export interface ModelProfilesTransform {
  modelProfile?: Transform<aws.bedrock.InferenceProfileArgs>;
}

/**
 * An inference profile of each model with the tenant's tags, so that bills say whose chats they are.
 *
 * @param arn any ARN of the account and region that the function runs in.
 */
export function createModelProfiles(
  name: string,
  { models = [], modelProfiles = "tagged" }: ModelSettings,
  arn: pulumi.Output<string>,
  tags: Record<string, pulumi.Input<string>>,
  resource: DescribeResource,
  transform: ModelProfilesTransform | undefined,
): ModelProfiles {
  if (models === "embedded" || modelProfiles === "off") return {};
  const profiles: Record<string, aws.bedrock.InferenceProfile> = {};
  // Of an application's own profile there can be no copy; it has its owner's tags.
  for (const id of models.filter((text) => !text.startsWith("arn:"))) {
    profiles[id] = new aws.bedrock.InferenceProfile(
      `${name}-${slug(id)}`,
      ...resource(
        {
          name: profileName(`${pulumi.getStack()}-${name}`, id),
          modelSource: { copyFrom: modelArn(id, arn) },
          tags,
        },
        transform?.modelProfile,
      ),
    );
  }
  return profiles;
}

const slug = (text: string) => text.replaceAll(/[^a-z0-9]+/gi, "-");

/** At most 64 characters, of which letters and digits alone may follow one another's separators. */
function profileName(prefix: string, id: string): string {
  const hash = createHash("sha256").update(`${prefix} ${id}`).digest("hex").slice(0, 8);
  return `${slug(prefix).slice(0, 54)}-${hash}`.replaceAll("--", "-");
}
