/** What the records use that AWS does not offer in GovCloud or China. */
import { type GapId, gapsChecked, regionalGaps } from "../../stacks/rules/regional-gaps.ts";
import type { Needs } from "./needs.ts";
import type { Check } from "./report.ts";

/** Whether the stack uses what is missing. */
const uses: Readonly<Record<GapId, (needs: Needs) => boolean>> = {
  "login-domains": ({ customLogins }) => customLogins > 0,
  budgets: ({ types }) => types.has("aws:budgets/budget:Budget"),
  "user-pools": ({ types }) => types.has("aws:cognito/userPool:UserPool"),
  bedrock: ({ models }) => models.length > 0,
};

const names: Readonly<Record<string, string>> = {
  "aws-us-gov": "AWS GovCloud (US)",
  "aws-cn": "the China regions",
};

/** Nothing for the standard partition, which has all of it. */
export function partitionChecks(needs: Needs): Check[] {
  const { partition, region } = needs;
  const name = names[partition];
  if (name === undefined) return [];
  const found = regionalGaps.filter((gap) => gap.partition === partition && uses[gap.id](needs));
  if (found.length === 0) {
    const why = `Nothing that ${name} is known to lack is used (checked ${gapsChecked}).`;
    return [{ id: "partition", subject: region, state: "ok", why }];
  }
  return found.map(({ what, instead, source }) => ({
    id: "partition",
    subject: region,
    state: "missing",
    why: `${name} has no ${what} (${source}, checked ${gapsChecked}).`,
    todo: { text: `${instead.replaceAll("`", "")}.` },
  }));
}
