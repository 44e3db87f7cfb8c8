/** What a comparison's changes mean: tenants that come and go, data that is lost, what Pulumi refuses. */
import type { ResourceRecord } from "../record.ts";
import { counted } from "../text.ts";
import { type DataLoss, dataLosses, fateOfData } from "../upgrade/data-loss.ts";
import { dataResourceTypes } from "../upgrade/data-resources.ts";
import { isAdopted } from "./change.ts";
import type { Comparison, Fate, ResourceChange, TenantChange } from "./comparison.ts";
import { refusalsOf, takenNames, takenRanges } from "./refusals.ts";
import { weakenings } from "./weakening.ts";

type Owners = ReadonlyMap<string, string | undefined>;

export interface Compared {
  readonly before: readonly ResourceRecord[];
  readonly after: readonly ResourceRecord[];
  readonly changes: readonly ResourceChange[];
  readonly owners: { readonly before: Owners; readonly after: Owners };
}

export function consequencesOf(
  compared: Compared,
): Pick<Comparison, "tenants" | "losses" | "refusals"> {
  const tenants = tenantChanges(compared);
  const leaving = new Map(
    tenants.filter(({ kind }) => kind === "removed").map((one) => [one.tenant, one]),
  );
  const others = compared.changes.filter(
    ({ kind, tenant = "" }) => kind !== "removed" || !leaving.has(tenant),
  );
  return {
    tenants,
    losses: [...lossesOf(compared, others), ...lossesOfTenants(compared, leaving)],
    refusals: [
      ...refusalsOf(compared, others),
      ...takenNames(compared, compared.changes),
      ...takenRanges(compared, compared.changes),
      ...refusalsOfTenants(compared, leaving),
    ],
  };
}

function tenantChanges({ before, after, changes, owners }: Compared): TenantChange[] {
  const [left, right] = [countsOf(before, owners.before), countsOf(after, owners.after)];
  const added = [...right].filter(([tenant]) => !left.has(tenant));
  const removed = [...left].filter(([tenant]) => !right.has(tenant));
  const gone = Map.groupBy(
    changes.filter(({ kind }) => kind === "removed"),
    ({ tenant }) => tenant,
  );
  return [
    ...added.map(([tenant, resources]) => ({ kind: "added" as const, tenant, resources })),
    ...removed.map(([tenant, resources]) => ({
      kind: "removed" as const,
      tenant,
      resources,
      ...dataOf(tenant, gone.get(tenant) ?? []),
    })),
  ];
}

function countsOf(records: readonly ResourceRecord[], owners: Owners): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { urn } of records) {
    const tenant = owners.get(urn);
    if (tenant !== undefined) counts.set(tenant, (counts.get(tenant) ?? 0) + 1);
  }
  return counts;
}

/** What becomes of a leaving tenant's data: one protected resource is enough to stop `pulumi up`. */
function dataOf(
  tenant: string,
  removed: readonly ResourceChange[],
): Pick<TenantChange, "data" | "reason"> {
  const guarded = removed.filter(({ fate }) => fate === "refused");
  if (guarded.length > 0) {
    return {
      data: "refused",
      reason:
        `\`pulumi up\` would fail: ${counted(guarded.length, "resource", "resources")} of ${tenant} ` +
        'are protected. Deploy the tenant with `retain: "retain"` or `"destroy"` first',
    };
  }
  const holding = removed.filter(({ type, custom }) => custom && type in dataResourceTypes);
  if (holding.length === 0) return { data: "none", reason: `${tenant} has no data` };
  const isDeleted = holding.some(({ fate }) => fate === "deleted");
  return { data: isDeleted ? "deleted" : "left-behind", reason: fateOfData(holding) };
}

/** Of changes that are not a tenant's leaving. */
function lossesOf({ before, after }: Compared, changes: readonly ResourceChange[]): DataLoss[] {
  const [left, right] = [before, after].map(
    (records) => new Map(records.map((record) => [record.urn, record])),
  );
  const known = dataLosses(before, after);
  const judged = new Set(known.map(({ urn }) => urn));
  const isJudged = (urn: string | undefined): boolean =>
    urn !== undefined && (judged.has(urn) || isJudged(left?.get(urn)?.parent));
  const others = changes.filter(({ urn, formerUrn = urn }) => !isJudged(formerUrn));
  return [
    ...known,
    ...others.flatMap(lossOfWhole),
    ...changes.flatMap(({ urn, formerUrn = urn, kind }) => {
      const earlier = kind === "added" || isJudgedBranch(urn) ? undefined : left?.get(formerUrn);
      return earlier ? weakenings(earlier, right?.get(urn)) : [];
    }),
  ];

  /** What goes within a component that is named already. */
  function isJudgedBranch(urn: string): boolean {
    return !right?.has(urn) && isJudged(urn);
  }
}

/** Of a resource that goes with all that it stood in, or with what it cannot live without. */
function lossOfWhole(change: ResourceChange): DataLoss[] {
  const { urn, formerUrn = urn, kind, fate, properties, options } = change;
  const type = dataResourceTypes[change.type];
  if (!type || !change.custom || isAdopted(options)) return [];
  if (kind === "removed") {
    return fate === "deleted" ? [{ urn, reason: `goes and is deleted: ${type.loses}` }] : [];
  }
  if (kind !== "replaced") return [];
  const cause = properties.find(({ replaces }) => replaces);
  const reason = `would be replaced with what ${cause?.path} refers to, which loses ${type.loses}`;
  return [{ urn: formerUrn, property: cause?.path, reason }];
}

type Leaving = ReadonlyMap<string, TenantChange>;

/** One for a tenant: its outermost resource stands for all of it. */
const lossesOfTenants = (compared: Compared, leaving: Leaving): DataLoss[] =>
  forTenants(compared, leaving, "deleted").map(({ urn, tenant, reason }) => ({
    urn,
    reason: `tenant ${tenant} goes as a whole; ${reason}`,
  }));

const refusalsOfTenants = (compared: Compared, leaving: Leaving) =>
  forTenants(compared, leaving, "refused").map(({ urn, tenant, reason }) => ({
    urn,
    reason: `tenant ${tenant} goes as a whole; ${reason}`,
  }));

function forTenants({ changes }: Compared, leaving: Leaving, data: Fate) {
  const found = [...leaving.values()].filter((one) => one.data === data);
  return found.flatMap(({ tenant, reason = "" }) => {
    const first = changes.find((one) => one.kind === "removed" && one.tenant === tenant);
    return first ? [{ urn: first.urn, tenant, reason }] : [];
  });
}
