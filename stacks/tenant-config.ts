/** One tenant of a stack's config: its entry, over the stack's defaults, over its tier. */
import { z } from "zod";
import { type TenantState, tenantStates } from "../app/resources/tenant-state.ts";
import { reservedForBuckets, tenantPattern } from "../components/component.ts";
import {
  describeIssue,
  isIncomplete,
  placeIn,
  type Source,
  sourceOf,
} from "./reading/config-faults.ts";
import { day } from "./reading/engine-time.ts";
import { isSection, mergeLayers, type Section } from "./reading/merge.ts";
import { fileKey } from "./registry/folder.ts";
import { pathOf, tenantFaults } from "./rules/tenant-rules.ts";
import { type Settings, settings } from "./settings.ts";
import { collisions } from "./shared-names.ts";
import { type Tier, tierNames, tiers } from "./tiers.ts";

/** Stands for a tenant in the tags of what all tenants of the account share. */
export const sharedTenant = "shared";

const entry = settings
  .extend({
    id: z
      .string()
      .regex(tenantPattern, `a name that matches ${tenantPattern.source}`)
      .refine((id) => !reservedForBuckets.test(`${id}-`), {
        error: "a name that does not begin with xn--, sthree- or amzn-s3-demo-: S3 keeps these",
      }),
    tier: z.enum(tierNames),
    /** Where the tenant is in its life; see `docs/life-cycle.md`. */
    state: z.enum(tenantStates).default("active"),
    /** Last day until which the data of an off-boarding tenant must be kept. */
    retainUntil: day.optional(),
  })
  .superRefine(({ id, audit }, context) => {
    // As `AuditTrail` names the trail, with the id between hyphens.
    if (typeof audit !== "object" || !/--|-$/.test(id)) return;
    const message =
      "an id without two hyphens in a row or one at its end, or audit off: CloudTrail";
    context.addIssue({
      code: "custom",
      path: ["id"],
      message: `${message} takes no such name of a trail`,
      input: id,
    });
  })
  .superRefine(({ state, retainUntil }, context) => {
    if (retainUntil === undefined || state === "off-boarding") return;
    const message = "nothing, unless the state is off-boarding";
    context.addIssue({ code: "custom", path: ["retainUntil"], message, input: retainUntil });
  });

/** What a tenant's entry holds, in the stack's file, in a file of its own or from a program. */
export type TenantEntry = z.input<typeof entry>;

/** A tenant as the program builds it: tier, stack defaults and own settings merged. */
export interface Tenant {
  readonly id: string;
  readonly tier: Tier;
  readonly settings: Settings;
  /** Of these, what its own entry says. */
  readonly own: Section;
  readonly state: TenantState;
  readonly retainUntil?: string;
}

export interface MergedTenants {
  /** Empty where there are faults. */
  readonly tenants: readonly Tenant[];
  readonly faults: readonly string[];
}

/**
 * @param entries of the list of tenants, in its order.
 * @param defaults the stack's.
 * @param region the stack's, where its config names one.
 */
export function mergeTenants(
  entries: readonly Source[],
  defaults: Source,
  region: string | undefined,
): MergedTenants {
  const merged = entries.map((own) => mergeTenant(own, defaults, region));
  const tenants = merged.flatMap(({ tenant }) => tenant ?? []);
  const faults = [
    ...defaultFaults(defaults),
    ...merged.flatMap((one) => one.faults),
    ...repeatedIds(entries),
  ];
  if (faults.length > 0) return { tenants: [], faults };
  return { tenants, faults: sharedNames(tenants, entries, defaults) };
}

function mergeTenant(own: Source, defaults: Source, region: string | undefined) {
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
  const { id, tier: named, state, retainUntil, ...rest } = parsed.data;
  const { id: _, tier: __, state: ___, retainUntil: ____, ...ownSettings } = own.values;
  const tenant: Tenant = {
    id,
    tier: named,
    state,
    ...(retainUntil !== undefined && { retainUntil }),
    own: ownSettings,
    settings: rest,
  };
  const refused = [...tenantFaults(rest, region)].map(([argument, found, allowed]) => {
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
