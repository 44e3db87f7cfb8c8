/** Which tenant a resource belongs to, for whatever reads records. */
import { shared } from "../policies/tenancy/tenant.ts";
import type { ResourceRecord } from "./record.ts";

/**
 * The tenant of each record, by URN: what the nearest component around it registered, or its own tag;
 * the rule that policies go by. `undefined` for what all tenants share, and for the stack itself.
 */
export function tenantsByUrn(
  records: readonly ResourceRecord[],
): ReadonlyMap<string, string | undefined> {
  const byUrn = new Map(records.map((record) => [record.urn, record]));
  const found = new Map<string, string | undefined>();
  const tenantOf = (record: ResourceRecord): string | undefined => {
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

function ownTenant({ type, inputs, outputs }: ResourceRecord): string | undefined {
  const { tags } = inputs;
  const tagged =
    typeof tags === "object" && tags !== null ? Reflect.get(tags, "chatstack:tenant") : undefined;
  const named = tagged ?? (type.startsWith("chatstack:") ? outputs.tenant : undefined);
  return typeof named === "string" ? named : undefined;
}
