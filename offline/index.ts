/** Evaluating, checking and comparing programs without the CLI and without credentials. */
export { type CheckOptions, check } from "./check/check.ts";
export type { CheckReport } from "./check/report.ts";
export { type CostLine, costOf, type StackCost, type TenantCost } from "./cost/cost.ts";
export type { PriceTable } from "./cost/prices/prices.ts";
export type { Usage, UsageProfile } from "./cost/usage.ts";
export { type EvaluateOptions, type Evaluation, EvaluationError, evaluate } from "./evaluate.ts";
export { FakeProvider } from "./fake-provider.ts";
export type { Provider, ProviderRequest } from "./monitor.ts";
export type { AccessChange } from "./plan/access.ts";
export { compare } from "./plan/compare.ts";
export {
  type ChangeKind,
  type Comparison,
  type Fate,
  isSafe,
  isUnchanged,
  type OptionChange,
  type PropertyChange,
  type Refusal,
  type ResourceChange,
  type TenantChange,
} from "./plan/comparison.ts";
export { comparisonText } from "./plan/show/text.ts";
export { evaluateStack, ProjectError } from "./project.ts";
export type { ResourceRecord, ResourceRecordOptions } from "./record.ts";
export {
  type DataLoss,
  DataLossError,
  dataLosses,
  refuseDataLoss,
} from "./upgrade/data-loss.ts";
