import { knownAt } from "../reading/read.ts";
import type { StackResource } from "../rule.ts";

/** Of rules about chatstack's own stacks, which are no business of others'. */
export const everywhere = {
  type: "boolean",
  default: false,
  description:
    "Judge what lies outside chatstack's components too, in stacks whose config names no chatstack:tenants.",
} as const;

/** A URN names the types of all ancestors: `urn:pulumi:<stack>::<project>::<type>$<type>::<name>`. */
export const parentTypes = (urn: string): string[] =>
  (urn.split("::")[2] ?? "").split("$").slice(0, -1);

export const isInComponent = (urn: string): boolean =>
  parentTypes(urn).some((type) => type.startsWith("chatstack:index:"));

/** The tenant that stands for all: on what the platform shares among them. */
export const shared = "shared";

/**
 * The tenant that a resource belongs to: by its tag, or by the nearest component around it that registered one.
 * `undefined` where neither says, or where the resource is shared.
 */
export function tenantOf(resource: StackResource): string | undefined {
  const known = owners.get(resource);
  if (known) return known.tenant;
  const tenant = taggedTenant(resource);
  owners.set(resource, { tenant });
  return tenant;
}

/** Many rules ask of the same resources. */
const owners = new WeakMap<StackResource, { readonly tenant: string | undefined }>();

function taggedTenant(resource: StackResource): string | undefined {
  for (let here: StackResource | undefined = resource; here; here = here.parent) {
    const named = knownAt(here.props, ["tags", "chatstack:tenant"]) ?? componentTenant(here);
    if (typeof named === "string") return named === shared ? undefined : named;
  }
  return undefined;
}

function componentTenant({ type, props }: StackResource): unknown {
  return type.startsWith("chatstack:") ? knownAt(props, "tenant") : undefined;
}
