/** A stack's plan: the resources it would have, and how they differ from something else. */
import { unknownValue } from "../differences.ts";
import { projectRoot } from "../files/project-root.ts";
import {
  evaluateStack,
  listStacks,
  readProject,
  readStackFile,
  secretPlaceholder,
} from "../project.ts";
import type { QuotaReport } from "../quotas/quotas.ts";
import { evaluatedQuotas } from "../quotas/stacks.ts";
import type { ResourceRecord } from "../record.ts";
import { parseAgainst, readEarlier } from "./against/against.ts";
import { withCodeHashes } from "./against/code-hash.ts";
import { asProviderReads } from "./against/provider-reading.ts";
import { StateProvider } from "./against/state-provider.ts";
import { compare } from "./compare.ts";
import type { Comparison } from "./comparison.ts";

export interface PlanOptions {
  /** Folder of `Pulumi.yaml`. Default: `projectRoot()`. */
  readonly root?: string;
  readonly stack: string;
  /** `prod`, `Pulumi.prod.yaml`, `git:main`, `state.json`, `-`; see docs/plan.md. */
  readonly against?: string;
  readonly onProgress?: (text: string) => void;
}

export interface Plan {
  readonly stack: string;
  readonly records: readonly ResourceRecord[];
  /** Absent without `against`. */
  readonly comparison?: Comparison;
  readonly against?: string;
  readonly notes: readonly string[];
  /** What the stack asks of its account's quotas. */
  readonly quotas: QuotaReport;
}

/** @throws UsageError, ProjectError, or EvaluationError when a program fails. */
export async function planStack(options: PlanOptions): Promise<Plan> {
  const { root = projectRoot(), stack, against, onProgress = () => {} } = options;
  const file = readStackFile(root, readProject(root).name, stack);
  if (against === undefined) {
    const evaluation = await evaluateStack(stack, { root });
    const quotas = evaluatedQuotas({ file, evaluation });
    return { stack, records: evaluation.records, notes: [], quotas };
  }
  const { config } = file;
  onProgress(`planning: ${against}`);
  const earlier = await readEarlier(root, stack, parseAgainst(against, listStacks(root)));
  onProgress(`planning: ${stack}`);
  const evaluation = await evaluateStack(stack, {
    root,
    ...(earlier.isDeployed && {
      provider: new StateProvider(earlier.records, config["aws:region"]),
    }),
  });
  const { records } = evaluation;
  const hashed = withCodeHashes(records);
  const wanted = earlier.isDeployed ? hashed.map(withoutPlaceholders) : hashed;
  const former = earlier.isDeployed ? asProviderReads(earlier.records, wanted) : earlier.records;
  return {
    stack,
    records,
    against,
    comparison: compare(former, wanted),
    notes: earlier.notes,
    quotas: evaluatedQuotas({ file, evaluation }),
  };
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
