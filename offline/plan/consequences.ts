/** What a comparison's changes mean: tenants that come and go, data that is lost, what Pulumi refuses. */
import type { ResourceRecord } from "../record.ts";
import { counted } from "../text.ts";
import { type DataLoss, dataLosses } from "../upgrade/data-loss.ts";
import { dataResourceTypes } from "../upgrade/replacing-properties.ts";
import type { Comparison, Fate, Refusal, ResourceChange, TenantChange } from "./comparison.ts";
import { shortType } from "./symbolic.ts";

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
  const others = compared.changes.filter(({ kind, tenant = "" }) =>
    kind === "removed" ? !leaving.has(tenant) : kind === "replaced",
  );
  return {
    tenants,
    losses: [...lossesOf(compared, others), ...lossesOfTenants(compared, leaving)],
    refusals: [...refusalsOf(others), ...refusalsOfTenants(compared, leaving)],
  };
}

function tenantChanges({ before, after, changes, owners }: Compared): TenantChange[] {
  const [left, right] = [customCounts(before, owners.before), customCounts(after, owners.after)];
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

function customCounts(records: readonly ResourceRecord[], owners: Owners): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { urn, custom } of records) {
    const tenant = owners.get(urn);
    if (tenant !== undefined && custom) counts.set(tenant, (counts.get(tenant) ?? 0) + 1);
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
  const holding = removed.filter(holdsData);
  if (holding.length === 0) return { data: "none", reason: `${tenant} has no data` };
  const [deleted, kept] = [byFate(holding, "deleted"), byFate(holding, "left-behind")];
  return {
    data: deleted.length > 0 ? "deleted" : "left-behind",
    reason: [
      deleted.length > 0 && `deleted for good: ${loses(deleted)} (${types(deleted)})`,
      kept.length > 0 && `stays in the account, unmanaged: ${types(kept)}`,
    ]
      .filter(Boolean)
      .join("; "),
  };
}

const byFate = (changes: readonly ResourceChange[], fate: Fate) =>
  changes.filter((change) => change.fate === fate);

function holdsData({ type, custom }: ResourceChange): boolean {
  const known = dataResourceTypes[type];
  return custom && known !== undefined && !known.setting;
}

const loses = (changes: readonly ResourceChange[]): string =>
  distinct(changes.map(({ type }) => dataResourceTypes[type]?.loses ?? "")).join(", ");

const types = (changes: readonly ResourceChange[]): string =>
  distinct(changes.map(({ type }) => shortType(type))).join(", ");

const distinct = (texts: readonly string[]): string[] => [...new Set(texts)];

/** Of changes that are not a tenant's leaving. */
function lossesOf({ before, after }: Compared, changes: readonly ResourceChange[]): DataLoss[] {
  const known = dataLosses(before, after);
  const seen = new Set(known.map(({ urn }) => urn));
  const more = changes.flatMap((change): DataLoss[] => {
    const { urn, formerUrn = urn, kind, fate, properties } = change;
    const type = dataResourceTypes[change.type];
    if (!type || !change.custom || seen.has(formerUrn)) return [];
    if (type.setting) return [];
    if (kind === "removed") {
      return fate === "deleted" ? [{ urn, reason: `goes and is deleted: ${type.loses}` }] : [];
    }
    const cause = properties.find(({ replaces }) => replaces);
    const reason = `would be replaced with what ${cause?.path} refers to, which loses ${type.loses}`;
    return [{ urn: formerUrn, property: cause?.path, reason }];
  });
  return [...known, ...more];
}

const refusalsOf = (changes: readonly ResourceChange[]): Refusal[] =>
  changes
    .filter(({ fate }) => fate === "refused")
    .map(({ urn, formerUrn = urn, kind }) => ({
      urn: formerUrn,
      reason:
        `is protected: \`pulumi up\` refuses to ${kind === "removed" ? "delete" : "replace"} it. ` +
        "If that is meant, deploy it without `protect` first",
    }));

type Leaving = ReadonlyMap<string, TenantChange>;

/** One for a tenant: its outermost resource stands for all of it. */
const lossesOfTenants = (compared: Compared, leaving: Leaving): DataLoss[] =>
  forTenants(compared, leaving, "deleted").map(({ urn, tenant, reason }) => ({
    urn,
    reason: `tenant ${tenant} goes as a whole; ${reason}`,
  }));

const refusalsOfTenants = (compared: Compared, leaving: Leaving): Refusal[] =>
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
