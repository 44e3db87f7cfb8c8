import type { Statement } from "../reading/policy-document.ts";
import { statementsOf } from "../reading/policy-document.ts";
import { at, listAt } from "../reading/read.ts";
import type { Resource } from "../rule.ts";

export const roles = "aws:iam/role:Role";
export const policies = "aws:iam/policy:Policy";
export const rolePolicies = "aws:iam/rolePolicy:RolePolicy";

/** Whatever holds a document that grants something to an identity. */
export const holders = [
  policies,
  rolePolicies,
  "aws:iam/userPolicy:UserPolicy",
  "aws:iam/groupPolicy:GroupPolicy",
  roles,
];

export interface Grant {
  /** Where it stands: `policy statement 0`, `inlinePolicies.1.policy statement Logs`. */
  readonly where: string;
  readonly statement: Statement;
  /** All statements of its document, denials included. */
  readonly document: readonly Statement[];
}

/** Paths of the identity policies that a resource holds. */
export function documentPaths({ type, props }: Resource): readonly string[] {
  if (type !== roles) return ["policy"];
  return listAt(props, "inlinePolicies").map((_, index) => `inlinePolicies.${index}.policy`);
}

/** What the resource's policies allow, statement by statement. */
export function grantsOf(resource: Resource): readonly Grant[] {
  return documentPaths(resource).flatMap((path) => {
    const document = statementsOf(at(resource.props, path));
    return document
      .filter(({ effect }) => effect === "Allow")
      .map((statement) => ({ where: `${path} ${statement.label}`, statement, document }));
  });
}

/** `*`, `arn:aws:*`, `arn:*:*:*:*:*` and the like. */
export function isEverything(pattern: string): boolean {
  return /^(arn:)?([^:]*:)?:*\*[*:]*$/.test(pattern);
}
