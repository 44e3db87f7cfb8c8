/**
 * What the AWS provider does with a change of an argument: updates in place, replaces, refuses. The
 * provider's schema says most of it (`provider-schema.json`, with its sources), code that the provider
 * runs beside its schema the rest (`provider-rules.ts`).
 */
import { type Fields, fieldsOf } from "../fields.ts";
import type { ResourceRecord } from "../record.ts";
import { providerRules, type RuleOutcome } from "./provider-rules.ts";
import schema from "./provider-schema.json" with { type: "json" };

interface TypeSchema {
  /** Paths whose change replaces the resource; of a list's entries without their index. */
  readonly replaces: readonly string[];
  /** Arguments that the provider updates in place. */
  readonly updates: readonly string[];
  /** Lists that are sets: their order means nothing. */
  readonly sets?: readonly string[];
  /** Arguments that the provider leaves as they are where the program says nothing of them. */
  readonly keeps?: readonly string[];
}

const types: ReadonlyMap<string, TypeSchema> = new Map(Object.entries<TypeSchema>(schema.types));

/** Undefined for types that no component makes. */
export const typeSchema = (type: string): TypeSchema | undefined => types.get(type);

/** Paths of inputs whose change replaces a resource of this type, whatever the change is. */
export function replacingPaths(type: string): readonly string[] {
  // Where a resource lives is never changed in place, whatever its type.
  const everywhere = type.startsWith("aws:") ? ["region"] : [];
  return [...everywhere, ...(types.get(type)?.replaces ?? [])];
}

/**
 * Paths of inputs that would replace this resource if a reference in them led to another resource: also
 * those that replace on a condition which every other id and ARN meets.
 */
export const replacingReferences = (type: string): readonly string[] => [
  ...replacingPaths(type),
  ...(providerRules[type]?.references ?? []),
];

/** What the provider's own code says of this change, beyond its schema. */
export const ruleOutcome = (before: ResourceRecord, after: ResourceRecord): RuleOutcome =>
  rulesFor(after.type, before.inputs, after.inputs);

/** The same, of the inputs of a resource of this type. */
export const rulesFor = (type: string, before: Fields, after: Fields): RuleOutcome =>
  providerRules[type]?.judge?.(before, after) ?? {};

/** Outputs that the provider makes anew where these properties change and the resource stays. */
export function renewedOutputs(
  type: string,
  changed: readonly string[],
  after: Fields,
): readonly string[] {
  const renewal = providerRules[type]?.renews;
  return renewal?.isDue(changed, after) ? renewal.outputs : [];
}

/** The value of an argument as the provider compares it: nothing, where it only says that a block is off. */
export function asCompared(type: string, property: string, value: unknown): unknown {
  const isOff = providerRules[type]?.offIsNone?.includes(property) && isDisabled(value);
  return isOff ? undefined : value;
}

const isDisabled = (value: unknown): boolean => fieldsOf(value).enabled === false;

/** Whether the provider keeps what there is where the program no longer says anything. */
export const keepsUnset = (type: string, property: string): boolean =>
  types.get(type)?.keeps?.includes(property) ?? false;

/** Of a component's, those that the provider builds on Terraform's newer plugin framework. */
const frameworkTypes = new Set([
  "aws:apigateway/account:Account",
  "aws:backup/restoreTestingPlan:RestoreTestingPlan",
  "aws:backup/restoreTestingSelection:RestoreTestingSelection",
  "aws:cognito/managedLoginBranding:ManagedLoginBranding",
  "aws:cognito/userPoolClient:UserPoolClient",
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
]);

/** The bridge names these as the others, and does not note that it did. */
export const isFramework = (type: string): boolean => frameworkTypes.has(type);
