/** What stacks of one account and region ask of AWS's quotas: the shape that `--json` prints and all tables are made from. */
import type { AccountValues } from "../../policies/quotas/account-values.ts";
import type { Quota } from "../../policies/quotas/quota.ts";
import { quotaOf } from "../../policies/quotas/table.ts";
import {
  type HolderUse,
  holdersOf,
  nearlyFull,
  type Usage,
  usageOf,
} from "../../policies/quotas/usage.ts";
import { neededLimit, nextCell, raiseText } from "../../policies/quotas/wording.ts";
import type { Stack } from "../../policies/rule.ts";
import type { Place, SharedGatewayRole } from "../engine-config/place.ts";
import { type CellPlan, cellsOf, holds } from "./cells.ts";
import { type LeastTimes, leastTimes } from "./rates.ts";

export interface QuotaReport {
  /** As far as config or a file of AWS's says it. */
  readonly account?: string;
  readonly region: string;
  readonly stacks: readonly string[];
  readonly tenants: number;
  readonly outcome: Outcome;
  /** Quotas of the account, and of the account in the region; the fullest first. */
  readonly quotas: readonly QuotaLine[];
  /** Of each quota that every role, policy or API has for itself: the fullest holder. */
  readonly sizes: readonly SizeLine[];
  /** The quota that ends first as tenants are added; absent where no tenant asks for any. */
  readonly first?: QuotaLine;
  /** How the tenants would stand in accounts and regions. */
  readonly cells: CellPlan;
  /** Seconds that operations on all of it take at least, by what API Gateway allows. */
  readonly least: LeastTimes;
  /** Stacks that overwrite each other's log role of API Gateway; absent where one sets it, or none. */
  readonly gatewayRole?: SharedGatewayRole;
  /** Codes in config or files that no quota of ours has. */
  readonly unknown: readonly string[];
}

export type Outcome = "fits" | "nearly-full" | "exceeded";

export interface QuotaLine {
  readonly service: string;
  readonly code: string;
  readonly name: string;
  readonly scope: Quota["scope"];
  readonly unit: string;
  /** By the stacks, all tenants and what they share. */
  readonly asked: number;
  /** By what the account has beside them. */
  readonly elsewhere: number;
  readonly limit: number;
  /** Whether the limit is the account's own, not AWS's default. */
  readonly isRaised: boolean;
  /** Of the limit, what the stacks can have. */
  readonly available: number;
  readonly percent: number;
  readonly outcome: Outcome;
  /** The tenant that no longer fits; while all fit, its place if more like them came. */
  readonly ends?: { readonly tenant?: string; readonly ordinal: number };
  readonly raisable: Quota["raisable"];
  readonly waysOut: readonly string[];
  readonly source: string;
}

export interface SizeLine {
  readonly service: string;
  readonly code: string;
  readonly name: string;
  readonly unit: string;
  readonly asked: number;
  readonly limit: number;
  readonly percent: number;
  readonly outcome: Outcome;
  readonly resource: string;
  readonly tenant?: string;
}

export function quotaReport(
  stacks: readonly { readonly name: string; readonly stack: Stack }[],
  values: AccountValues,
  place: Place,
): QuotaReport {
  const views = stacks.map(({ stack }) => stack);
  const usages = usageOf(views, values);
  const quotas = usages.map((usage) => lineOf(usage, values)).sort(fullestFirst);
  const sizes = fullestHolders(views, values).sort(fullestFirst);
  const ending = quotas.filter(({ ends }) => ends !== undefined);
  const first = ending.reduce<QuotaLine | undefined>(
    (least, line) => ((line.ends?.ordinal ?? 0) < (least?.ends?.ordinal ?? 1 / 0) ? line : least),
    undefined,
  );
  return {
    ...place,
    stacks: stacks.map(({ name }) => name),
    tenants: usages[0]?.tenants.length ?? 0,
    outcome: worst([...quotas, ...sizes]),
    quotas,
    sizes,
    ...(first && { first }),
    cells: cellsOf(usages),
    least: leastTimes(views.flatMap(({ resources }) => resources.map(({ type }) => type))),
    unknown: values.codes.filter((code) => quotaOf(code) === undefined),
  };
}

function lineOf(usage: Usage, values: AccountValues): QuotaLine {
  const { quota, limit, available, elsewhere, asked, end } = usage;
  const { service, code, name, scope, unit, raisable, source } = quota;
  const ordinal = end?.ordinal ?? holds(usage) + 1;
  const ends = { ordinal, ...(end?.tenant !== undefined && { tenant: end.tenant }) };
  const each = (asked - usage.shared) / Math.max(1, usage.tenants.length);
  const withNext =
    usage.shared + Math.ceil(each * ordinal) + elsewhere + (quota.spare?.amount ?? 0);
  const needed = end ? neededLimit(usage) : withNext;
  return {
    service,
    code,
    name,
    scope,
    unit,
    asked,
    elsewhere,
    limit,
    isRaised: values.limits.has(code) && limit !== quota.limit,
    available,
    percent: percentOf(asked, available),
    outcome: outcomeOf(asked, available),
    ...(Number.isFinite(ordinal) && { ends }),
    raisable,
    waysOut: [raiseText(quota, needed), nextCell.replace(/^or /, "")],
    source,
  };
}

/** Of each quota the holder that is fullest, of those that are known. */
function fullestHolders(stacks: readonly Stack[], values: AccountValues): SizeLine[] {
  const holders = stacks.flatMap((stack) => holdersOf(stack, values));
  return [...Map.groupBy(holders, ({ quota }) => quota)].flatMap(([quota, held]) => {
    const known = held.filter((one): one is HolderUse & { asked: number } => isKnown(one));
    const fullest = known.toSorted((a, b) => b.asked - a.asked)[0];
    if (!fullest) return [];
    const { asked, limit, resource, tenant } = fullest;
    const { service, code, name, unit } = quota;
    return [
      {
        service,
        code,
        name,
        unit,
        asked,
        limit,
        percent: percentOf(asked, limit),
        outcome: outcomeOf(asked, limit),
        resource: resource.name,
        ...(tenant !== undefined && { tenant }),
      },
    ];
  });
}

const isKnown = ({ asked }: HolderUse): boolean => asked !== undefined;

const fullestFirst = (a: { percent: number }, b: { percent: number }) => b.percent - a.percent;

const percentOf = (asked: number, available: number): number =>
  available > 0 ? Math.floor((asked * 100) / available) : asked > 0 ? 999 : 0;

function outcomeOf(asked: number, available: number): Outcome {
  if (asked > available) return "exceeded";
  return asked >= available * nearlyFull && asked > 0 ? "nearly-full" : "fits";
}

function worst(lines: readonly { outcome: Outcome }[]): Outcome {
  const outcomes = new Set(lines.map(({ outcome }) => outcome));
  if (outcomes.has("exceeded")) return "exceeded";
  return outcomes.has("nearly-full") ? "nearly-full" : "fits";
}
