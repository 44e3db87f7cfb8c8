/** What was not judged, in sentences: for the reports that have no place of their own for it. */
import { counted } from "../../text.ts";
import type { StackReport, Unjudged } from "../report.ts";

export function gapTexts({ unjudged, unanswered, failures }: StackReport): string[] {
  const texts: string[] = [];
  if (unjudged === undefined) {
    // Why nothing is known of the stack is told already.
    if (failures.length > 0) return functionsText(unanswered);
    texts.push("not told: the policy pack does not say which types its rules judge");
    return [...texts, ...functionsText(unanswered)];
  }
  const [withoutRule, opaque] = (["no-rule", "opaque"] as const).map((why) =>
    unjudged.filter((one) => one.why === why),
  );
  if (withoutRule?.length) {
    texts.push(
      `not judged: ${sum(withoutRule)} of ${counted(withoutRule.length, "type", "types")} ` +
        `that no rule is about: ${listed(withoutRule)}`,
    );
  }
  if (opaque?.length) {
    texts.push(`not judged: what these components are made of: ${listed(opaque)}`);
  }
  return [...texts, ...functionsText(unanswered)];
}

const sum = (all: readonly Unjudged[]): string =>
  counted(
    all.reduce((total, { resources }) => total + resources, 0),
    "resource",
    "resources",
  );

const listed = (all: readonly Unjudged[]): string =>
  all.map(({ type, resources }) => (resources > 1 ? `${type} (${resources})` : type)).join(", ");

const functionsText = (unanswered: StackReport["unanswered"]): string[] =>
  unanswered.length === 0
    ? []
    : [`unknown: what AWS answers to ${unanswered.map((one) => one.function).join(", ")}`];
