/** One tenant of a stack's config: its entry, over the stack's defaults, over its tier. */
import type { z } from "zod";
import type { TenantState } from "../app/resources/tenant-state.ts";
import type { Fault } from "../components/fault.ts";
import type { Home } from "../components/region.ts";
import {
  describeIssue,
  isIncomplete,
  placeIn,
  type Source,
  sourceOf,
} from "./reading/config-faults.ts";
import { isSection, mergeLayers, type Section } from "./reading/merge.ts";
import { fileKey } from "./registry/folder.ts";
import { pathOf, tenantFaults } from "./rules/tenant-rules.ts";
import { type Settings, settings } from "./settings.ts";
import { collisions } from "./shared-names.ts";
import { entry, isResident } from "./tenant-entry.ts";
import { type Tier, tiers } from "./tiers.ts";

/** Stands for a tenant in the tags of what all tenants of the account share. */
export const sharedTenant = "shared";

/** A tenant as the program builds it: tier, stack defaults and own settings merged. */
export interface Tenant {
  readonly id: string;
  readonly tier: Tier;
  readonly settings: Settings;
  /** Of these, what its own entry says. */
  readonly own: Section;
  readonly state: TenantState;
  readonly retainUntil?: string;
  /** Regions and areas of regions in which it may be. */
  readonly residency?: readonly string[];
}

export interface MergedTenants {
  /** Empty where there are faults. */
  readonly tenants: readonly Tenant[];
  readonly faults: readonly string[];
}

/**
 * @param entries of the list of tenants, in its order.
 * @param defaults the stack's.
 * @param home the stack's.
 */
export function mergeTenants(
  entries: readonly Source[],
  defaults: Source,
  home: Home,
): MergedTenants {
  const merged = entries.map((own) => mergeTenant(own, defaults, home));
  const tenants = merged.flatMap(({ tenant }) => tenant ?? []);
  const faults = [
    ...defaultFaults(defaults),
    ...merged.flatMap((one) => one.faults),
    ...repeatedIds(entries),
  ];
  if (faults.length > 0) return { tenants: [], faults };
  return { tenants, faults: sharedNames(tenants, entries, defaults) };
}

function mergeTenant(own: Source, defaults: Source, home: Home) {
  const { region } = home;
  const { tier } = own.values;
  const isTier = typeof tier === "string" && Object.hasOwn(tiers, tier);
  const ofTier = Object.entries(tiers).find(([name]) => name === tier)?.[1];
  const ofStack = Object.fromEntries(
    Object.entries(defaults.values).filter(([key]) => Object.hasOwn(settings.shape, key)),
  );
  const layers = [isTier ? ofTier : undefined, ofStack, own.values];
  const parsed = entry.safeParse(mergeLayers(entry, layers), { reportInput: true });
  if (!parsed.success) {
    const describe = (issue: z.core.$ZodIssue) => describeIssue(issue, entry, [own, defaults]);
    return { faults: parsed.error.issues.flatMap(describe) };
  }
  const { id, tier: named, state, retainUntil, servedBy: _, residency, ...rest } = parsed.data;
  const ownSettings = Object.fromEntries(
    Object.entries(own.values).filter(([key]) => Object.hasOwn(settings.shape, key)),
  );
  const tenant: Tenant = {
    id,
    tier: named,
    state,
    ...(retainUntil !== undefined && { retainUntil }),
    ...(residency !== undefined && { residency }),
    own: ownSettings,
    settings: rest,
  };
  const elsewhere: Fault[] =
    region === undefined || isResident(region, residency)
      ? []
      : [["residency", residency, `regions among which is the stack's, ${region}`]];
  const refused = [...elsewhere, ...tenantFaults(rest, home)].map(([argument, found, allowed]) => {
    const path = pathOf(argument);
    const place = placeIn(sourceOf(path, [own, defaults]), path);
    return `${place}: found ${JSON.stringify(found)}; allowed: ${allowed}`;
  });
  return refused.length > 0 ? { faults: refused } : { tenant, faults: [] };
}

/** What is missing from the defaults may be given by a tier or a tenant: their sum is judged. */
function defaultFaults(defaults: Source): string[] {
  const { error } = settings.safeParse(defaults.values, { reportInput: true });
  return (error?.issues ?? [])
    .filter((issue) => !isIncomplete(issue))
    .flatMap((issue) => describeIssue(issue, settings, [defaults]));
}

function repeatedIds(entries: readonly Source[]): string[] {
  const seen = new Map<unknown, Source | undefined>([[sharedTenant, undefined]]);
  return entries.flatMap((entry) => {
    const { id } = entry.values;
    const isRepeated = seen.has(id);
    const other = seen.get(id);
    if (id !== undefined && !isRepeated) seen.set(id, entry);
    if (!isRepeated) return [];
    const has = other === undefined ? "" : `: ${other.where} has it`;
    const allowed = `an id that no other tenant of the stack has, nor "${sharedTenant}"${has}`;
    return [`${placeIn(entry, ["id"])}: found ${JSON.stringify(id)}; allowed: ${allowed}`];
  });
}

function sharedNames(
  tenants: readonly Tenant[],
  entries: readonly Source[],
  defaults: Source,
): string[] {
  return collisions(tenants).map(({ index, path, found, allowed }) => {
    const own = entries[index] ?? defaults;
    const place = placeIn(sourceOf(path, [own, defaults]), path);
    return `${place}: found ${JSON.stringify(found)}; allowed: ${allowed}`;
  });
}

export const asSource = (where: string, values: unknown): Source => ({
  where,
  values: isSection(values) ? values : {},
});

/** Of an entry of a tenant: where it says so itself, it was read from a file of its own. */
export function asEntry(where: string, values: unknown): Source {
  if (!isSection(values)) return asSource(where, values);
  const { [fileKey]: file, ...entry } = values;
  return typeof file === "string"
    ? { where: file, isFile: true, values: entry }
    : { where, values };
}
