/** `offline/check/stack/`: checks one stack. Evaluates it, judges it, and gathers what the rules say. */
import { relative } from "node:path";
import { indexStack } from "../../../policies/judge.ts";
import type { Stack } from "../../../policies/rule.ts";
import type { Evaluation } from "../../evaluate.ts";
import { readProject, readStackFile, type StackFile } from "../../project.ts";
import { stackQuotas } from "../../quotas/stacks.ts";
import { inSlices, slicesOf } from "../../slices/slices.ts";
import { exemptionUses } from "../exemptions.ts";
import { byTenant } from "../findings.ts";
import type { PolicyConfig } from "../pack/policy-config.ts";
import type { RuleInfo, StackReport } from "../report.ts";
import { isAsked } from "../rules.ts";
import { unjudgedOf } from "./coverage.ts";
import { isCrossed, stackOf } from "./digest.ts";
import { type DirectRules, directRules, isOwnPack, judgeStackBy } from "./direct.ts";
import type { Judge } from "./judgement.ts";
import {
  findingsOf,
  judgedByPack,
  judgedDirectly,
  ownRuleInfos,
  type Part,
  type Surroundings,
  surroundingsOf,
  withoutOwn,
} from "./part.ts";
import { checkRunner } from "./slice.ts";

export interface StackCheck {
  readonly root: string;
  readonly stack: string;
  /** Folder of the policy pack. */
  readonly pack: string;
  /** True speaks the engine's protocol with our own pack as well. */
  readonly protocol: boolean;
  readonly policyConfig: PolicyConfig;
  /** Patterns of ids; empty means all. */
  readonly rules: readonly string[];
  readonly evaluate: () => Promise<Evaluation>;
  /** Whether `evaluate` is that of the project's program, so that its tenants may be evaluated apart. */
  readonly isProjects: boolean;
  /** Fewest tenants that are judged at a time where not all are. */
  readonly tenantsAtOnce: number | undefined;
  readonly onProgress: (judged: number, of: number) => void;
}

export interface StackResult {
  readonly report: StackReport;
  readonly rules: readonly RuleInfo[];
}

/**
 * Evaluates as `pulumi preview` would: an output that the fake provider does not know stays unknown, and
 * the rule that needs it says so, where an update's evaluation would drop it silently.
 *
 * @throws ProjectError when there is no such stack. Everything else is among the report's failures.
 */
export async function checkStack(check: StackCheck): Promise<StackResult> {
  const { name: project } = readProject(check.root);
  const file = readStackFile(check.root, project, check.stack);
  const direct = attempt(() => directRulesOf(check, file));
  if (direct.error !== undefined) {
    return { report: emptyReport(file, [direct.error]), rules: [] };
  }
  return direct.value
    ? checkDirectly(check, file, direct.value)
    : checkByPack(check, project, file);
}

/** What the rules of a stack are, and at which levels; nothing is evaluated. */
export async function listRules(check: StackCheck): Promise<readonly RuleInfo[]> {
  const { name: project } = readProject(check.root);
  const file = readStackFile(check.root, project, check.stack);
  const direct = directRulesOf(check, file);
  if (direct) return withOwn(direct.infos, check, file);
  const judge = await startPack(check, project, file);
  await judge.stop();
  return withOwn(judge.rules, check, file);
}

const directRulesOf = (
  { pack, protocol, policyConfig, rules }: StackCheck,
  file: StackFile,
): DirectRules | undefined =>
  protocol || !isOwnPack(pack)
    ? undefined
    : directRules(file, withoutOwn(policyConfig), (id) => isAsked(rules, id));

/** The protocol's parts are loaded where it is spoken alone. */
async function startPack(
  { pack: folder, policyConfig, rules }: StackCheck,
  project: string,
  file: StackFile,
): Promise<Judge> {
  const { startJudge } = await import("../pack/judge.ts");
  return startJudge({
    folder,
    project,
    file,
    policyConfig: withoutOwn(policyConfig),
    isAsked: (id) => isAsked(rules, id),
  });
}

const withOwn = (
  infos: readonly RuleInfo[],
  { policyConfig, rules }: StackCheck,
  file: StackFile,
): RuleInfo[] =>
  [...infos, ...ownRuleInfos(file, policyConfig)].filter(({ id }) => isAsked(rules, id));

async function checkByPack(
  check: StackCheck,
  project: string,
  file: StackFile,
): Promise<StackResult> {
  const [started, evaluated] = await Promise.allSettled([
    startPack(check, project, file),
    check.evaluate(),
  ]);
  const judge = started.status === "fulfilled" ? started.value : undefined;
  try {
    const rules = judge ? withOwn(judge.rules, check, file) : [];
    if (!judge || evaluated.status === "rejected") {
      const failures = [started, evaluated].flatMap((one) =>
        one.status === "rejected" ? [describe(one.reason)] : [],
      );
      return { report: emptyReport(file, failures), rules };
    }
    const around = surroundingsOf(file, rules);
    const { views, ...part } = await judgedByPack(judge, evaluated.value, around, check.onProgress);
    return reportOf(check, around, part, indexStack(views, around.stackConfig));
  } finally {
    await judge?.stop();
  }
}

