/** The plan for programs. Whoever reads it goes by `version`: what it has only grows until that changes. */
import type { QuotaReport } from "../../quotas/quotas.ts";
import type { ResourceRecord } from "../../record.ts";
import { tenantsByUrn } from "../../tenancy.ts";
import type { ChangeKind, Comparison } from "../comparison.ts";
import { isSafe } from "../comparison.ts";
import type { Plan } from "../plan.ts";

export interface PlanJson {
  readonly version: 1;
  readonly stack: string;
  /** Every resource the stack would have, components included, without its properties. */
  readonly resources: readonly ResourceJson[];
  /** What the stack asks of its account's quotas, all tenants. */
  readonly quotas?: QuotaReport;
  /** Absent without `--against`. */
  readonly against?: string;
  readonly notes?: readonly string[];
  /** `unsafe`: data would be lost, or `pulumi up` would be refused. */
  readonly outcome?: "no-changes" | "safe" | "unsafe";
  /** Resources by kind of change, as the engine counts: components included. */
  readonly summary?: Readonly<Record<ChangeKind | "unchanged", number>>;
  readonly comparison?: Omit<Comparison, "unchanged">;
}

export interface ResourceJson {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly parent?: string;
  readonly tenant?: string;
  readonly custom: boolean;
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
}

export function planJson({ stack, records, against, comparison, notes, quotas }: Plan): PlanJson {
  const resources = resourcesOf(records);
  if (!comparison) return { version: 1, stack, resources, quotas };
  const { unchanged, ...rest } = comparison;
  const summary = { added: 0, changed: 0, replaced: 0, removed: 0, moved: 0, unchanged };
  for (const { kind } of comparison.changes) summary[kind]++;
  const outcome = comparison.changes.length === 0 ? "no-changes" : "safe";
  return {
    version: 1,
    stack,
    against,
    notes,
    outcome: isSafe(comparison) ? outcome : "unsafe",
    summary,
    comparison: rest,
    quotas,
    resources,
  };
}

function resourcesOf(records: readonly ResourceRecord[]): ResourceJson[] {
  const owners = tenantsByUrn(records);
  return records
    .filter(({ type }) => type !== "pulumi:pulumi:Stack")
    .map(({ urn, type, name, parent, custom, options }) => ({
      urn,
      type,
      name,
      parent,
      tenant: owners.get(urn),
      custom,
      protect: options.protect,
      retainOnDelete: options.retainOnDelete,
    }));
}
