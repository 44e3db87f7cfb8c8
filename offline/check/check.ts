/**
 * Policy checks without cloud credentials: evaluates stacks offline and judges their resources by a policy pack. The pack
 * of this package is called in this process; any other, and this one where asked, runs as the engine runs it.
 */
import { existsSync, realpathSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { like } from "../../policies/reading/policy-document.ts";
import type { Evaluation } from "../evaluate.ts";
import { projectRoot } from "../files/project-root.ts";
import { evaluateStack, listStacks, onlyStack } from "../project.ts";
import type { PolicyConfig } from "./pack/policy-config.ts";
import { defaultPolicyPack, isPolicyPack } from "./pack/policy-pack.ts";
import {
  type CheckReport,
  outcomeOf,
  type RuleInfo,
  type StackReport,
  summarize,
} from "./report.ts";
import { mergeRules } from "./rules.ts";
import { checkStack, listRules, type StackCheck } from "./stack/check-stack.ts";

export interface CheckOptions {
  /** Folder of `Pulumi.yaml`. Default: `projectRoot()`. */
  readonly root?: string;
  /** Default: every stack that has a `Pulumi.<stack>.yaml`. */
  readonly stacks?: readonly string[];
  /** Folder of the policy pack. Default: `policies` in `root`, else the one that comes with chatstack. */
  readonly pack?: string;
  /** True judges by chatstack's own pack as the engine does, in a process of its own. Other packs always are. */
  readonly protocol?: boolean;
  /** Levels and settings of policies. Default: the pack's own. */
  readonly policyConfig?: PolicyConfig;
  /** Ids of the rules to ask, `*` for any text. Default: all. */
  readonly rules?: readonly string[];
  /** Fewest tenants of a stack that are evaluated and judged at a time where not all are. Default 10. */
  readonly tenantsAtOnce?: number;
  /** Evaluates a stack, as `pulumi preview` would. Default: the program of the project in `root`. */
  readonly evaluate?: (stack: string) => Promise<Evaluation>;
  /** Told how many of a stack's resources have been judged. */
  readonly onProgress?: (stack: string, judged: number, of: number) => void;
}

/** Never throws for what it checks: whatever could not be judged is among the report's failures. */
export async function check(options: CheckOptions = {}): Promise<CheckReport> {
  const start = performance.now();
  const failures = await refusals(options);
  const stacks: StackReport[] = [];
  const rules: (readonly RuleInfo[])[] = [];
  const results = failures.length > 0 ? [] : await perStack(options, checkStack);
  for (const result of results) {
    if (typeof result === "string") failures.push(result);
    else {
      stacks.push(result.report);
      rules.push(result.rules);
    }
  }
  const asked = mergeRules(rules);
  if (results.length > 0) {
    failures.push(...unmatched(options, asked), ...withoutRules(stacks, asked));
  }
  const seconds = Math.round(performance.now() - start) / 1000;
  return {
    version: 1,
    folder: folderInRepository(options.root ?? projectRoot()),
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

/** What is wrong with the options themselves, told before anything is evaluated. */
async function refusals(options: CheckOptions): Promise<string[]> {
  const { root = projectRoot(), pack, rules = [] } = options;
  if (pack !== undefined && !isPolicyPack(pack)) {
    return [`--policy-pack ${pack}: found no PulumiPolicy.yaml there; allowed: a pack's folder`];
  }
  const [stack] = options.stacks ?? listStacks(root);
  if (rules.length === 0 || stack === undefined) return [];
  // The rules are the pack's, whichever stack it starts for. What keeps it from starting is told later.
  const { rules: known, failures } = await list({ ...options, stacks: [stack], rules: [] });
  return failures.length > 0 ? [] : unmatched(options, known);
}

/** A pack uses one core and an evaluation another. */
const stacksAtOnce = 2;

/** Results in the order of the stacks; a text says why there is none. */
async function perStack<R>(
  { root = projectRoot(), rules = [], ...options }: CheckOptions,
  work: (check: StackCheck) => Promise<R>,
): Promise<(R | string)[]> {
  const known = options.stacks ?? listStacks(root);
  const stacks = known.length > 0 ? [...new Set(known)] : [onlyStack];
  const results: (R | string)[] = [];
  const queue = stacks.entries();
  const worker = async () => {
    for (const [index, stack] of queue) {
      results[index] = await work({
        root,
        stack,
        pack: resolve(options.pack ?? defaultPolicyPack(root)),
        protocol: options.protocol ?? false,
        policyConfig: options.policyConfig ?? {},
        evaluate: () => options.evaluate?.(stack) ?? evaluateStack(stack, { root, preview: true }),
        rules,
        tenantsAtOnce: options.tenantsAtOnce,
        isProjects: options.evaluate === undefined,
        onProgress: (judged, of) => options.onProgress?.(stack, judged, of),
      }).catch((error: unknown) => (error instanceof Error ? error.message : String(error)));
    }
  };
  await Promise.all(Array.from({ length: stacksAtOnce }, worker));
  return results;
}

/** A rule that is asked for and not there must not pass for one that found nothing. */
const unmatched = ({ rules = [] }: CheckOptions, known: readonly RuleInfo[]): string[] =>
  known.length === 0 && rules.length === 0
    ? []
    : rules
        .filter((pattern) => !known.some(({ id }) => like(pattern, id)))
        .map((pattern) => `--rule ${pattern}: no such rule; \`chatstack check --list\` names them`);

/** Where every rule is disabled nothing was judged, and that is not clean. */
const withoutRules = (stacks: readonly StackReport[], asked: readonly RuleInfo[]): string[] =>
  stacks
    .filter(
      ({ stack }) =>
        asked.length > 0 &&
        asked.every(({ levels }) => (levels[stack] ?? "disabled") === "disabled"),
    )
    .filter(({ failures }) => failures.length === 0)
    .map(({ stack }) => `${stack}: every rule is disabled, so nothing was judged`);

/** The project's folder as a repository sees it; `""` outside of one. */
function folderInRepository(root: string): string {
  const folder = realpathSync(root);
  for (let above = folder; ; above = dirname(above)) {
    if (existsSync(join(above, ".git"))) return relative(above, folder).replaceAll("\\", "/");
    if (above === dirname(above)) return "";
  }
}
