/**
 * Policy checks without cloud credentials: evaluates stacks offline and puts their resources before the
 * real policy pack, over the protocol that the engine speaks with it.
 */
import { resolve } from "node:path";
import { like } from "../../policies/reading/policy-document.ts";
import type { Evaluation } from "../evaluate.ts";
import { evaluateStack, listStacks } from "../project.ts";
import { checkStack, listRules, type StackCheck } from "./check-stack.ts";
import type { PolicyConfig } from "./pack/policy-config.ts";
import { defaultPolicyPack } from "./pack/policy-pack.ts";
import {
  type CheckReport,
  outcomeOf,
  type RuleInfo,
  type StackReport,
  summarize,
} from "./report.ts";
import { mergeRules } from "./rules.ts";

export interface CheckOptions {
  /** Folder of `Pulumi.yaml`. Default: the working directory. */
  readonly root?: string;
  /** Default: every stack that has a `Pulumi.<stack>.yaml`. */
  readonly stacks?: readonly string[];
  /** Folder of the policy pack. Default: `policies` in `root`, else the one that comes with chatstack. */
  readonly pack?: string;
  /** Levels and settings of policies. Default: the pack's own. */
  readonly policyConfig?: PolicyConfig;
  /** Ids of the rules to ask, `*` for any text. Default: all. */
  readonly rules?: readonly string[];
  /** Evaluates a stack, as `pulumi preview` would. Default: the program of the project in `root`. */
  readonly evaluate?: (stack: string) => Promise<Evaluation>;
  /** Told how many of a stack's resources have been judged. */
  readonly onProgress?: (stack: string, judged: number, of: number) => void;
}

/** Never throws for what it checks: whatever could not be judged is among the report's failures. */
export async function check(options: CheckOptions = {}): Promise<CheckReport> {
  const start = performance.now();
  const failures: string[] = [];
  const stacks: StackReport[] = [];
  const rules: (readonly RuleInfo[])[] = [];
  for (const result of await perStack(options, checkStack)) {
    if (typeof result === "string") failures.push(result);
    else {
      stacks.push(result.report);
      rules.push(result.rules);
    }
  }
  const asked = mergeRules(rules);
  failures.push(...unmatched(options, asked));
  const seconds = Math.round(performance.now() - start) / 1000;
  return {
    version: 1,
    outcome: outcomeOf(stacks, failures),
    summary: summarize(stacks, failures, asked.length, seconds),
    stacks,
    rules: asked,
    failures,
  };
}

/** The rules that the stacks are judged by, and why the pack could not tell them. */
export async function list(
  options: CheckOptions = {},
): Promise<{ rules: readonly RuleInfo[]; failures: readonly string[] }> {
  const results = await perStack(options, listRules);
  const rules = mergeRules(results.filter((result) => typeof result !== "string"));
  const failures = results.filter((result) => typeof result === "string");
  return { rules, failures: [...failures, ...unmatched(options, rules)] };
}

/** A pack uses one core and an evaluation another. */
const stacksAtOnce = 2;

/** Results in the order of the stacks; a text says why there is none. */
async function perStack<R>(
  { root = process.cwd(), rules = [], ...options }: CheckOptions,
  work: (check: StackCheck) => Promise<R>,
): Promise<(R | string)[]> {
  const stacks = [...new Set(options.stacks ?? listStacks(root))];
  if (stacks.length === 0) return [`no Pulumi.<stack>.yaml in ${root}`];
  const results: (R | string)[] = [];
  const queue = stacks.entries();
  const worker = async () => {
    for (const [index, stack] of queue) {
      results[index] = await work({
        root,
        stack,
        pack: resolve(options.pack ?? defaultPolicyPack(root)),
        policyConfig: options.policyConfig ?? {},
        evaluate: () => options.evaluate?.(stack) ?? evaluateStack(stack, { root, preview: true }),
        isAsked: (rule) => rules.length === 0 || rules.some((pattern) => like(pattern, rule)),
        onProgress: (judged, of) => options.onProgress?.(stack, judged, of),
      }).catch((error: unknown) => (error instanceof Error ? error.message : String(error)));
    }
  };
  await Promise.all(Array.from({ length: stacksAtOnce }, worker));
  return results;
}

/** A rule that is asked for and not there must not pass for one that found nothing; nor may a pack without rules. */
const unmatched = (
  { rules = [], policyConfig = {} }: CheckOptions,
  known: readonly RuleInfo[],
): string[] =>
  known.length > 0 && known.every(isDisabled)
    ? [
        `every rule is disabled${policyConfig.all ? " by the policy config's `all`" : ""}: nothing was judged`,
      ]
    : known.length === 0 && rules.length === 0
      ? []
      : rules
          .filter((pattern) => !known.some(({ id }) => like(pattern, id)))
          .map(
            (pattern) => `--rule ${pattern}: no such rule; \`chatstack check --list\` names them`,
          );

const isDisabled = ({ levels }: RuleInfo): boolean =>
  Object.values(levels).every((level) => level === "disabled");
