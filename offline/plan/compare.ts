/**
 * Compares two evaluations of a stack, as it is and as it would be. Pure, and linear in the number of
 * resources. Which resource is which is what the engine would say, by URN and aliases, whatever stack
 * and project the records are of; what is lost is `dataLosses`' judgement.
 */
import type { ResourceRecord } from "../record.ts";
import { tenantsByUrn } from "../tenancy.ts";
import { successors } from "../upgrade/identity.ts";
import { accessChanges } from "./access.ts";
import { changeOf, wholeChange } from "./change.ts";
import type { Comparison, ResourceChange } from "./comparison.ts";
import { consequencesOf } from "./consequences.ts";
import { withFollowers } from "./followers.ts";
import { labelOf, symbolicRecords } from "./symbolic.ts";

/**
 * @param before as deployed, or as the stack would be without the change.
 * @param after as it would be.
 */
export function compare(
  before: readonly ResourceRecord[],
  after: readonly ResourceRecord[],
): Comparison {
  const successor = successors(before, after);
  const left = symbolic(before, (record) => successor.get(record.urn) ?? record);
  const right = symbolic(after, (record) => record);
  const now = new Map(right.map((record) => [record.urn, record]));
  const former = new Map<string, ResourceRecord>();
  const removed: ResourceRecord[] = [];
  for (const record of left) {
    const urn = successor.get(record.urn)?.urn;
    // Two resources that become one: the engine keeps the first it finds and deletes the other.
    if (urn === undefined || former.has(urn)) removed.push(record);
    else former.set(urn, record);
  }
  const owners = { before: tenantsByUrn(before), after: tenantsByUrn(after) };
  const kept = right.flatMap((record): ResourceChange[] => {
    if (isStack(record)) return [];
    const tenant = owners.after.get(record.urn);
    const earlier = former.get(record.urn);
    const change = earlier
      ? changeOf(earlier, record, tenant)
      : wholeChange("added", record, tenant);
    return change ? [change] : [];
  });
  const gone = removed
    .filter((record) => !isStack(record))
    .map((record) => wholeChange("removed", record, owners.before.get(record.urn)));
  const changes = withFollowers([...kept, ...gone], former, now, owners.after);
  return {
    changes: byTenant(changes),
    ...consequencesOf({ before: left, after: right, changes, owners }),
    access: accessChanges(left, right, owners),
    unchanged: unchangedAmong(former, now, changes),
  };
}

/** Each record with its inputs as the program wrote them; a resource is named as it will be called. */
function symbolic(
  records: readonly ResourceRecord[],
  identity: (record: ResourceRecord) => ResourceRecord,
): readonly ResourceRecord[] {
  const labels = new Map(
    records.map((record) => {
      const { type, name } = identity(record);
      return [record.urn, labelOf(type, name)];
    }),
  );
  return [...symbolicRecords(records, (urn) => labels.get(urn) ?? urn).values()];
}

const isStack = ({ type }: ResourceRecord): boolean => type === "pulumi:pulumi:Stack";

function byTenant(changes: readonly ResourceChange[]): ResourceChange[] {
  const groups = Map.groupBy(changes, ({ tenant }) => tenant);
  const shared = groups.get(undefined) ?? [];
  groups.delete(undefined);
  return [...shared, ...[...groups.values()].flat()];
}

function unchangedAmong(
  former: ReadonlyMap<string, ResourceRecord>,
  now: ReadonlyMap<string, ResourceRecord>,
  changes: readonly ResourceChange[],
): number {
  const changed = new Set(changes.map(({ urn }) => urn));
  return [...former.keys()].filter((urn) => now.has(urn) && !changed.has(urn)).length;
}
