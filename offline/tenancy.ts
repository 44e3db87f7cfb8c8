/** Which tenant a resource belongs to, for whatever reads records. */
import { shared } from "../policies/tenancy/tenant.ts";
import type { ResourceRecord } from "./record.ts";

/** What tells whose a resource is; whatever has it can be asked about. */
export type Owned = Pick<ResourceRecord, "urn" | "type" | "parent" | "inputs" | "outputs">;

/**
 * The tenant of each record, by URN: what the nearest component around it registered, or its own tag;
 * the rule that policies go by. `undefined` for what all tenants share, and for the stack itself.
 */
export function tenantsByUrn(records: readonly Owned[]): ReadonlyMap<string, string | undefined> {
  const byUrn = new Map(records.map((record) => [record.urn, record]));
  const found = new Map<string, string | undefined>();
  const tenantOf = (record: Owned): string | undefined => {
    if (found.has(record.urn)) return found.get(record.urn);
    const parent = record.parent === undefined ? undefined : byUrn.get(record.parent);
    const own = ownTenant(record) ?? (parent && tenantOf(parent));
    const tenant = own === shared ? undefined : own;
    found.set(record.urn, tenant);
    return tenant;
  };
  for (const record of records) tenantOf(record);
  return found;
}

function ownTenant({ type, inputs, outputs }: Owned): string | undefined {
  const { tags } = inputs;
  const tagged =
    typeof tags === "object" && tags !== null ? Reflect.get(tags, "chatstack:tenant") : undefined;
  const named = tagged ?? (type.startsWith("chatstack:") ? outputs.tenant : undefined);
  return typeof named === "string" ? named : undefined;
}

/** A tenant as its component registered it; other programs' components may say less. */
export interface TenantSummary {
  readonly id: string;
  readonly tier?: string;
  /** What becomes of the data when the stack no longer wants it. */
  readonly retain?: string;
  /** Where the tenant is in its life. */
  readonly state?: string;
  /** Last day until which the data must be kept. */
  readonly retainUntil?: string;
  /** As the engine counts: components included. */
  readonly resources: number;
}

/** Every tenant of a stack, in the order in which the program makes them. */
export function tenantsOf(records: readonly ResourceRecord[]): TenantSummary[] {
  const tenants = tenantsByUrn(records);
  const byTenant = Map.groupBy(records, ({ urn }) => tenants.get(urn));
  return [...byTenant].flatMap(([id, own]) => {
    if (id === undefined) return [];
    // A parent is registered before its children: the first component is the outermost.
    const component = own.find(({ custom, outputs }) => !custom && outputs.tenant === id);
    const said = ["tier", "retain", "state", "retainUntil"].flatMap((field) => {
      const value = component?.outputs[field];
      return typeof value === "string" ? [[field, value]] : [];
    });
    return [{ id, ...Object.fromEntries(said), resources: own.length }];
  });
}
