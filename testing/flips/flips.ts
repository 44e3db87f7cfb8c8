/**
 * Weakens every setting of every resource of a stack, one at a time, and asks the rules. In process: the
 * protocol adds nothing to what they say (`protocol.test.ts`).
 */
import { type Provided, withProviders } from "../../offline/check/pack/providers.ts";
import { viewOf } from "../../offline/check/pack/view.ts";
import { retainOnDelete } from "../../offline/check/retain-on-delete.ts";
import type { Evaluation } from "../../offline/evaluate.ts";
import type { ResourceRecord } from "../../offline/record.ts";
import { type Finding, indexStack, judgeResource, judgeStack } from "../../policies/judge.ts";
import { readStackConfig } from "../../policies/reading/stack-config.ts";
import type { ResourceRule, StackRule } from "../../policies/rule.ts";
import { rules } from "../../policies/rules.ts";
import { hasRequired, isRequired } from "./declared.ts";
import { type FlipKind, weakenings } from "./weaken.ts";

export interface Flip {
  readonly stack: string;
  readonly type: string;
  readonly resource: string;
  /** `pointInTimeRecovery.enabled`, `options.protect`, `policy TlsOnly Action`; list positions as `[]`. */
  readonly setting: string;
  readonly kind: FlipKind;
  /** Ids of the rules that objected to the right resource: the weakened one, or one next to it. */
  readonly rules: readonly string[];
}

/** @param isWanted which resources to weaken. Default: all. */
export function flipsOf(
  { records, project, stack }: Evaluation,
  config: Readonly<Record<string, string>>,
  isWanted: (record: ResourceRecord) => boolean = () => true,
): Flip[] {
  const provided = withProviders(records, project, stack, config);
  const stackConfig = readStackConfig({ PULUMI_CONFIG: JSON.stringify(config) }, new Date());
  const resourceRules = rules.filter((rule): rule is ResourceRule => rule.kind === "resource");
  const stackRules = rules.filter((rule): rule is StackRule => rule.kind === "stack");

  const judged = (given: Provided, changed: readonly ResourceRecord[]): Finding[] => {
    const whole = indexStack(viewOf(given, "outputs"), stackConfig);
    const ownRule = retainOnDelete(given.records);
    return [
      ...viewOf({ ...given, records: changed }, "inputs").flatMap((resource) =>
        resourceRules.flatMap((rule) => judgeResource(rule, resource, stackConfig)),
      ),
      ...[...stackRules, ownRule].flatMap((rule) => judgeStack(rule, whole)),
    ];
  };
  const key = ({ rule, urn, property }: Finding) => `${rule} ${urn} ${property}`;
  const already = judged(provided, provided.records);
  const before = new Set(already.map(key));
  /** What is weak by choice cannot be weakened: dev's buckets go with their stack. */
  const isWeak = ({ urn }: ResourceRecord, setting: string) =>
    already.some((one) => one.urn === urn && one.property !== "" && setting === one.property);

  /** Rules that say of a neighbour of `record` what they did not say before. */
  const objecting = (record: ResourceRecord, flipped: ResourceRecord | undefined): string[] => {
    const next = provided.records.flatMap((one) => (one === record ? (flipped ?? []) : [one]));
    const right = neighbours(record, provided.records);
    return judged({ ...provided, records: next }, flipped ? [flipped] : [])
      .filter((finding) => !before.has(key(finding)) && right.has(finding.urn))
      .map(({ rule }) => rule);
  };

  const flips: Flip[] = [];
  const leaves = unreferenced(provided.records);
  for (const record of records.filter((one) => one.custom && isWanted(one))) {
    const flip = (setting: string, kind: FlipKind, alternatives: (ResourceRecord | undefined)[]) =>
      flips.push({
        stack,
        type: record.type,
        resource: record.name,
        setting,
        kind,
        rules: [...new Set(alternatives.flatMap((one) => objecting(record, one)))],
      });
    for (const { path, kind, alternatives, part } of weakenings(record.inputs)) {
      if (kind === "removed" && isRequired(record.type, path)) continue;
      if (kind === "emptied" && hasRequired(record.type, path)) continue;
      const keys = path.map((step) => (typeof step === "number" ? "[]" : `.${step}`)).join("");
      const setting = [keys.slice(1), part].filter(Boolean).join(" ");
      if (isWeak(record, path.join("."))) continue;
      flip(
        setting,
        kind,
        alternatives.map((inputs) => withInputs(record, Object(inputs))),
      );
    }
    for (const option of ["protect", "retainOnDelete"] as const) {
      if (!record.options[option]) continue;
      const options = { ...record.options, [option]: false };
      flip(`options.${option}`, "flipped", [{ ...record, options }]);
    }
    if (leaves.has(record.urn)) flip("", "resource removed", [undefined]);
  }
  return flips;
}

/** The record as it were with other inputs: outputs that repeat them follow, dependencies go with what is gone. */
function withInputs(record: ResourceRecord, inputs: Record<string, unknown>): ResourceRecord {
  const outputs = { ...record.outputs };
  const propertyDependencies = { ...record.propertyDependencies };
  for (const name of Object.keys(record.inputs)) {
    if (inputs[name] === record.inputs[name]) continue;
    if (inputs[name] === undefined) delete outputs[name];
    else outputs[name] = inputs[name];
    const wasPlain = typeof record.inputs[name] !== "object";
    if (wasPlain || isEmpty(inputs[name])) delete propertyDependencies[name];
  }
  return { ...record, inputs, outputs, propertyDependencies };
}

const isEmpty = (value: unknown): boolean =>
  value === undefined || (typeof value === "object" && Object.keys(value ?? {}).length === 0);

/** Where a finding is to be: on the resource, what it refers to, what refers to it, or its component. */
function neighbours(record: ResourceRecord, records: readonly ResourceRecord[]): Set<string> {
  const referring = records.filter((other) => referredBy(other).includes(record.urn));
  return new Set([
    record.urn,
    ...(record.parent ? [record.parent] : []),
    ...referredBy(record),
    ...referring.map(({ urn }) => urn),
  ]);
}

const referredBy = ({ options, propertyDependencies }: ResourceRecord): string[] => [
  ...options.dependencies,
  ...Object.values(propertyDependencies).flat(),
];

/** Resources that nothing else refers to: a program could leave them out. */
function unreferenced(records: readonly ResourceRecord[]): Set<string> {
  const referred = new Set(records.flatMap(referredBy));
  const parents = new Set(records.map(({ parent }) => parent));
  return new Set(
    records.map(({ urn }) => urn).filter((urn) => !referred.has(urn) && !parents.has(urn)),
  );
}
