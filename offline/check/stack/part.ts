/** Checks what was evaluated of a stack, all of it or a slice of its tenants, and says what was found. */
import { indexStack, judgeStack } from "../../../policies/judge.ts";
import { levelOf } from "../../../policies/policy.ts";
import type { StackConfig } from "../../../policies/reading/stack-config.ts";
import type { StackResource } from "../../../policies/rule.ts";
import type { Evaluation } from "../../evaluate.ts";
import type { StackFile } from "../../project.ts";
import { toFinding } from "../findings.ts";
import { locate, type Places } from "../locate.ts";
import { ownRules } from "../own-rules.ts";
import type { PolicyConfig } from "../pack/policy-config.ts";
import { type Provided, withProviders } from "../pack/providers.ts";
import { viewOf } from "../pack/view.ts";
import type { Finding, Remediation, RuleInfo, StackReport } from "../report.ts";
import { ruleInfo } from "../rules.ts";
import { redactor } from "../secrets.ts";
import { unansweredOf, unjudgedOf } from "./coverage.ts";
import { type Digest, digestOf } from "./digest.ts";
import {
  type ActiveRule,
  type DirectRules,
  judgeResources,
  judgeStackBy,
  packConfig,
} from "./direct.ts";
import type { Diagnostic, Judge, Judgement } from "./judgement.ts";

/** What the findings of a stack are made with. */
export interface Surroundings {
  readonly file: StackFile;
  readonly stackConfig: StackConfig;
  readonly places: Places;
  readonly rules: ReadonlyMap<string, RuleInfo>;
}

export interface Part extends Pick<StackReport, "unjudged" | "unanswered"> {
  readonly resources: number;
  readonly findings: readonly Finding[];
  readonly remediations: readonly Remediation[];
  readonly failures: readonly string[];
}

export const surroundingsOf = (file: StackFile, rules: readonly RuleInfo[]): Surroundings => ({
  file,
  stackConfig: packConfig(file),
  places: locate(file),
  rules: new Map(rules.map((rule) => [rule.id, rule])),
});

/** As they are described; to judge, they are made anew around the stack's records. */
const described = ownRules();

/** Of the rules that no pack can have. */
export const ownRuleInfos = (file: StackFile, { all, ...config }: PolicyConfig): RuleInfo[] =>
  described.map((rule) =>
    ruleInfo(
      rule,
      file.stack,
      config[rule.id]?.enforcementLevel ?? all?.enforcementLevel ?? levelOf(rule, packConfig(file)),
    ),
  );

/** Policy config without what is said of those rules: no pack knows them. */
export const withoutOwn = (config: PolicyConfig): PolicyConfig =>
  Object.fromEntries(
    Object.entries(config).filter(([id]) => described.every((rule) => rule.id !== id)),
  );

/** By a pack, over the protocol. */
export async function judgedByPack(
  judge: Judge,
  evaluation: Evaluation,
  around: Surroundings,
  onProgress: (judged: number, of: number) => void,
): Promise<Part & { readonly views: readonly StackResource[] }> {
  const { provided, views } = seen(evaluation, around);
  const of = provided.records.length;
  const judgement = await judge
    .judge(provided, (judged) => onProgress(judged, of))
    .catch((error: unknown) => failed(error));
  const own = judgeOwn(provided, views, around);
  return { ...partOf(evaluation, provided, views, around, [judgement, own]), views };
}

/** By our own rules, in this process. */
export function judgedDirectly(
  { active }: Pick<DirectRules, "active">,
  evaluation: Evaluation,
  around: Surroundings,
  onProgress: (judged: number, of: number) => void = () => {},
): Part & { readonly views: readonly StackResource[] } {
  const { provided, views } = seen(evaluation, around);
  const inputs = viewOf(provided, "inputs");
  const judgements = [
    judgeResources(active, inputs, around.stackConfig, (judged) =>
      onProgress(judged, provided.records.length),
    ),
    judgeStackBy(active, indexStack(views, around.stackConfig)),
    judgeOwn(provided, views, around),
  ];
  return { ...partOf(evaluation, provided, views, around, judgements), views };
}

/** A slice of a stack: by the rules that need no more of it, with what the others need to know of it. */
export function judgedSlice(
  active: readonly ActiveRule[],
  evaluation: Evaluation,
  around: Surroundings,
): Part & { readonly digest: Digest } {
  const ofSlice = active.filter(({ rule }) => rule.kind === "resource" || rule.reach !== "stack");
  const { views, ...part } = judgedDirectly({ active: ofSlice }, evaluation, around);
  return { ...part, digest: digestOf(evaluation.records, views, around.stackConfig) };
}

function seen({ records, project, stack }: Evaluation, { file }: Surroundings) {
  const provided = withProviders(records, project, stack, file.config);
  return { provided, views: viewOf(provided, "outputs") };
}

function judgeOwn(
  { records }: Provided,
  views: readonly StackResource[],
  { stackConfig, rules }: Surroundings,
): Judgement {
  const stack = indexStack(views, stackConfig);
  const found = ownRules(records)
    .filter(({ id }) => rules.has(id))
    .flatMap((rule) => judgeStack(rule, stack));
  const diagnostics = found.map(({ rule, urn, message }) => ({
    rule,
    urn,
    message,
    description: "",
  }));
  return { diagnostics, changes: [], failures: [] };
}

function partOf(
  evaluation: Evaluation,
  { records }: Provided,
  views: readonly StackResource[],
  around: Surroundings,
  judgements: readonly Judgement[],
): Part {
  const redacted = redactor(records);
  const resources = new Map(views.map((view) => [view.urn, view]));
  const { stack } = around.file;
  return {
    resources: records.length,
    unjudged: unjudgedOf(evaluation.records, [...around.rules.values()], stack),
    unanswered: unansweredOf(evaluation.unanswered),
    failures: judgements.flatMap(({ failures }) => failures.map(redacted)),
    findings: findingsOf(
      judgements.flatMap(({ diagnostics }) =>
        diagnostics.map((one) => ({ ...one, message: redacted(one.message) })),
      ),
      around,
      resources,
    ),
    remediations: judgements
      .flatMap(({ changes }) => changes)
      .map((change) => {
        const { tenant, resource } = toFinding(
          { ...change, description: "", message: "" },
          { stack, resources, ...around },
        );
        return { ...change, stack, resource, ...(tenant !== undefined && { tenant }) };
      }),
  };
}

/** @param resources with their outputs, by URN. */
export const findingsOf = (
  diagnostics: readonly Diagnostic[],
  around: Surroundings,
  resources: ReadonlyMap<string, StackResource>,
): Finding[] =>
  diagnostics
    .filter(({ rule }) => around.rules.get(rule)?.levels[around.file.stack] !== "disabled")
    .map((one) => toFinding(one, { stack: around.file.stack, resources, ...around }));

const failed = (error: unknown): Judgement => ({
  diagnostics: [],
  changes: [],
  failures: [error instanceof Error ? error.message : String(error)],
});
