/** What models of Amazon Bedrock cost for each token, on demand. A model that is not here is named as not priced. */
import type { Price } from "./price.ts";

/** Dollars per million tokens that go in, and that come out. */
const models = {
  "amazon.nova-micro-v1:0": ["0.035", "0.14"],
  "amazon.nova-lite-v1:0": ["0.06", "0.24"],
  "amazon.nova-pro-v1:0": ["0.80", "3.20"],
  "amazon.nova-premier-v1:0": ["2.50", "12.50"],
} as const;

const token = (amount: string, kind: "input" | "output"): Price => ({
  amount,
  per: 1_000_000,
  unit: `${kind} token`,
  source: "https://aws.amazon.com/bedrock/pricing/",
  confirmed: true,
});

export const bedrockPrices: Readonly<Record<string, Price>> = Object.fromEntries(
  Object.entries(models).flatMap(([model, [input, output]]) => [
    [`bedrock.${model}.input`, token(input, "input")],
    [`bedrock.${model}.output`, token(output, "output")],
  ]),
);

/** Ids of a model's prices; an inference profile such as `us.amazon.nova-lite-v1:0` costs what its model does. */
export const tokenPriceIds = (modelId: string) => {
  const model = modelId.replace(/^(us|eu|apac)\.(?=amazon\.)/, "");
  return { input: `bedrock.${model}.input`, output: `bedrock.${model}.output` } as const;
};
