/** What is the same in many tenants is said once, with the tenants that it is said of. */
import type { DataLoss } from "../../upgrade/data-loss.ts";
import type { AccessChange } from "../access.ts";
import type { Comparison, Refusal, ResourceChange, TenantChange } from "../comparison.ts";

export interface Alike<T> {
  /** Empty where it is of what all tenants share. */
  readonly tenants: readonly string[];
  /** Of more than one tenant: their names read `<tenant>` in it. */
  readonly value: T;
}

/** The changes of each tenant that stays. */
export const alikeChanges = (comparison: Comparison): Alike<readonly ResourceChange[]>[] =>
  alike(ofThoseThatStay(comparison.changes, comparison), (own, hide) =>
    own.map((change) => hiddenChange(change, hide)),
  );

/** What somebody may newly do, of each tenant that stays. */
export const alikeAccess = (comparison: Comparison): Alike<readonly AccessChange[]>[] =>
  alike(ofThoseThatStay(comparison.access, comparison), (own, hide) =>
    own.map(({ tenant: _, ...row }) => ({
      ...row,
      urn: hide(row.urn),
      who: hide(row.who),
      resource: hide(row.resource),
      ...(row.condition !== undefined && { condition: hide(row.condition) }),
    })),
  );

/** By tenant; what all share has none. */
function ofThoseThatStay<T extends { readonly tenant?: string }>(
  all: readonly T[],
  { tenants }: Comparison,
): [string | undefined, T[]][] {
  const whole = new Set(tenants.map(({ tenant }) => tenant));
  return [...Map.groupBy(all, ({ tenant }) => tenant)].filter(
    ([tenant]) => tenant === undefined || !whole.has(tenant),
  );
}

/** Losses or refusals. */
export function alikeDangers<T extends DataLoss | Refusal>(
  found: readonly T[],
  { changes }: Comparison,
): Alike<T>[] {
  const owners = new Map(
    changes.map(({ urn, formerUrn = urn, tenant }) => [formerUrn, tenant] as const),
  );
  return alike(
    found.map((one) => [owners.get(one.urn), one] as const),
    (one, hide) => ({ ...one, urn: hide(one.urn), reason: hide(one.reason) }),
  );
}

/** Tenants that come or go. */
export const alikeTenants = ({ tenants }: Comparison): Alike<TenantChange>[] =>
  alike(
    tenants.map((one) => [one.tenant, one] as const),
    (one, hide) => ({
      ...one,
      tenant: hide(one.tenant),
      ...(one.reason !== undefined && { reason: hide(one.reason) }),
    }),
  );

/** `tenant acme`; of several `3 tenants (acme, globex, hooli)`, as many named as fit. */
export function tenantsTitle(
  tenants: readonly string[],
  longest = Number.POSITIVE_INFINITY,
): string {
  const [only, second] = tenants;
  if (only === undefined) return "shared by all tenants";
  return second === undefined
    ? `tenant ${only}`
    : `${tenants.length} tenants (${namesText(tenants, longest)})`;
}

/** @param longest in characters. */
function namesText(names: readonly string[], longest = Number.POSITIVE_INFINITY): string {
  const fitting: string[] = [];
  let length = 0;
  for (const name of names) {
    length += name.length + 2;
    if (length > longest && fitting.length > 0) break;
    fitting.push(name);
  }
  const more = names.length - fitting.length;
  return more > 0 ? `${fitting.join(", ")} and ${more} more` : fitting.join(", ");
}

/** How names are left out of a text. */
type Hide = (text: string) => string;

function alike<T>(
  entries: readonly (readonly [tenant: string | undefined, value: T])[],
  hidden: (value: T, hide: Hide) => T,
): Alike<T>[] {
  const known = entries.map(([tenant, value]) => ({ tenant, value, bare: bareOf(tenant, value) }));
  const groups = Map.groupBy(known, ({ tenant, bare }) =>
    tenant === undefined ? bare : JSON.stringify(bare),
  );
  return [...groups.values()].flatMap((found) => {
    const [first] = found;
    if (!first) return [];
    const tenants = found.flatMap(({ tenant }) => tenant ?? []);
    if (tenants.length < 2) return found.map(({ value }) => ({ tenants, value }));
    return [{ tenants, value: first.bare }];
  });

  function bareOf(tenant: string | undefined, value: T): T {
    if (tenant === undefined) return value;
    // A name inside another word is another word.
    const escaped = tenant.replaceAll(/\W/g, "\\$&");
    const name = new RegExp(`(?<![A-Za-z0-9])${escaped}(?![A-Za-z0-9])`, "g");
    return hidden(value, (text) =>
      text.replace(name, "<tenant>").replace(/(?<![0-9a-f])[0-9a-f]{32,64}(?![0-9a-f])/g, "…"),
    );
  }
}

const hiddenChange = (
  { tenant: _, parent, formerUrn, ...change }: ResourceChange,
  hide: Hide,
): ResourceChange => ({
  ...change,
  urn: hide(change.urn),
  name: hide(change.name),
  ...(parent !== undefined && { parent: hide(parent) }),
  ...(formerUrn !== undefined && { formerUrn: hide(formerUrn) }),
  properties: change.properties.map(({ before, after, ...property }) => ({
    ...property,
    path: hide(property.path),
    ...(before !== undefined && { before: deeply(before, hide) }),
    ...(after !== undefined && { after: deeply(after, hide) }),
  })),
  options: change.options.map((one) =>
    one.option === "import"
      ? { ...one, before: hide(one.before ?? ""), after: hide(one.after) }
      : one,
  ),
});

function deeply(value: unknown, hide: Hide): unknown {
  if (typeof value === "string") return hide(value);
  if (Array.isArray(value)) return value.map((entry) => deeply(entry, hide));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, field]) => [hide(key), deeply(field, hide)]),
  );
}
