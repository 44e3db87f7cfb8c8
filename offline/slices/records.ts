/** The records of a stack, on every core where it has many tenants. */
import type { Evaluation } from "../evaluate.ts";
import { projectRoot } from "../files/project-root.ts";
import {
  evaluateStack,
  evaluateTenants,
  readProject,
  readStackFile,
  type StackFile,
  type StackOptions,
} from "../project.ts";
import type { ResourceRecord } from "../record.ts";
import { tenantsByUrn } from "../tenancy.ts";
import type { Run } from "./crew.ts";
import { inSlices, slicesOf } from "./slices.ts";

export interface RecordsTask {
  readonly kind: "records";
  readonly file: StackFile;
  readonly options: Omit<StackOptions, "file" | "text">;
}

export const recordsRunner =
  ({ file, options }: RecordsTask): Run<Evaluation> =>
  (tenants) =>
    evaluateTenants(file, tenants, options);

export interface SlicedOptions extends StackOptions {
  /** Fewest tenants that are evaluated at a time where not all are. Default 10. */
  readonly tenantsAtOnce?: number;
}

/**
 * As `evaluateStack` does it. What all tenants share comes first, then one tenant's resources after the other's.
 *
 * @throws as `evaluateStack`.
 */
export async function evaluateOnAllCores(
  stack: string,
  { tenantsAtOnce, ...options }: SlicedOptions = {},
): Promise<Evaluation> {
  const { root = projectRoot(), file: path, text, ...rest } = options;
  const file = readStackFile(root, readProject(root).name, stack, text, path);
  const slices = slicesOf(root, file, tenantsAtOnce);
  if (slices.length >= fewest) {
    const task: RecordsTask = { kind: "records", file, options: { root, ...rest } };
    // Of what is wrong, an evaluation of the whole says where it stands in the whole list.
    const parts = await inSlices(task, recordsRunner(task), slices).catch(() => undefined);
    // What stays unknown in one slice would be asked for in each: of the whole it is counted once.
    if (parts?.every(({ unanswered }) => unanswered.length === 0)) return merged(parts);
  }
  return evaluateStack(stack, options);
}

/** With fewer a thread would have nothing to do. */
const fewest = 3;

function merged(parts: readonly Evaluation[]): Evaluation {
  const [first, ...others] = parts;
  if (first === undefined) throw new Error("a stack without slices");
  const outputs = parts.reduce((sofar, part) => withTenants(sofar, part.outputs), first.outputs);
  const records = new Map<string, ResourceRecord>();
  for (const record of first.records) {
    const isStack = record.type === "pulumi:pulumi:Stack";
    records.set(record.urn, isStack ? { ...record, outputs } : record);
  }
  for (const record of others.flatMap((part) => part.records)) {
    if (!records.has(record.urn)) records.set(record.urn, record);
  }
  const owners = tenantsByUrn([...records.values()]);
  const byTenant = Map.groupBy(records.values(), ({ urn }) => owners.get(urn));
  return { ...first, records: [...byTenant.values()].flat(), outputs };
}

/** The program's outputs are by tenant. */
const withTenants = (
  one: Evaluation["outputs"],
  other: Evaluation["outputs"],
): Evaluation["outputs"] => ({
  ...one,
  tenants: { ...Object(one.tenants), ...Object(other.tenants) },
});
