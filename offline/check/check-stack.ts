/** Checks one stack: evaluates it, starts a pack for it, and gathers what the rules say. */
import { basename } from "node:path";
import { indexStack, judgeStack } from "../../policies/judge.ts";
import { levelOf } from "../../policies/policy.ts";
import { readStackConfig } from "../../policies/reading/stack-config.ts";
import type { StackResource } from "../../policies/rule.ts";
import type { Evaluation } from "../evaluate.ts";
import { readProject, readStackFile, type StackFile } from "../project.ts";
import { stackQuotas } from "../quotas/stacks.ts";
import { exemptionUses } from "./exemptions.ts";
import { byTenant, toFinding } from "./findings.ts";
import { type Diagnostic, judge } from "./judge.ts";
import { locate } from "./locate.ts";
import { Pack } from "./pack/pack.ts";
import {
  configureRequest,
  type EnforcementLevel,
  type PolicyConfig,
  type PolicySettings,
  reconcile,
} from "./pack/policy-config.ts";
import { type Provided, withProviders } from "./pack/providers.ts";
import { viewOf } from "./pack/view.ts";
import type { RuleInfo, StackReport } from "./report.ts";
import { retainOnDelete } from "./retain-on-delete.ts";
import { ownRuleInfo, rulesOf } from "./rules.ts";
import { redactor } from "./secrets.ts";

export interface StackCheck {
  readonly root: string;
  readonly stack: string;
  /** Folder of the policy pack. */
  readonly pack: string;
  readonly policyConfig: PolicyConfig;
  readonly evaluate: () => Promise<Evaluation>;
  readonly isAsked: (rule: string) => boolean;
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
  const { root, stack } = check;
  const { name: project } = readProject(root);
  const file = readStackFile(root, project, stack);
  const [started, evaluated] = await Promise.allSettled([
    startPack(check, project, file),
    check.evaluate(),
  ]);
  const pack = started.status === "fulfilled" ? started.value : undefined;
  try {
    if (!pack || evaluated.status === "rejected") {
      const failures = [started, evaluated].flatMap((one) =>
        one.status === "rejected" ? [describe(one.reason)] : [],
      );
      return { report: emptyReport(file, failures), rules: pack?.rules ?? [] };
    }
    return await judgeEvaluation(check, file, pack, evaluated.value);
  } finally {
    await pack?.pack.stop();
  }
}

/** What the rules of a stack are, and at which levels; nothing is evaluated. */
export async function listRules(check: StackCheck): Promise<readonly RuleInfo[]> {
  const { name: project } = readProject(check.root);
  const file = readStackFile(check.root, project, check.stack);
  const { pack, rules } = await startPack(check, project, file);
  await pack.stop();
  return rules;
}

interface StartedPack {
  readonly pack: Pack;
  readonly settings: ReadonlyMap<string, PolicySettings>;
  readonly rules: readonly RuleInfo[];
}

async function startPack(check: StackCheck, project: string, file: StackFile) {
  const { stack, policyConfig, isAsked } = check;
  const pack = await Pack.start(check.pack, { project, ...file, config: file.handedOver });
  try {
    const info = await pack.info();
    const { [own.id]: ownConfig, ...config } = policyConfig;
    const settings = reconcile(info, config);
    for (const [id, { properties }] of settings) {
      if (!isAsked(id)) settings.set(id, { level: "disabled", properties });
    }
    await pack.configure(configureRequest(settings));
    const ownLevel: EnforcementLevel =
      ownConfig?.enforcementLevel ??
      policyConfig.all?.enforcementLevel ??
      levelOf(own, packConfig(file));
    const rules = [...rulesOf(info, settings, stack), ownRuleInfo(own, stack, ownLevel)];
    return { pack, settings, rules: rules.filter(({ id }) => isAsked(id)) } satisfies StartedPack;
  } catch (error) {
    await pack.stop();
    throw error;
  }
}

async function judgeEvaluation(
  check: StackCheck,
  file: StackFile,
  { pack, settings, rules }: StartedPack,
  { project, stack, records }: Evaluation,
): Promise<StackResult> {
  const provided = withProviders(records, project, stack, file.config);
  const redacted = redactor(provided.records);
  const failures: string[] = [];
  const { diagnostics, changes } = await judge(pack, provided, settings, (judged) =>
    check.onProgress(judged, provided.records.length),
  ).then(
    (judgement) => {
      failures.push(...judgement.failures.map(redacted));
      return judgement;
    },
    (error: unknown) => {
      failures.push(redacted(describe(error)));
      return { diagnostics: [], changes: [] };
    },
  );
  const places = locate(file.path);
  const infos = new Map(rules.map((rule) => [rule.id, rule]));
  const views = viewOf(provided, "outputs");
  const resources = new Map(views.map((view) => [view.urn, view]));
  const ownDiagnostics = infos.has(own.id) ? judgeOwn(provided, views, file) : [];
  const findings = [...diagnostics, ...ownDiagnostics]
    .filter(({ rule }) => infos.get(rule)?.levels[stack] !== "disabled")
    .map((one) => ({ ...one, message: redacted(one.message) }))
    .map((one) => toFinding(one, { stack, rules: infos, resources, places }))
    .sort(byTenant);
  return {
    rules,
    report: {
      ...emptyReport(file, failures),
      resources: provided.records.length,
      findings,
      quotas: stackQuotas(file, indexStack(views, packConfig(file))),
      exemptions: exemptionUses(file.config, findings, places, check.isAsked, new Date()),
      remediations: changes.map((change) => {
        const { tenant, resource } = toFinding(
          { ...change, description: "", message: "" },
          { stack, rules: infos, resources, places },
        );
        return { ...change, stack, resource, ...(tenant !== undefined && { tenant }) };
      }),
    },
  };
}

/** The rule as it is described; to judge, it is made anew around the stack's records. */
const own = retainOnDelete([]);

function judgeOwn(
  provided: Provided,
  views: readonly StackResource[],
  file: StackFile,
): Diagnostic[] {
  const stack = indexStack(views, packConfig(file));
  return judgeStack(retainOnDelete(provided.records), stack).map(({ rule, urn, message }) => ({
    rule,
    urn,
    message,
    description: "",
  }));
}

/** What the pack makes of the stack's config. */
const packConfig = ({ config }: StackFile) =>
  readStackConfig({ PULUMI_CONFIG: JSON.stringify(config), PULUMI_DRY_RUN: "true" }, new Date());

function emptyReport(file: StackFile, failures: readonly string[]): StackReport {
  const environment = file.config["chatstack:environment"];
  return {
    stack: file.stack,
    file: basename(file.path),
    ...(environment !== undefined && { environment }),
    resources: 0,
    findings: [],
    exemptions: [],
    remediations: [],
    failures,
  };
}

const describe = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
