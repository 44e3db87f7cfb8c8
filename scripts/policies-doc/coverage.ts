/** Which of our rules cover what a published rule set asks for. */
import { ownRules } from "../../offline/check/own-rules.ts";
import type { AnyRule } from "../../policies/rule.ts";
import { rules as packRules } from "../../policies/rules.ts";

/** A published rule set. */
export interface Anchor {
  readonly name: "awsguard" | "compliance-policies" | "cdk-nag";
  readonly title: string;
  /** Where the list was read, in which version, and when. */
  readonly source: string;
  readonly controls: readonly Control[];
}

export interface Control {
  readonly id: string;
  /** What it asks for, in our words. */
  readonly asks: string;
  /** Rules that cover it without carrying its id. */
  readonly by?: readonly string[];
  /** Why no rule covers it, or what its rule does otherwise. */
  readonly why?: string;
}

/** Every rule of the pack, and those that only the offline check has. */
export const rules: readonly AnyRule[] = [...packRules, ...ownRules()];

/** Rules that cover a control: those that carry its id, and those that the control names. */
export const coveredBy = ({ name }: Anchor, { id, by = [] }: Control): string[] => [
  ...new Set([
    ...rules
      .filter(({ frameworks }) => frameworks.some((one) => one.name === name && one.id === id))
      .map((rule) => rule.id),
    ...by,
  ]),
];
