/** What models of Amazon Bedrock cost for each token, on demand. A model that is not here is named as not priced. */
import type { Description, Elsewhere } from "./elsewhere.ts";

interface Tokens {
  /** Dollars per million, in US East. */
  readonly amount: string;
  readonly elsewhere: Elsewhere;
}

/** @param tokyo in the region itself; through the profile of the Asian regions one source has it for less. */
const by = (amount: string, europe: string, tokyo: string): Tokens => ({
  amount,
  elsewhere: {
    "eu-central-1": [europe, "calculator", "litellm"],
    ...{ "eu-west-1": [europe, "litellm"], "eu-north-1": [europe, "litellm"] },
    "ap-northeast-1": [tokyo, "calculator"],
    "us-west-2": [amount, "calculator", "litellm"],
  },
});

const cached = (amount: string, europe: string): Tokens => ({
  amount,
  elsewhere: {
    ...{ "eu-central-1": [europe, "litellm"], "eu-west-1": [europe, "litellm"] },
    ...{ "eu-north-1": [europe, "litellm"], "us-west-2": [amount, "litellm"] },
  },
});

const inUsEast = (amount: string): Tokens => ({ amount, elsewhere: {} });

/** Of tokens that go in, that come out, and that the model's cache had already. */
const models = {
  "amazon.nova-micro-v1:0": [
    by("0.035", "0.046", "0.042"),
    by("0.14", "0.184", "0.168"),
    cached("0.00875", "0.0115"),
  ],
  "amazon.nova-lite-v1:0": [
    by("0.06", "0.078", "0.072"),
    by("0.24", "0.312", "0.288"),
    cached("0.015", "0.0195"),
  ],
  "amazon.nova-pro-v1:0": [
    by("0.80", "1.05", "0.96"),
    by("3.20", "4.20", "3.84"),
    cached("0.20", "0.2625"),
  ],
  "amazon.nova-premier-v1:0": [inUsEast("2.50"), inUsEast("12.50"), inUsEast("0.625")],
} as const;

const token = (tokens: Tokens, kind: "input" | "output" | "cached input"): Description => ({
  ...tokens,
  per: 1_000_000,
  unit: `${kind} token`,
  source: "https://aws.amazon.com/bedrock/pricing/",
  // That a cache saves three quarters was found for Nova Pro alone.
  confirmed: kind !== "cached input",
});

export const bedrockPrices: Readonly<Record<string, Description>> = Object.fromEntries(
  Object.entries(models).flatMap(([model, [input, output, fromCache]]) => [
    [`bedrock.${model}.input`, token(input, "input")],
    [`bedrock.${model}.output`, token(output, "output")],
    [`bedrock.${model}.cached`, token(fromCache, "cached input")],
  ]),
);

/** Ids of a model's prices; an inference profile such as `us.amazon.nova-lite-v1:0` costs what its model does. */
export const tokenPriceIds = (modelId: string) => {
  const model = modelId.replace(/^(us|eu|apac)\.(?=amazon\.)/, "");
  return {
    input: `bedrock.${model}.input`,
    output: `bedrock.${model}.output`,
    cached: `bedrock.${model}.cached`,
  } as const;
};