async function checkDirectly(
  check: StackCheck,
  file: StackFile,
  direct: DirectRules,
): Promise<StackResult> {
  const around = surroundingsOf(file, withOwn(direct.infos, check, file));
  const inParts = await checkInSlices(check, around, direct);
  if (inParts) return inParts;
  const evaluated = await check.evaluate().catch((error: unknown) => describe(error));
  if (typeof evaluated === "string") {
    return { report: emptyReport(file, [evaluated]), rules: [...around.rules.values()] };
  }
  const { views, ...part } = judgedDirectly(direct, evaluated, around, check.onProgress);
  return reportOf(check, around, part, indexStack(views, around.stackConfig));
}

/**
 * Some tenants at a time, on every core: what is judged is dropped but for its digest. Undefined where the tenants must be
 * judged together: few of them, a program that cannot make them apart, one that names another's resources, a function that
 * only AWS can answer, a failure.
 */
async function checkInSlices(
  { root, stack, policyConfig, rules, isProjects, tenantsAtOnce, onProgress }: StackCheck,
  around: Surroundings,
  { active }: DirectRules,
): Promise<StackResult | undefined> {
  const slices = isProjects ? slicesOf(root, around.file, tenantsAtOnce) : [];
  if (slices.length < 2) return undefined;
  const task = { kind: "check", root, stack, policyConfig, rules } as const;
  let judged = 0;
  const parts = await inSlices(task, checkRunner(task), slices, ({ resources }, done) => {
    judged += resources;
    onProgress(judged, Math.round((judged * slices.length) / done));
  }).catch(() => undefined);
  if (!parts || parts.some(({ unanswered }) => unanswered.length > 0)) return undefined;
  const digests = parts.map(({ digest }) => digest);
  const acrossTenants = new Set(
    active
      .filter(({ rule }) => rule.kind === "stack" && rule.reach === "tenants")
      .map(({ rule }) => rule.id),
  );
  if (parts.some(({ findings }) => findings.some(({ rule }) => acrossTenants.has(rule)))) {
    return undefined;
  }
  // What all tenants share is judged in each slice; where tenants make a difference to it, all of them have to be there.
  const ofShared = parts.map(({ findings }) =>
    JSON.stringify(findings.filter(({ tenant }) => tenant === undefined).toSorted(byTenant)),
  );
  if (isCrossed(digests) || new Set(ofShared).size > 1) return undefined;
  const whole = stackOf(digests, around.stackConfig);
  const overAll = judgeStackBy(
    active.filter(({ rule }) => rule.kind === "stack" && rule.reach === "stack"),
    whole,
  );
  const known = new Map(whole.resources.map((resource) => [resource.urn, resource]));
  const part: Part = {
    resources: whole.resources.length,
    // Each slice judges what all tenants share.
    findings: distinct([
      ...parts.flatMap(({ findings }) => findings),
      ...findingsOf(overAll.diagnostics, around, known),
    ]),
    remediations: [],
    unjudged: unjudgedOf(
      [
        ...new Map(
          digests.flatMap((one) => one.resources.map((brief) => [brief.urn, brief])),
        ).values(),
      ],
      [...around.rules.values()],
      stack,
    ),
    unanswered: [],
    failures: [...new Set([...parts.flatMap(({ failures }) => failures), ...overAll.failures])],
  };
  return reportOf({ rules }, around, part, whole);
}

function distinct<T extends object>(all: readonly T[]): T[] {
  return [...new Map(all.map((one) => [JSON.stringify(one), one])).values()];
}

function reportOf(
  { rules }: Pick<StackCheck, "rules">,
  { file, places, rules: infos }: Surroundings,
  part: Part,
  stack: Stack,
): StackResult {
  const findings = part.findings.toSorted(byTenant);
  return {
    rules: [...infos.values()],
    report: {
      ...emptyReport(file, part.failures),
      resources: part.resources,
      findings,
      unjudged: part.unjudged,
      unanswered: part.unanswered,
      quotas: stackQuotas(file, stack),
      exemptions: exemptionUses(
        file.config,
        findings,
        places,
        (id) => isAsked(rules, id),
        new Date(),
      ),
      remediations: part.remediations,
    },
  };
}

function emptyReport(file: StackFile, failures: readonly string[]): StackReport {
  const environment = file.config["chatstack:environment"];
  return {
    stack: file.stack,
    file: relative(file.root, file.path),
    ...(environment !== undefined && { environment }),
    resources: 0,
    findings: [],
    unanswered: [],
    exemptions: [],
    remediations: [],
    failures,
  };
}

function attempt<T>(make: () => T): { value: T; error?: undefined } | { error: string } {
  try {
    return { value: make() };
  } catch (error) {
    return { error: describe(error) };
  }
}

const describe = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
