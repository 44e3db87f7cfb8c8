/** The tenants of a stack as its program builds them, and where their settings come from. */
import { z } from "zod";
import type { ResourceRecord } from "../../offline/record.ts";
import { tenantsByUrn } from "../../offline/tenancy.ts";
import { UsageError } from "../../offline/usage-error.ts";
import { parseStackConfig, type StackConfig } from "../../stacks/config.ts";
import { isSection, type Section } from "../../stacks/reading/merge.ts";
import { type Tier, tiers } from "../../stacks/tiers.ts";

export interface TenantRow {
  readonly id: string;
  readonly tier: string;
  readonly state: string;
  readonly retain: string;
  readonly retainUntil?: string;
  /** As the engine counts: components included. */
  readonly resources: number;
}

const registered = z.object({
  tenant: z.string(),
  tier: z.string(),
  retain: z.string(),
  state: z.string(),
  retainUntil: z.string().optional(),
});

/** By what their components registered, in the program's order. */
export function tenantRows(records: readonly ResourceRecord[]): TenantRow[] {
  const owners = tenantsByUrn(records);
  const owned = Map.groupBy(records, ({ urn }) => owners.get(urn));
  return records
    .filter(({ type }) => type === "chatstack:index:TenantStack")
    .map(({ outputs }) => {
      const { tenant: id, ...rest } = registered.parse(outputs);
      return { id, ...rest, resources: owned.get(id)?.length ?? 0 };
    });
}

export interface SettingRow {
  /** E.g. `table.recoveryDays`. */
  readonly path: string;
  readonly value: unknown;
  /** `own`: the tenant's entry; `defaults`: the stack's `chatstack:defaults`; else its tier's. */
  readonly from: "own" | "defaults" | Tier;
}

/** Every setting that is not left to the components, by path. */
export function settingRows(config: StackConfig, id: string): SettingRow[] {
  const tenant = config.tenants.find((one) => one.id === id);
  if (tenant === undefined) return [];
  const layers: readonly (readonly [SettingRow["from"], Section])[] = [
    ["own", tenant.own],
    ["defaults", config.defaults ?? {}],
    [tenant.tier, tiers[tenant.tier]],
  ];
  return leavesOf(tenant.settings).map(([path, value]) => {
    const layer = layers.find(([, settings]) => leavesOf(settings).some(([own]) => own === path));
    return { path, value, from: layer?.[0] ?? tenant.tier };
  });
}

/** As deep as sections nest; what stands in a list is no setting of its own. */
export const leavesOf = (settings: Section): [path: string, value: unknown][] =>
  Object.entries(settings).flatMap(([name, value]): [string, unknown][] => {
    const inner = isSection(value) ? leavesOf(value) : [];
    if (inner.length === 0) return [[name, value]];
    return inner.map(([path, one]) => [`${name}.${path}`, one]);
  });

/** The stack's config as the program reads it. */
export function stackConfigOf(
  config: Readonly<Record<string, string>>,
  project: string,
  file: string,
): StackConfig {
  try {
    return parseStackConfig(config, project, file);
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
