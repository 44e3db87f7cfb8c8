/** Whether a tenant may move, and what both stacks' files say afterwards. */
import { hasCells, readCells } from "../../offline/cells/file.ts";
import { placeOf } from "../../offline/engine-config/place.ts";
import { compare } from "../../offline/plan/compare.ts";
import type { Comparison } from "../../offline/plan/comparison.ts";
import type { ResourceRecord } from "../../offline/record.ts";
import { tenantsByUrn } from "../../offline/tenancy.ts";
import { counted } from "../../offline/text.ts";
import { UsageError } from "../../offline/usage-error.ts";
import { placesOf } from "../fleet/places.ts";
import {
  readSource,
  recordsOf,
  type StackSource,
  stackFileOf,
  standsAlone,
} from "../tenant/change.ts";
import { leavesOf } from "../tenant/overview.ts";
import { addTenant, entriesIn, type TenantEntry } from "../tenant/stack-text.ts";
import type { Asked, MoveKind } from "./steps.ts";

export interface Prepared {
  readonly kind: MoveKind;
  readonly entry: TenantEntry;
  /** Of the tenant's resources, by the old stack's defaults and by the new one's. */
  readonly plan: Comparison;
  readonly refusals: readonly string[];
}

export const sourceOf = (root: string, stack: string, tenant: string) =>
  readSource({ root, stack }, tenant);

/** @throws UsageError where a stack has no such tenant or file, or the new one's program refuses it. */
export async function prepare(root: string, asked: Asked): Promise<Prepared> {
  const { tenant, from, to } = asked;
  if (from === to) throw new UsageError(`--to: found "${to}"; allowed: another stack than ${from}`);
  const [old, next] = [sourceOf(root, from, tenant), sourceOf(root, to, tenant)];
  const entry = entryOf(old, tenant);
  const { kind, refusals } = placing(root, asked);
  const { length } = next.ids;
  const refused = [
    ...refusals,
    ...(next.ids.includes(tenant) ? [`${next.file} has a tenant ${tenant} already`] : []),
    ...roomFor(root, to, { tier: String(entry.tier), tenants: length }),
    ...(kind === "copy" ? cannotBeCopied(entry, placeOf(stackFileOf(old, tenant))) : []),
  ];
  if (next.ids.includes(tenant)) return { kind, entry, plan: nothing, refusals: refused };
  const before = await recordsOf(old, tenant, old.text, standsAlone(old, tenant));
  const after = await recordsOf(next, tenant, withTenant(next, entry), true);
  const plan = compare(own(before, tenant), own(after, tenant));
  // In another region every resource is a new one, as it should be.
  const losses = plan.losses.filter(({ property }) => kind === "state" || property !== "region");
  const reasons = losses.map(
    ({ urn, reason }) =>
      `with ${to}'s defaults, ${urn.split("::").at(-1)}: ${reason}. Say what it has today in its own entry`,
  );
  return { kind, entry, plan, refusals: [...refused, ...reasons] };
}

const nothing: Comparison = {
  ...{ changes: [], tenants: [], losses: [], refusals: [], access: [], unchanged: 0 },
};

export function entryOf(source: StackSource, tenant: string): TenantEntry {
  const found =
    source.isTenantFile && source.text === ""
      ? undefined
      : entriesIn(source).find(({ id = tenant }) => id === tenant);
  if (found) return { id: tenant, ...found };
  throw new UsageError(`${source.file}: there is no tenant "${tenant}"`);
}

/** The new file's text. A file of its own is named after the tenant, and need not say its id. */
export const withTenant = (source: StackSource, entry: TenantEntry): string => {
  const { id: _, ...rest } = entry;
  return addTenant(source, source.isTenantFile ? rest : entry);
};

function placing(root: string, { from, to }: Asked): { kind: MoveKind; refusals: string[] } {
  const places = placesOf(root, [from, to]);
  const [here, there] = [places.get(from), places.get(to)];
  const region = (stack: string) => placeOf(stackFileOf(readSource({ root, stack }), "")).region;
  const isSame = here?.place === there?.place && region(from) === region(to);
  if (!isSame) return { kind: "copy", refusals: [] };
  const refusals =
    here?.backend === there?.backend
      ? []
      : [
          `${from} and ${to} have their states in different backends, and \`pulumi state move\` works within one: ` +
            "move one of the stacks with `pulumi stack migrate` first",
        ];
  return { kind: "state", refusals };
}

function roomFor(root: string, to: string, asked: { tier: string; tenants: number }): string[] {
  const cell = hasCells(root) ? readCells(root).cells.find(({ name }) => name === to) : undefined;
  if (!cell) return [];
  const { tiers, maxTenants } = cell;
  return [
    ...(tiers?.some((tier) => tier === asked.tier) === false
      ? [`${to} takes ${tiers.join(" and ")} tenants, as cells.yaml says; it is ${asked.tier}`]
      : []),
    ...(asked.tenants >= maxTenants
      ? [
          `${to} has ${counted(asked.tenants, "tenant", "tenants")}, and cells.yaml allows ${maxTenants}`,
        ]
      : []),
  ];
}

/** What names something of the old account or region, or can be in one place at a time. */
function cannotBeCopied(entry: TenantEntry, { region, account }: ReturnType<typeof placeOf>) {
  const { state = "active", servedBy } = entry;
  const there = [`:${region}:`, ...(account === undefined ? [] : [`:${account}:`])];
  return [
    ...(servedBy === undefined ? [] : [`${String(servedBy)} serves its users: move it from there`]),
    ...(state === "active" || servedBy !== undefined
      ? []
      : [`it is ${String(state)}: \`chatstack tenant resume\` it first`]),
    ...leavesOf(entry).flatMap(([path, value]) => {
      const text = JSON.stringify(value);
      if (path.startsWith("api.domain") && value !== "off") {
        return [
          `${path}: a domain leads to one API: take it out and deploy first, and give it back after the move`,
        ];
      }
      const isThere = text.includes("arn:") && there.some((part) => text.includes(part));
      if (path === "table.adopt" || isThere) {
        return [
          `${path}: found ${text}, which is of ${account ?? "the account"} and ${region} alone`,
        ];
      }
      return [];
    }),
  ];
}

function own(records: readonly ResourceRecord[], tenant: string): readonly ResourceRecord[] {
  const owners = tenantsByUrn(records);
  return records.filter(({ urn }) => owners.get(urn) === tenant);
}
