/** Judges by the rules of this package, called in this process with what the protocol would have shown them. */
import { realpathSync } from "node:fs";
import { join } from "node:path";
import { type Finding, judgeResource, judgeStack } from "../../../policies/judge.ts";
import { levelOf } from "../../../policies/policy.ts";
import { readStackConfig, type StackConfig } from "../../../policies/reading/stack-config.ts";
import {
  type AnyRule,
  isOneOf,
  type ResourceRule,
  type Stack,
  type StackResource,
} from "../../../policies/rule.ts";
import { rules } from "../../../policies/rules.ts";
import type { StackFile } from "../../project.ts";
import { type PolicyConfig, reconcile } from "../pack/policy-config.ts";
import type { RuleInfo } from "../report.ts";
import { ruleInfo } from "../rules.ts";
import type { Diagnostic, Judgement } from "./judgement.ts";

const ownFolder = join(import.meta.dirname, "../../../policies");

/** Whether the folder holds the rules of this package, and not a copy that may say something else. */
export function isOwnPack(folder: string): boolean {
  try {
    return realpathSync(folder) === realpathSync(ownFolder);
  } catch {
    return false;
  }
}

/** What the pack makes of the stack's config. */
export const packConfig = ({ config }: StackFile): StackConfig =>
  readStackConfig({ PULUMI_CONFIG: JSON.stringify(config), PULUMI_DRY_RUN: "true" }, new Date());

export interface ActiveRule {
  readonly rule: AnyRule;
  readonly settings: Readonly<Record<string, unknown>>;
}

export interface DirectRules {
  /** Of all that are asked. */
  readonly infos: readonly RuleInfo[];
  /** Without the disabled ones. */
  readonly active: readonly ActiveRule[];
}

/** Undefined where a rule is to remediate: what that would change is asked of the pack, as the engine does. */
export function directRules(
  file: StackFile,
  policyConfig: PolicyConfig,
  isAsked: (rule: string) => boolean,
): DirectRules | undefined {
  const stackConfig = packConfig(file);
  const described = rules.map((rule) => ({
    id: rule.id,
    level: levelOf(rule, stackConfig),
    schema: rule.config ?? {},
    required: [],
    initial: {},
  }));
  const settings = reconcile(described, policyConfig);
  const asked = rules.flatMap((rule) => {
    const set = settings.get(rule.id);
    return set && isAsked(rule.id) ? [{ rule, level: set.level, settings: set.properties }] : [];
  });
  if (asked.some(({ level }) => level === "remediate")) return undefined;
  return {
    infos: asked.map(({ rule, level }) => ruleInfo(rule, file.stack, level)),
    active: asked.filter(({ level }) => level !== "disabled"),
  };
}

/** Each resource by its inputs, before it would be created. */
export function judgeResources(
  active: readonly ActiveRule[],
  resources: readonly StackResource[],
  stackConfig: StackConfig,
  onProgress: (judged: number) => void = () => {},
): Judgement {
  const byType = new Map<string, readonly ActiveResourceRule[]>();
  return gathered((attempt) => {
    for (const [at, resource] of resources.entries()) {
      const own = byType.get(resource.type) ?? resourceRulesFor(resource.type, active);
      byType.set(resource.type, own);
      for (const { rule, settings } of own) {
        attempt(() => judgeResource(rule, resource, stackConfig, settings));
      }
      onProgress(at + 1);
    }
  });
}

interface ActiveResourceRule extends ActiveRule {
  readonly rule: ResourceRule;
}

const resourceRulesFor = (type: string, active: readonly ActiveRule[]): ActiveResourceRule[] =>
  active.flatMap(({ rule, settings }) =>
    rule.kind === "resource" && isOneOf(type, rule.types) ? [{ rule, settings }] : [],
  );

/** The stack as a whole, with outputs. */
export const judgeStackBy = (active: readonly ActiveRule[], stack: Stack): Judgement =>
  gathered((attempt) => {
    for (const { rule, settings } of active) {
      if (rule.kind === "stack") attempt(() => judgeStack(rule, stack, settings));
    }
  });

/** A rule that cannot judge hides no other. */
function gathered(judge: (attempt: (ask: () => readonly Finding[]) => void) => void): Judgement {
  const diagnostics: Diagnostic[] = [];
  const failures = new Set<string>();
  judge((ask) => {
    try {
      for (const { rule, urn, message } of ask()) {
        diagnostics.push({ rule, urn, message, description: "" });
      }
    } catch (error) {
      failures.add(error instanceof Error ? error.message : String(error));
    }
  });
  return { diagnostics, changes: [], failures: [...failures] };
}
