/**
 * `local/models/`: real models for the embedded environment. They stand behind an address that speaks
 * Amazon Bedrock's ConverseStream, so that the function which asks them is the one that is deployed.
 */
import type { Intake } from "../../app/models/chat-model.ts";
import { tokenPriceIds } from "../../offline/cost/prices/bedrock-prices.ts";
import { pricesOf } from "../../offline/cost/prices/prices.ts";
import { UsageError } from "../../offline/usage-error.ts";
import { bedrockAnswers } from "./bedrock.ts";
import type { Answers } from "./converse.ts";
import { checkOllama, ollamaUrl } from "./ollama.ts";
import { openAiCompatible, providerAnswers } from "./provider.ts";

/** A model that answers chats on this machine in the place of those that the stack names. */
export interface LocalModel {
  /** As the API's `GET /models` names it. */
  readonly id: string;
  /** Who answers, in words for people. */
  readonly answeredBy: string;
  /** What an answer costs, in words for people. */
  readonly cost: string;
  /** Default, as for the next two: as the app knows the model's family. */
  readonly contextTokens?: number;
  readonly maxOutputTokens?: number;
  /** What it takes beside text. */
  readonly takes?: readonly Intake[];
  readonly answers: Answers;
}

/** Environment variable with the key for `openai-compatible:`; other providers read variables of their own. */
export const keyVariable = "CHATSTACK_MODELS_API_KEY";

export const modelForms = [
  "ollama:<model>",
  "openai-compatible:<url>#<model>",
  "bedrock:<model>",
  "<package of an AI SDK provider>:<model>",
] as const;

/**
 * @param specs comma separated, the default model first.
 * @throws UsageError for a form that is none, a package that is not installed and a model that is not there.
 */
export async function openModels(specs: string, region: string): Promise<readonly LocalModel[]> {
  return Promise.all(specs.split(",").map((spec) => open(spec.trim(), region)));
}

async function open(spec: string, region: string): Promise<LocalModel> {
  const [, kind = "", rest = ""] = /^(@?[\w./-]+?):(.+)$/.exec(spec) ?? [];
  // A server does not say what its model takes. One that takes neither refuses a question with an image, or the tools.
  const usual = {
    contextTokens: 32_000,
    maxOutputTokens: 2_048,
    takes: ["images", "tools"],
  } as const;
  if (kind === "ollama") {
    const url = ollamaUrl();
    const takes = await checkOllama(url, rest);
    return {
      id: idOf(rest),
      answeredBy: `Ollama at ${url}`,
      cost: "free, on this machine",
      // Ollama drops what is beyond its context without a word, and does not say how much that is.
      contextTokens: Number(process.env.OLLAMA_CONTEXT_LENGTH) || 4_096,
      maxOutputTokens: 1_024,
      takes,
      answers: await openAiCompatible(`${url}/v1`, rest),
    };
  }
  if (kind === "openai-compatible") {
    const [url = "", model = ""] = rest.split(/#(.*)/s);
    if (!URL.canParse(url) || !/^https?:/.test(url) || model === "") throw unknownForm(spec);
    const { origin } = new URL(url);
    return {
      ...usual,
      id: idOf(model),
      answeredBy: origin,
      cost: `what ${new URL(url).host} bills`,
      answers: await openAiCompatible(url, model, process.env[keyVariable]),
    };
  }
  if (kind === "bedrock") {
    const { AWS_PROFILE: profile, AWS_REGION: asked = region } = process.env;
    return {
      id: idOf(rest),
      answeredBy: `Amazon Bedrock, ${profile === undefined ? "default credentials" : `profile ${profile}`}`,
      cost: bedrockCost(rest, asked),
      answers: bedrockAnswers(rest, asked),
    };
  }
  if (kind === "") throw unknownForm(spec);
  return {
    ...usual,
    id: idOf(rest),
    answeredBy: kind,
    cost: "what the provider bills your key",
    answers: await providerAnswers(kind, rest),
  };
}

function unknownForm(spec: string): UsageError {
  return new UsageError(`--models: found "${spec}"; allowed: ${modelForms.join(", ")}`);
}

/** Environment variables of functions separate ids by signs that some models have in their names. */
function idOf(model: string): string {
  return model.replaceAll(/[^\w.:/-]/g, "-");
}

function bedrockCost(model: string, region: string): string {
  const ids = tokenPriceIds(model);
  const known = pricesOf(region)?.prices;
  const [input, output] = [known?.[ids.input], known?.[ids.output]];
  if (input === undefined || output === undefined) return "what Bedrock bills your account";
  return `$${input.amount} in and $${output.amount} out for a million tokens`;
}
