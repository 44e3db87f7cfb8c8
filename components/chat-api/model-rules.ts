/** Which models a function could not ask, or that would be two resources of one name. */
import { accountFaults, arnFaults, arns } from "../arn.ts";
import { type Fault, integerFaults, repeatFaults } from "../fault.ts";
import type { Home } from "../region.ts";
import { areaPattern, guardrailPatterns, type ModelSettings, modelIdPattern } from "./models.ts";

/** @param home of the function. */
export function* modelFaults(
  { models = [], modelLimits = {}, guardrails = {}, tokensPerDay, tokensPerMonth }: ModelSettings,
  { region, accounts }: Home,
): Generator<Fault> {
  const most = Number.MAX_SAFE_INTEGER;
  yield* integerFaults("tokensPerDay", tokensPerDay, 1, most);
  yield* integerFaults("tokensPerMonth", tokensPerMonth, 1, most);
  for (const [id, { contextTokens, maxOutputTokens }] of Object.entries(modelLimits)) {
    if (models === "embedded" || !models.includes(id))
      yield ["modelLimits", id, "an id that `models` names"];
    const argument = `modelLimits.${id}`;
    yield* integerFaults(`${argument}.contextTokens`, contextTokens, 1_024, most);
    const longest = (contextTokens ?? most) - 1;
    yield* integerFaults(`${argument}.maxOutputTokens`, maxOutputTokens, 1, longest);
  }
  for (const [name, { id, version }] of Object.entries(guardrails)) {
    for (const [part, text] of Object.entries({ name, id, version })) {
      const pattern = guardrailPatterns[part === "name" || part === "id" ? part : "version"];
      if (pattern.test(text)) continue;
      const at = part === "name" ? "guardrails" : `guardrails.${name}.${part}`;
      yield [at, text, `text that matches ${pattern.source}`];
    }
  }
  if (models === "embedded") return;
  for (const [index, id] of models.entries()) {
    const argument = `models[${index}]`;
    if (!modelIdPattern.test(id)) yield [argument, id, `ids that match ${modelIdPattern.source}`];
    else if (id.startsWith("arn:")) {
      yield* arnFaults(argument, id, arns.inferenceProfile, region, profiles);
      yield* accountFaults(argument, id, accounts, profiles);
    } else if (region !== undefined) yield* areaFaults(argument, id, region);
  }
  yield* repeatFaults("models", models);
}

/** A profile that AWS routes within an area is asked from that area's regions. */
function* areaFaults(argument: string, id: string, region: string): Generator<Fault> {
  const area = areaPattern.exec(id)?.[1] ?? "";
  const askedFrom = askedFromByArea[area];
  if (askedFrom !== undefined && !askedFrom.test(region))
    yield [argument, id, `a profile that ${region} has, which "${area}." is not (${profiles})`];
}

const profiles = 'Amazon Bedrock User Guide, "Supported Regions and models for inference profiles"';

/** No narrower than AWS may become: neighbours without an area of their own ask the next one's. */
const askedFromByArea: Readonly<Record<string, RegExp>> = {
  us: /^(us-(?!gov-)|ca-|mx-)/,
  "us-gov": /^us-gov-/,
  eu: /^(eu|il|me|af)-/,
  apac: /^(ap|il|me|af)-/,
  jp: /^ap-northeast-/,
  au: /^ap-southeast-/,
  global: /^(?!us-gov-|cn-)/,
};
