/**
 * The rules as values, for a policy pack of one's own. `policies/` as a whole is a pack already:
 * `pulumi preview --policy-pack node_modules/chatstack/dist/policies`.
 */
export { toPolicies } from "./policy.ts";
export { readStackConfig, type StackConfig } from "./reading/stack-config.ts";
export {
  type AnyRule,
  type ResourceRule,
  resourceRule,
  type StackRule,
  stackRule,
} from "./rule.ts";
export { rules } from "./rules.ts";
