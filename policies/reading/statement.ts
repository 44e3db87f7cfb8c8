/**
 * One statement of an IAM policy document, every field a list. The grammar lets Statement, Action, Resource and
 * Principal be one value or a list: IAM User Guide, "Grammar of the IAM JSON policy language".
 */
export interface Statement {
  /** `statement 0`, or its Sid: for reports. */
  readonly label: string;
  readonly effect: "Allow" | "Deny";
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
  readonly resources: readonly string[];
  readonly notResources: readonly string[];
  /** As `AWS:arn`, `Service:name`, `Federated:arn`; the bare `*` reads as `AWS:*`. */
  readonly principals: readonly string[];
  readonly notPrincipals: readonly string[];
  /** Operator, key and allowed values, e.g. `{operator: "Bool", key: "aws:securetransport", values: ["false"]}`; keys in lower case. */
  readonly conditions: readonly Condition[];
}

export interface Condition {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}
