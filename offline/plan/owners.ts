/** Whose a resource is, by the policies' own reading of tags and components. */
import type { StackResource } from "../../policies/rule.ts";
import { tenantOf } from "../../policies/tenancy/tenant.ts";
import type { ResourceRecord } from "../record.ts";

/** Tenant of each record by URN; `undefined` on what all tenants share. */
export function ownersOf(
  records: readonly ResourceRecord[],
): ReadonlyMap<string, string | undefined> {
  const views = new Map<string, Mutable<StackResource>>();
  for (const { urn, type, name, custom, inputs, outputs, options } of records) {
    // A component has no inputs; it registered as outputs whose it is.
    const props = custom ? inputs : outputs;
    const opts = { protect: options.protect, ignoreChanges: options.ignoreChanges };
    views.set(urn, { urn, type, name, props, opts, dependencies: [], propertyDependencies: {} });
  }
  for (const { urn, parent } of records) {
    const view = views.get(urn);
    if (view && parent !== undefined) view.parent = views.get(parent);
  }
  return new Map([...views].map(([urn, view]) => [urn, tenantOf(view)]));
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
