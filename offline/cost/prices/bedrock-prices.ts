/** What models of Amazon Bedrock cost for each token, on demand. A model that is not here is named as not priced. */
import type { Price } from "./price.ts";

/** Dollars per million tokens that go in, that come out, and that the model's cache had already. */
const models = {
  "amazon.nova-micro-v1:0": ["0.035", "0.14", "0.00875"],
  "amazon.nova-lite-v1:0": ["0.06", "0.24", "0.015"],
  "amazon.nova-pro-v1:0": ["0.80", "3.20", "0.20"],
  "amazon.nova-premier-v1:0": ["2.50", "12.50", "0.625"],
} as const;

const token = (amount: string, kind: "input" | "output" | "cached input"): Price => ({
  amount,
  per: 1_000_000,
  unit: `${kind} token`,
  source: "https://aws.amazon.com/bedrock/pricing/",
  // That a cache saves three quarters was found for Nova Pro alone.
  confirmed: kind !== "cached input",
});

export const bedrockPrices: Readonly<Record<string, Price>> = Object.fromEntries(
  Object.entries(models).flatMap(([model, [input, output, cached]]) => [
    [`bedrock.${model}.input`, token(input, "input")],
    [`bedrock.${model}.output`, token(output, "output")],
    [`bedrock.${model}.cached`, token(cached, "cached input")],
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
