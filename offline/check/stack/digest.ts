/**
 * What rules about a whole stack need to know of a slice of it, without its resources: what they are called, whose they
 * are, what they take of AWS's quotas; and which names tell that two slices must be judged together.
 */

import { accountsOf } from "../../../policies/access/trusted.ts";
import { indexStack } from "../../../policies/judge.ts";
import { presetUses, type Use, usesOf } from "../../../policies/quotas/quota.ts";
import { quotas } from "../../../policies/quotas/table.ts";
import type { StackConfig } from "../../../policies/reading/stack-config.ts";
import type { Stack, StackResource } from "../../../policies/rule.ts";
import { tenantOf } from "../../../policies/tenancy/tenant.ts";
import type { ResourceRecord } from "../../record.ts";
import { outputsOf } from "../pack/providers.ts";
import type { Judgeable } from "./coverage.ts";

export interface Digest {
  readonly resources: readonly Brief[];
  /** By the quota's code. */
  readonly uses: ReadonlyMap<string, readonly BriefUse[]>;
  /** The accounts that it is in, as far as it shows: rules go by those of the whole stack. */
  readonly accounts: string;
  /** Ids, names and ARNs of the tenants' resources, and ids of the tenants. */
  readonly owned: ReadonlySet<string>;
  /** What the tenants' resources name beside those: texts, and the beginnings of patterns. */
  readonly named: ReadonlySet<string>;
  readonly patterns: ReadonlySet<string>;
}

interface Brief extends Judgeable {
  readonly name: string;
  readonly urn: string;
  readonly tenant?: string;
}

interface BriefUse {
  readonly urn: string;
  readonly amount: number | undefined;
  readonly holder?: string;
}

/** @param views of the records, with outputs. */
export function digestOf(
  records: readonly ResourceRecord[],
  views: readonly StackResource[],
  config: StackConfig,
): Digest {
  const stack = indexStack(views, config);
  const plain = new Map(records.map((record) => [record.urn, record]));
  const owned = new Map<string, string>();
  const named = new Set<string>();
  const patterns = new Map<string, Set<string>>();
  const resources = views.map((view): Brief => {
    const tenant = tenantOf(view);
    const { type, name, urn } = view;
    const record = plain.get(urn);
    // The engine's own providers are no part of the program's records.
    const { custom = true, remote } = record ?? {};
    const brief = { type, name, urn, custom, ...(remote && { remote }) };
    if (tenant === undefined) return brief;
    const properties = record ? outputsOf(record) : {};
    owned.set(tenant, tenant);
    for (const key of ["id", "arn", "name", "bucket"]) {
      const value = properties[key];
      if (typeof value === "string" && value !== "") owned.set(value, tenant);
    }
    const own = patterns.get(tenant) ?? new Set();
    patterns.set(tenant, own);
    eachText(properties, (text) => addNames(text, named, own));
    return { ...brief, tenant };
  });
  const uses = quotas.map((quota) => {
    const taken = usesOf(quota, stack).map(
      ({ resource: { urn }, amount, holder }): BriefUse => ({
        urn,
        amount,
        ...(holder !== undefined && { holder }),
      }),
    );
    return [quota.code, taken] as const;
  });
  const { known, late } = accountsOf(stack);
  return {
    resources,
    accounts: [...known, ...(late ? ["unknown"] : [])].toSorted().join(" "),
    uses: new Map(uses.filter(([, taken]) => taken.length > 0)),
    owned: new Set(owned.keys()),
    named: named.difference(owned),
    patterns: new Set(unjudged(patterns, owned)),
  };
}

/**
 * Patterns that match nothing of another tenant here. Of one that does, such as all log groups of the account, the rules
 * have said here what they think of it.
 */
function* unjudged(
  patterns: ReadonlyMap<string, ReadonlySet<string>>,
  owned: ReadonlyMap<string, string>,
): Generator<string> {
  const sorted = [...owned.keys()].sort();
  for (const [tenant, own] of patterns) {
    for (const beginning of own) {
      if (begun(sorted, beginning).every((name) => owned.get(name) === tenant)) yield beginning;
    }
  }
}

function eachText(value: unknown, take: (text: string) => void): void {
  if (typeof value === "string") take(value);
  else if (typeof value === "object" && value !== null) {
    for (const one of Object.values(value)) eachText(one, take);
  }
}

/** A text as it stands, and each ARN in it with what it lies in: `…:table/acme/index/by-date`, `…:table/acme/index`. */
function addNames(text: string, named: Set<string>, patterns: Set<string>): void {
  if (named.has(text)) return;
  named.add(text);
  // Filters of budgets and reports.
  const [, tenant] = /^user:chatstack:tenant\$(.+)$/.exec(text) ?? [];
  if (tenant !== undefined) named.add(tenant);
  for (const [arn] of text.matchAll(/arn:[\w*?-]+:[\w*?-]+:[\w*?-]*:[\d*?]*:[^"'\s,\\]+/g)) {
    const [literal = ""] = arn.split(/[*?]/, 1);
    if (literal !== arn) patterns.add(literal);
    const start = arn.split(":", 5).join(":").length + 1;
    for (let end = arn.length; end > start; end = lastBreak(arn, end - 1)) {
      named.add(arn.slice(0, end));
    }
  }
}

const lastBreak = (arn: string, before: number): number =>
  Math.max(arn.lastIndexOf("/", before), arn.lastIndexOf(":", before));

/** Whether a tenant names what is another slice's, or slices show other accounts: then none can be judged for itself. */
export function isCrossed(digests: readonly Digest[]): boolean {
  if (new Set(digests.map(({ accounts }) => accounts)).size > 1) return true;
  const owner = new Map(digests.flatMap(({ owned }, at) => [...owned].map((name) => [name, at])));
  const sorted = [...owner.keys()].sort();
  return digests.some(({ named, patterns }, at) => {
    const isForeign = (name: string) => (owner.get(name) ?? at) !== at;
    return (
      named.values().some(isForeign) ||
      patterns.values().some((beginning) => begun(sorted, beginning).some(isForeign))
    );
  });
}

/** Of sorted names, those that begin so. */
function begun(sorted: readonly string[], beginning: string): readonly string[] {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? "") < beginning) low = middle + 1;
    else high = middle;
  }
  let end = low;
  while (sorted[end]?.startsWith(beginning)) end++;
  return sorted.slice(low, end);
}

/** The whole stack, as far as rules that reach over all of it look at it. What all tenants share counts once. */
export function stackOf(digests: readonly Digest[], config: StackConfig): Stack {
  const known = new Map<string, StackResource>();
  const uses = new Map<string, Use[]>();
  for (const digest of digests) {
    const added = new Map(
      digest.resources
        .filter(({ urn }) => !known.has(urn))
        .map((brief) => [brief.urn, resourceOf(brief)]),
    );
    for (const [urn, resource] of added) known.set(urn, resource);
    for (const [code, taken] of digest.uses) {
      const own = taken.flatMap(({ urn, ...use }) => {
        const resource = added.get(urn);
        return resource ? [{ ...use, resource }] : [];
      });
      uses.set(code, [...(uses.get(code) ?? []), ...own]);
    }
  }
  const stack = indexStack([...known.values()], config);
  presetUses(stack, uses);
  return stack;
}

const resourceOf = ({ type, name, urn, tenant }: Brief): StackResource => ({
  type,
  name,
  urn,
  props: tenant === undefined ? {} : { tags: { "chatstack:tenant": tenant } },
  opts: { protect: false, ignoreChanges: [] },
  dependencies: [],
  propertyDependencies: {},
});
