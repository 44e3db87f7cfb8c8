import { knownAt } from "../reading/read.ts";
import type { StackResource } from "../rule.ts";

/** The tenant that stands for all: on what the platform shares among them. */
export const shared = "shared";

/**
 * The tenant that a resource belongs to: by its tag, or by the nearest component around it that registered one.
 * `undefined` where neither says, or where the resource is shared.
 */
export function tenantOf(resource: StackResource): string | undefined {
  for (let here: StackResource | undefined = resource; here; here = here.parent) {
    const named = knownAt(here.props, ["tags", "chatstack:tenant"]) ?? componentTenant(here);
    if (typeof named === "string") return named === shared ? undefined : named;
  }
  return undefined;
}

function componentTenant({ type, props }: StackResource): unknown {
  return type.startsWith("chatstack:") ? knownAt(props, "tenant") : undefined;
}
