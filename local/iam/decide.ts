/**
 * `local/iam/`: what a function's role allows it, asked before each call to DynamoDB and S3, and for the KMS keys of
 * what is called. Judged are the role's own policies; a permissions boundary, resource policies and other services'
 * calls are not.
 */
import {
  type Condition,
  coversAction,
  coversResource,
  like,
  type Statement,
} from "../../policies/reading/policy-document.ts";

/** One thing that a call does, as IAM asks about it. */
export interface Access {
  readonly action: string;
  readonly resource: string;
  /** By the key in lower case; absent keys are unknown. */
  readonly context: Readonly<Record<string, readonly string[]>>;
}

/** Whether an Allow covers the access and no Deny does (IAM User Guide, "Policy evaluation logic"). */
export function isAllowed(statements: readonly Statement[], access: Access): boolean {
  const about = statements.filter(
    (one) => coversAction(one, access.action) && coversResource(one, access.resource),
  );
  // What cannot be judged neither allows nor spares from a Deny.
  const denied = about.some(
    (one) => one.effect === "Deny" && one.conditions.every((c) => holds(c, access) !== false),
  );
  return (
    !denied &&
    about.some(
      (one) => one.effect === "Allow" && one.conditions.every((c) => holds(c, access) === true),
    )
  );
}

/** Undefined for operators and keys that are not known here. */
function holds({ operator, key, values }: Condition, { context }: Access): boolean | undefined {
  const found = context[key.toLowerCase()];
  const [, set, name = ""] = /^(?:(ForAllValues|ForAnyValue):)?(\w+)$/.exec(operator) ?? [];
  if (found === undefined || (name !== "StringEquals" && name !== "StringLike")) return undefined;
  const matches = (value: string) =>
    values.some((pattern) => (name === "StringLike" ? like(pattern, value) : pattern === value));
  return set === "ForAllValues" ? found.every(matches) : found.some(matches);
}
