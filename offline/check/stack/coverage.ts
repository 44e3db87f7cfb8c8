/** What of a stack no rule looks into: a check that is clean says nothing of it. */
import { rules as packRules } from "../../../policies/rules.ts";
import type { ResourceRecord } from "../../record.ts";
import { ownRules } from "../own-rules.ts";
import type { RuleInfo, Unanswered, Unjudged } from "../report.ts";

/** What tells whether a rule looks into a resource. */
export type Judgeable = Pick<ResourceRecord, "type" | "custom" | "remote">;

/**
 * @param asked the rules that judged.
 * @returns undefined where one of them is not ours: a pack does not tell which types it judges.
 */
export function unjudgedOf(
  records: readonly Judgeable[],
  asked: readonly RuleInfo[],
  stack: string,
): readonly Unjudged[] | undefined {
  const active = asked.filter(({ levels }) => levels[stack] !== "disabled");
  const types = active.map(({ id }) => typesOfRule.get(id));
  if (types.includes(undefined)) return undefined;
  const judged = new Set(types.flatMap((one) => one ?? []));
  const counts = new Map<string, Unjudged>();
  for (const { type, custom, remote } of records) {
    const isOurs = custom || remote;
    if (!isOurs || /^pulumi:/.test(type) || (judged.has(type) && !remote)) continue;
    const resources = (counts.get(type)?.resources ?? 0) + 1;
    counts.set(type, { type, resources, why: remote ? "opaque" : "no-rule" });
  }
  return [...counts.values()].sort((a, b) => (a.type < b.type ? -1 : 1));
}

/** A rule about every type of AWS knows nothing of any one of them. */
const typesOfRule = new Map(
  [...packRules, ...ownRules()].map(({ id, types }) => [
    id,
    types.filter((type) => !type.endsWith("*")),
  ]),
);

export const unansweredOf = (tokens: readonly string[]): Unanswered[] =>
  [...Map.groupBy(tokens, (token) => token)]
    .map(([token, calls]) => ({ function: token, calls: calls.length }))
    .sort((a, b) => (a.function < b.function ? -1 : 1));
