import { hipaa } from "../frameworks.ts";
import { isComputed } from "../reading/computed.ts";
import type { Statement } from "../reading/policy-document.ts";
import { coversResource, like } from "../reading/policy-document.ts";
import { knownAt } from "../reading/read.ts";
import type { Report, Stack, StackResource } from "../rule.ts";
import { perStack, stackRule } from "../rule.ts";
import { tenantOf } from "../tenancy/tenant.ts";
import { documentPaths, grantsOf, policies, rolePolicies, roles } from "./documents.ts";

export const tenantScope = stackRule({
  id: "iam-tenant-scope",
  service: "IAM",
  description: "A tenant's roles must be allowed nothing on resources of another.",
  reason: "The role is the wall between tenants: whatever the app does wrong stops there.",
  fix: "name the tenant's own ARNs; mind that a pattern such as acme-* covers tenant acme-corp as well.",
  severity: "critical",
  level: "mandatory",
  frameworks: hipaa("164.308(a)(4)(ii)(B)", "164.312(a)(1)"),
  reach: "tenants",
  types: [policies, rolePolicies, roles],
  judge(holder, report, _config, stack) {
    if (isSilent(holder)) return;
    for (const tenant of tenantsOf(holder, stack)) {
      judgeSources(holder, tenant, report);
      for (const { where, statement } of grantsOf(holder)) {
        const property = statement.notResources.length > 0 ? "NotResource" : "Resource";
        const foreign = coveredBy(statement, stack).filter((one) => one.tenant !== tenant);
        if (foreign[0])
          report(`${where} ${property}`, countOf(foreign, foreign[0]), `resources of ${tenant}`);
      }
    }
  },
});

/** A role that declares no inline policies: the provider reads them back, so they are unknown at first. */
const isSilent = (holder: StackResource): boolean =>
  holder.type === roles && isComputed(holder, "inlinePolicies");

function countOf({ length }: readonly Owned[], { name, tenant }: Owned): string {
  return `${name} of ${tenant}${length > 1 ? ` and ${length - 1} more` : ""}`;
}

/** While a document is unknown, what it was made from tells at least whose resources it names. */
function judgeSources(holder: StackResource, tenant: string, report: Report): void {
  for (const path of documentPaths(holder)) {
    if (knownAt(holder.props, path) !== undefined) continue;
    const [property = path] = path.split(".");
    for (const source of holder.propertyDependencies[property] ?? []) {
      const owner = tenantOf(source);
      if (owner !== undefined && owner !== tenant)
        report(property, `${source.name} of ${owner}`, `resources of ${tenant}`);
    }
  }
}

/** The tenants whose roles get the document: its own, and those of the roles that it is attached to. */
function tenantsOf(holder: StackResource, stack: Stack): ReadonlySet<string> {
  const attachments = stack.namedBy(
    holder,
    "policyArn",
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    "aws:iam/policyAttachment:PolicyAttachment",
  );
  const identities = [holder, ...[holder, ...attachments].flatMap((one) => rolesOf(one, stack))];
  return new Set(identities.map(tenantOf).filter((tenant) => tenant !== undefined));
}

function rolesOf(resource: StackResource, stack: Stack): readonly StackResource[] {
  return ["role", "roles"].flatMap((property) => {
    const sources = resource.propertyDependencies[property] ?? [];
    const named = rolesByName(stack).get(knownAt(resource.props, property));
    return [...sources.filter(({ type }) => type === roles), ...(named ? [named] : [])];
  });
}

const rolesByName = perStack((stack) => {
  const byName = new Map<unknown, StackResource>();
  for (const role of stack.ofType(roles)) byName.set(knownAt(role.props, "name"), role);
  byName.delete(undefined);
  return byName;
});

interface Owned {
  readonly arn: string;
  readonly name: string;
  readonly tenant: string;
}

/** The tenants' resources by service, each list in the order of ARNs. */
const ownedByService = perStack((stack) => {
  const owned = stack.resources.flatMap((resource): Owned[] => {
    const arn = knownAt(resource.props, "arn");
    const tenant = tenantOf(resource);
    return typeof arn === "string" && tenant !== undefined
      ? [{ arn, tenant, name: resource.name }]
      : [];
  });
  owned.sort((one, other) => (one.arn < other.arn ? -1 : 1));
  return Map.groupBy(owned, ({ arn }) => arn.split(":")[2] ?? "");
});

/** The tenants' resources on which the statement has an effect: an action of `xray` on `*` has none on tables. */
function coveredBy(statement: Statement, stack: Stack): readonly Owned[] {
  const { actions, notActions, resources, notResources } = statement;
  const index = ownedByService(stack);
  const services = new Set(actions.map((action) => action.split(":")[0]?.toLowerCase() ?? ""));
  const isAnyService = notActions.length > 0 || [...services].some((name) => name.includes("*"));
  const owned = [...(isAnyService ? index.keys() : services)].map((name) => index.get(name) ?? []);
  if (notResources.length > 0)
    return owned.flat().filter(({ arn }) => coversResource(statement, arn));
  const covered = resources.flatMap((pattern) =>
    upwards(pattern).flatMap((part) => owned.flatMap((list) => matching(part, list))),
  );
  return [...new Set(covered)];
}

/** The pattern and what it lies in: `…:table/acme/index/*`, `…:table/acme/index`, `…:table/acme`, `…:table`. */
function upwards(pattern: string): readonly string[] {
  const name = pattern.split(":").slice(5).join(":");
  const ends = [...name.matchAll(/[/:]/g)].map(({ index }) => index - name.length);
  return [pattern, ...ends.map((end) => pattern.slice(0, end))];
}

/** Those that begin as the pattern does lie next to each other: others are not looked at. */
function matching(pattern: string, sorted: readonly Owned[]): readonly Owned[] {
  const [beginning = ""] = pattern.split(/[*?]/, 1);
  const start = firstFrom(beginning, sorted);
  if (beginning === pattern)
    return sorted.slice(start, start + 1).filter(({ arn }) => arn === pattern);
  const end = firstFrom(`${beginning}\uffff`, sorted);
  return sorted.slice(start, end).filter(({ arn }) => like(pattern, arn));
}

/** Index of the first ARN that is not less than the text. */
function firstFrom(beginning: string, sorted: readonly Owned[]): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle]?.arn ?? "") < beginning) low = middle + 1;
    else high = middle;
  }
  return low;
}
