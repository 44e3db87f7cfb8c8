/** One plan of many stacks: what is the same in all of them reads as one change, with the tenants that it is of. */
import { selectStacks } from "../engine-config/select-stacks.ts";
import { projectRoot } from "../files/project-root.ts";
import { listStacks } from "../project.ts";
import { UsageError } from "../usage-error.ts";
import { parseAgainst } from "./against/against.ts";
import type { Comparison } from "./comparison.ts";
import { type Plan, type PlanOptions, planStack } from "./plan.ts";

export interface ManyOptions extends Omit<PlanOptions, "stack" | "against"> {
  /** Names, `*` for any text. */
  readonly stacks: readonly string[];
  /** A git revision, `git:main`: each stack as it was there. */
  readonly against: string;
}

/** @throws UsageError for a stack that there is not, and for something else than a revision to compare with. */
export async function planStacks({ stacks, against, ...options }: ManyOptions): Promise<Plan> {
  const { root = projectRoot() } = options;
  if (parseAgainst(against, listStacks(root)).kind !== "git") {
    throw new UsageError(
      `--against: found "${against}"; allowed with --stacks: a revision, git:main`,
    );
  }
  const names = selectStacks(root, { stacks });
  const plans: Plan[] = [];
  for (const stack of names) plans.push(await planStack({ ...options, root, stack, against }));
  const title = names.length === 1 ? names.join() : `${names.length} stacks (${names.join(", ")})`;
  return {
    stack: title,
    against,
    records: plans.flatMap(({ records }) => records),
    comparison: together(plans),
    parts: plans,
    notes: plans.flatMap(({ stack, notes }) => notes.map((note) => `${stack}: ${note}`)),
  };
}

/** In the stacks' order. Where each says its own name, `<stack>` stands in it. */
function together(plans: readonly Plan[]): Comparison {
  const all = plans.flatMap(({ stack, comparison }) =>
    comparison ? [withoutStack(comparison, stack)] : [],
  );
  const changes = all.flatMap((one) => one.changes);
  return {
    // What all tenants of a stack share, once where stacks change alike.
    changes: [
      ...distinct(changes.filter(({ tenant }) => tenant === undefined)),
      ...changes.filter(({ tenant }) => tenant !== undefined),
    ],
    tenants: all.flatMap((one) => one.tenants),
    losses: distinct(all.flatMap((one) => one.losses)),
    refusals: distinct(all.flatMap((one) => one.refusals)),
    access: distinct(all.flatMap((one) => one.access)),
    unchanged: all.reduce((sum, { unchanged }) => sum + unchanged, 0),
  };
}

function withoutStack(comparison: Comparison, stack: string): Comparison {
  const urn = `urn:pulumi:${stack}::`;
  const text = JSON.stringify(comparison, (_, value: unknown) => {
    if (value === stack) return "<stack>";
    return typeof value === "string" ? value.replaceAll(urn, "urn:pulumi:<stack>::") : value;
  });
  const plain: Comparison = JSON.parse(text);
  return plain;
}

const distinct = <T>(all: readonly T[]): T[] => [
  ...new Map(all.map((one) => [JSON.stringify(one), one])).values(),
];
