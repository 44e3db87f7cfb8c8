import { hipaa } from "../frameworks.ts";
import { at, eachKnownText, knownAt, listAt, textAt } from "../reading/read.ts";
import type { StackResource } from "../rule.ts";
import { perStack, resourceRule, stackRule } from "../rule.ts";
import { dataTypes } from "./holdings.ts";
import { tenantOf } from "./tenant.ts";

export const tenantSingle = stackRule({
  id: "tenant-single",
  service: "Tenancy",
  description: "A tenant's resources must name no other tenant's.",
  reason:
    "A reference is an access path: a role, a log or a setting that crosses leaks one tenant to another.",
  fix: "build the reference from the same tenant's components, or tag what is shared as such.",
  severity: "critical",
  level: "mandatory",
  frameworks: hipaa("164.312(a)(1)"),
  reach: "tenants",
  types: ["*"],
  judge(resource, report, _config, stack) {
    const tenant = tenantOf(resource);
    if (tenant === undefined) return;
    const owners = ownersOf(stack);
    const isForeign = (owner: string | undefined) => owner !== undefined && owner !== tenant;
    for (const [property, sources] of Object.entries(resource.propertyDependencies))
      for (const source of sources)
        if (isForeign(tenantOf(source)))
          report(property, `${source.name} of ${tenantOf(source)}`, `resources of ${tenant}`);
    const reported = new Set<string>();
    // What is unknown here came from another resource, which the dependencies above show.
    eachKnownText(resource.props, (text, [property = ""]) => {
      for (const owner of ownersNamedIn(text, owners)) {
        if (!isForeign(owner.tenant) || reported.has(`${property} ${owner.name}`)) continue;
        if (resource.propertyDependencies[property]?.some(({ urn }) => urn === owner.urn)) continue;
        reported.add(`${property} ${owner.name}`);
        report(property, `${owner.name} of ${owner.tenant}`, `resources of ${tenant}`);
      }
    });
  },
});

interface Owner {
  readonly tenant: string;
  readonly name: string;
  readonly urn: string;
}

/** Who owns which ARN; for what holds data, which id as well. */
const ownersOf = perStack((stack) => {
  const owners = new Map<string, Owner>();
  for (const resource of stack.resources) {
    const tenant = tenantOf(resource);
    if (tenant === undefined) continue;
    const keys = holdsData(resource) ? ["arn", "id", "name", "bucket"] : ["arn"];
    for (const key of keys) {
      const value = knownAt(resource.props, key);
      if (typeof value === "string")
        owners.set(value, { tenant, name: resource.name, urn: resource.urn });
    }
  }
  return owners;
});

function holdsData({ type }: StackResource): boolean {
  return dataTypes.includes(type);
}

/** An ARN names its owner with or without a path behind it (`table/acme/index/*`, `acme-documents/*`). */
function ownersNamedIn(text: string, owners: ReadonlyMap<string, Owner>): Owner[] {
  const whole = owners.get(text);
  if (whole) return [whole];
  // Most texts name no ARN at all.
  if (!text.includes("arn:")) return [];
  return [...text.matchAll(/arn:[\w-]+:[\w-]+:[\w-]*:\d*:[^"'\s,\\]+/g)].flatMap(([arn]) => {
    for (let end = arn.length; end > 0; end = arn.lastIndexOf("/", end - 1)) {
      const owner = owners.get(arn.slice(0, end));
      if (owner) return [owner];
    }
    return [];
  });
}

export const tenantRegion = resourceRule({
  id: "tenant-region",
  service: "Tenancy",
  description: "Resources must stay in the regions that the stack may use.",
  reason: "Where data lies is promised to tenants, and no other setting keeps it there.",
  fix: "remove the region, or allow it in the policy's config (regions).",
  severity: "high",
  level: "mandatory",
  frameworks: [],
  config: {
    regions: {
      type: "array",
      items: { type: "string" },
      default: [],
      description: "Allowed regions; when empty, only the stack's own (aws:region).",
    },
  },
  types: ["aws:*"],
  judge({ props, provider }, report, { regions }, stackConfig) {
    const home = textAt(provider?.props, "region");
    // A provider of its own may lead anywhere: the stack's config says where it is at home.
    const own = stackConfig.region ?? home;
    const allowed = regions.length > 0 ? regions : own === undefined ? [] : [own];
    const check = (path: string, region: string | undefined) => {
      if (region !== undefined && !allowed.includes(region))
        report(path, region, allowed.join(", ") || "none but the stack's own");
    };
    check("region", textAt(props, "region"));
    check("provider region", home);
    for (const [index, replica] of listAt(props, "replicas").entries())
      check(`replicas.${index}.regionName`, textAt(replica, "regionName"));
  },
});

export const tenantBudget = stackRule({
  id: "tenant-budget",
  service: "Tenancy",
  description: "Every tenant should have a budget.",
  reason: "One tenant's loop is paid by all, and found at the end of the month.",
  fix: "add an aws.budgets.Budget with a cost filter on the tenant's tag, inside its component.",
  severity: "low",
  level: "advisory",
  frameworks: [],
  reach: "tenant",
  types: ["chatstack:index:TenantStack"],
  judge(component, report, _config, stack) {
    const tenant = textAt(component.props, "tenant");
    if (tenant === undefined || !budgetedTenants(stack).has(tenant))
      report("Budget", undefined, `one for ${tenant ?? "a named tenant"}`);
  },
});

const budgetedTenants = perStack((stack) => {
  const budgets = stack.ofType("aws:budgets/budget:Budget");
  const byFilter = budgets
    .flatMap(({ props }) => listAt(props, "costFilters"))
    .flatMap((filter) => listAt(filter, "values"))
    .map((value) => /^user:chatstack:tenant\$(.+)$/.exec(`${value}`)?.[1]);
  const byExpression = budgets.flatMap(({ props }) => namedTenants(at(props, "filterExpression")));
  return new Set([...budgets.map(tenantOf), ...byFilter, ...byExpression]);
});

/** Tenants whose tag an expression asks for, alone or with other conditions. */
function namedTenants(expression: unknown): unknown[] {
  const own =
    textAt(expression, "tags.key") === "chatstack:tenant" ? listAt(expression, "tags.values") : [];
  const parts = ["ands", "ors"].flatMap((path) => listAt(expression, path));
  return [...own, ...parts.flatMap(namedTenants)];
}
