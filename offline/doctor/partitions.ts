/** What the records use that AWS does not offer in GovCloud or China. */
import type { Needs } from "./needs.ts";
import type { Check } from "./report.ts";

interface Gap {
  readonly partition: "aws-us-gov" | "aws-cn";
  readonly what: string;
  /** Whether the stack uses it. */
  readonly uses: (needs: Needs) => boolean;
  readonly instead: string;
  readonly source: string;
}

const hasType =
  (...types: readonly string[]) =>
  ({ types: own }: Needs) =>
    types.some((type) => own.has(type));

/** When the sources were read last. */
export const gapsChecked = "2026-11";

export const gaps: readonly Gap[] = [
  {
    partition: "aws-us-gov",
    what: "login domains of their own (Cognito)",
    uses: ({ customLogins }) => customLogins > 0,
    instead: "use auth.managedLogin.domain.prefix in place of a name and certificate.",
    source: "AWS GovCloud (US) User Guide, Amazon Cognito",
  },
  {
    partition: "aws-us-gov",
    what: "budgets and cost allocation tags",
    uses: hasType("aws:budgets/budget:Budget"),
    instead:
      "leave out monitoring.monthlyBudget, and make the budget in the standard account that the GovCloud account is billed to.",
    source: "AWS GovCloud (US) User Guide, Billing and payment",
  },
  {
    partition: "aws-cn",
    what: "Cognito user pools",
    uses: hasType("aws:cognito/userPool:UserPool"),
    instead: "choose another region: tenants sign their users in with a user pool.",
    source: "Getting Started with AWS services in China, Amazon Cognito",
  },
  {
    partition: "aws-cn",
    what: "Amazon Bedrock",
    uses: ({ models }) => models.length > 0,
    instead: "leave out api.models.",
    source: "Getting Started with AWS services in China",
  },
];

const names: Readonly<Record<string, string>> = {
  "aws-us-gov": "AWS GovCloud (US)",
  "aws-cn": "the China regions",
};

/** Nothing for the standard partition, which has all of it. */
export function partitionChecks(needs: Needs): Check[] {
  const { partition, region } = needs;
  const name = names[partition];
  if (name === undefined) return [];
  const found = gaps.filter((gap) => gap.partition === partition && gap.uses(needs));
  if (found.length === 0) {
    const why = `Nothing that ${name} is known to lack is used (checked ${gapsChecked}).`;
    return [{ id: "partition", subject: region, state: "ok", why }];
  }
  return found.map(({ what, instead, source }) => ({
    id: "partition",
    subject: region,
    state: "missing",
    why: `${name} has no ${what} (${source}, checked ${gapsChecked}).`,
    todo: { text: instead },
  }));
}
