/** A stack's plan: the resources it would have, and how they differ from something else. */
import { resolve } from "node:path";
import { unknownValue } from "../differences.ts";
import { projectRoot } from "../files/project-root.ts";
import { isOwnProgram } from "../host/load.ts";
import {
  evaluateStack,
  listStacks,
  type Project,
  readProject,
  readStackFile,
  secretPlaceholder,
} from "../project.ts";
import type { QuotaReport } from "../quotas/quotas.ts";
import { evaluatedQuotas } from "../quotas/stacks.ts";
import type { ResourceRecord } from "../record.ts";
import { evaluateOnAllCores } from "../slices/records.ts";
import { parseAgainst, readEarlier } from "./against/against.ts";
import { withCodeHashes } from "./against/code-hash.ts";
import { asProviderReads } from "./against/provider-reading.ts";
import { StateProvider } from "./against/state-provider.ts";
import { changedTenants } from "./against/tenant-files.ts";
import { compare } from "./compare.ts";
import type { Comparison } from "./comparison.ts";

export interface PlanOptions {
  /** Folder of `Pulumi.yaml`. Default: `projectRoot()`. */
  readonly root?: string;
  readonly stack: string;
  /** `prod`, `Pulumi.prod.yaml`, `git:main`, `state.json`, `-`; see docs/operations/plan.md. */
  readonly against?: string;
  readonly onProgress?: (text: string) => void;
}

export interface Plan {
  readonly stack: string;
  readonly records: readonly ResourceRecord[];
  /** Absent without `against`. */
  readonly comparison?: Comparison;
  readonly against?: string;
  /** Of what it is held against. Absent where only changed tenants were evaluated. */
  readonly earlier?: readonly ResourceRecord[];
  readonly notes: readonly string[];
  /** Of many stacks: the plan of each. */
  readonly parts?: readonly Plan[];
  /** What the stack asks of its account's quotas. Absent where only changed tenants were evaluated. */
  readonly quotas?: QuotaReport;
}

/** @throws UsageError, ProjectError, or EvaluationError when a program fails. */
export async function planStack(options: PlanOptions): Promise<Plan> {
  const { root = projectRoot(), stack, against, onProgress = () => {} } = options;
  const project = readProject(root);
  const narrowed = await narrowedPlan(options, project);
  if (narrowed) return narrowed;
  const file = readStackFile(root, project.name, stack);
  if (against === undefined) {
    const evaluation = await evaluateOnAllCores(stack, { root });
    const quotas = evaluatedQuotas({ file, evaluation });
    return { stack, records: evaluation.records, notes: [], quotas };
  }
  const { config } = file;
  onProgress(`planning: ${against}`);
  const earlier = await readEarlier(root, stack, parseAgainst(against, listStacks(root)));
  onProgress(`planning: ${stack}`);
  const evaluation = earlier.isDeployed
    ? await evaluateStack(stack, {
        root,
        provider: new StateProvider(earlier.records, config["aws:region"]),
      })
    : await evaluateOnAllCores(stack, { root });
  const { records } = evaluation;
  const wanted = withCodeHashes(records);
  return {
    stack,
    records,
    against,
    earlier: earlier.records,
    comparison: earlier.isDeployed
      ? compareWithDeployed(earlier.records, wanted)
      : compare(earlier.records, wanted),
    notes: earlier.notes,
    quotas: evaluatedQuotas({ file, evaluation }),
  };
}

/** Of changed tenants alone, where what they are compared with proves that the others are as they were. */
async function narrowedPlan(
  { root = projectRoot(), stack, against, onProgress = () => {} }: PlanOptions,
  { name, main }: Project,
): Promise<Plan | undefined> {
  if (against === undefined || !isOwnProgram(resolve(root, main))) return undefined;
  const { kind, what } = parseAgainst(against, listStacks(root));
  if (kind !== "git") return undefined;
  onProgress(`planning: ${against}`);
  const file = readStackFile(root, name, stack, undefined, undefined, { only: [] });
  // What is wrong is told of the whole.
  const found = await changedTenants(root, name, file, what).catch(() => undefined);
  if (found === undefined) return undefined;
  const { before, after, note } = found;
  const comparison = compare(before, withCodeHashes(after));
  return { stack, records: after, against, comparison, notes: [note] };
}

/**
 * @param deployed records of a state.
 * @param wanted the program's, evaluated with the state's outputs, and its code by its hash.
 */
export function compareWithDeployed(
  deployed: readonly ResourceRecord[],
  wanted: readonly ResourceRecord[],
): Comparison {
  const known = wanted.map(withoutPlaceholders);
  return compare(asProviderReads(deployed, known), known);
}

/** An encrypted config value is not known here; what was deployed with it is no difference. */
const withoutPlaceholders = (record: ResourceRecord): ResourceRecord => ({
  ...record,
  inputs: Object.fromEntries(
    Object.entries(record.inputs).map(([key, value]) => [key, opaque(value)]),
  ),
});

function opaque(value: unknown): unknown {
  if (typeof value === "string") return value.includes(secretPlaceholder) ? unknownValue : value;
  if (Array.isArray(value)) return value.map(opaque);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, opaque(field)]));
}
