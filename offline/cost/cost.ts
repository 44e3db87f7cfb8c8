/** What a stack's resources cost a month: a pure function of its records, their usage and a price table. */
import { shared as sharedTenant } from "../../policies/tenancy/tenant.ts";
import type { ResourceRecord } from "../record.ts";
import { tenantsByUrn } from "../tenancy.ts";
import { UsageError } from "../usage-error.ts";
import {
  type CapacityChoice,
  capacityChoice,
  type HistoryChoice,
  historyChoice,
} from "./choices.ts";
import { type Decimal, sum } from "./decimal.ts";
import { at, type LineDraft, type PricingContext, type Unpriced } from "./line.ts";
import { type Load, loadOf } from "./load.ts";
import { type Price, unitPrice } from "./prices/price.ts";
import { type PriceTable, pricesOf, regions, usEast1 } from "./prices/prices.ts";
import { freeTypes, pricers } from "./record-types.ts";
import { serviceOf } from "./services.ts";
import { defaultUsage, noUsage, type Usage, type UsageProfile, usageOf } from "./usage.ts";
import { workloadOf } from "./workload.ts";

export interface StackCost {
  readonly region: string;
  readonly currency: string;
  /** Day on which the prices were looked up. */
  readonly asOf: string;
  /** In the order in which the stack names them. */
  readonly tenants: readonly TenantCost[];
  /** What all tenants share; its tenant is `shared`, and it has no usage of its own. */
  readonly shared: TenantCost;
  readonly total: Decimal;
}

export interface TenantCost {
  readonly tenant: string;
  readonly tier?: string;
  readonly usage: Usage;
  readonly lines: readonly CostLine[];
  /** What costs by being there. */
  readonly fixed: Decimal;
  readonly total: Decimal;
  readonly unpriced: readonly Unpriced[];
  /** How the usage compares with what the tenant can serve. */
  readonly load: Load;
  /** Absent where a tenant has no table, or a price of it is not known. */
  readonly capacity?: CapacityChoice;
  /** Absent where a tenant has no documents, or a price of them is not known. */
  readonly history?: HistoryChoice;
}

export interface CostLine extends LineDraft {
  /** As people call it: `DynamoDB`. */
  readonly service: string;
  readonly resource: string;
  readonly type: string;
  readonly unitPrice: Decimal;
  readonly unit: string;
  readonly amount: Decimal;
  readonly source: string;
  /** False where the price table says that a price was not found twice. */
  readonly confirmed: boolean;
}

/**
 * @param profile default: the built-in usage for every tenant.
 * @param table default: what is known of the stack's region.
 * @throws UsageError where the stack is in a region that the table is not for, or that nothing is known of.
 */
export function costOf(
  records: readonly ResourceRecord[],
  profile: UsageProfile = {},
  table: PriceTable = pricesFor(records),
): StackCost {
  requireRegion(records, table);
  const tenantByUrn = tenantsByUrn(records);
  const groups = Map.groupBy(records, ({ urn }) => tenantByUrn.get(urn) ?? sharedTenant);
  const around = componentsAround(records);
  const costs = [...groups].map(([tenant, own]) => {
    const tier = tierOf(own);
    const isShared = tenant === sharedTenant;
    const usage = isShared ? unused : usageOf(profile, tenant, tier);
    return tenantCost({ tenant, ...(tier !== undefined && { tier }), usage }, own, around, table);
  });
  const shared = costs.find(({ tenant }) => tenant === sharedTenant);
  return {
    region: table.region,
    currency: table.currency,
    asOf: table.asOf,
    tenants: costs.filter(({ tenant }) => tenant !== sharedTenant),
    shared: shared ?? tenantCost({ tenant: sharedTenant, usage: unused }, [], around, table),
    total: sum(costs.map(({ total }) => total)),
  };
}

const unused: Usage = { ...defaultUsage, ...noUsage };

function tenantCost(
  who: Pick<TenantCost, "tenant" | "tier" | "usage">,
  records: readonly ResourceRecord[],
  componentsAround: PricingContext["componentsAround"],
  table: PriceTable,
): TenantCost {
  const byType = Map.groupBy(records, ({ type }) => type);
  const siblings = (type: string) => byType.get(type) ?? [];
  const workload = workloadOf(who.usage, historyOf(siblings("aws:lambda/function:Function")));
  const context: PricingContext = {
    usage: who.usage,
    workload,
    region: table.region,
    prices: table.prices,
    siblings,
    componentsAround,
  };
  const lines: CostLine[] = [];
  const unpriced: Unpriced[] = [];
  for (const record of records) {
    if (!record.custom || record.type in freeTypes) continue;
    const pricer = pricers[record.type];
    if (!pricer) {
      unpriced.push({
        what: record.type,
        because: "nobody has decided what it costs",
        isUnknown: true,
      });
      continue;
    }
    const priced = pricer(record, context);
    for (const draft of priced.lines ?? []) {
      const line = costLine(record, draft, table);
      if (line) lines.push(line);
      else if (!draft.quantity.value.isZero()) unpriced.push(noPrice(draft, table));
    }
    unpriced.push(...(priced.unpriced ?? []));
  }
  const [chatTable] = siblings("aws:dynamodb/table:Table");
  const capacity = chatTable && capacityChoice(chatTable, context);
  const documents = siblings("aws:s3/bucket:Bucket").find((one) => isOfDocuments(one, context));
  const history = documents && historyChoice(documents, context);
  return {
    ...who,
    lines,
    fixed: sumOf(lines.filter(({ kind }) => kind === "fixed")),
    total: sumOf(lines),
    unpriced: distinct(unpriced),
    load: loadOf(who.usage, workload, siblings),
    ...(capacity && { capacity }),
    ...(history && { history }),
  };
}

export const sumOf = (lines: readonly CostLine[]): Decimal =>
  sum(lines.map(({ amount }) => amount));

/** Undefined where the table does not have the price. */
function costLine(
  record: ResourceRecord,
  draft: LineDraft,
  table: PriceTable,
): CostLine | undefined {
  const price = table.prices[draft.price];
  if (!price) return undefined;
  const each = unitPrice(price);
  return {
    ...draft,
    service: serviceOf(draft.price),
    resource: record.name,
    type: record.type,
    unitPrice: each,
    unit: price.unit,
    amount: draft.quantity.value.times(each),
    ...sourceOf(price),
  };
}

const sourceOf = ({ source, confirmed }: Price) => ({ source, confirmed });

const noPrice = ({ price }: LineDraft, { region }: PriceTable): Unpriced => ({
  what: price,
  because: `no price of ${region} is known; --prices takes it`,
  isUnknown: true,
});

/** What is known of the prices in a stack's region; US East's where that is nothing, and costs are refused. */
export function pricesFor(records: readonly ResourceRecord[]): PriceTable {
  const [region = usEast1.region] = regionsOf(records);
  return pricesOf(region) ?? usEast1;
}

function requireRegion(records: readonly ResourceRecord[], { region }: PriceTable): void {
  const foreign = regionsOf(records).find((one) => one !== region);
  if (foreign === undefined) return;
  throw new UsageError(
    `aws:region: found "${foreign}"; the prices are of "${region}"; ` +
      `--prices takes those of another region; known are ${regions.join(", ")}`,
  );
}

function regionsOf(records: readonly ResourceRecord[]): string[] {
  const priced = records.filter(({ type }) => type in pricers);
  return [...new Set(priced.flatMap(({ outputs }) => regionOf(outputs) ?? []))];
}

/** A bucket's ARN has none, which is why the provider tells it beside. */
function regionOf({ arn, region }: ResourceRecord["outputs"]): string | undefined {
  const inArn = typeof arn === "string" && arn.startsWith("arn:") && arn.split(":")[3];
  return inArn || (typeof region === "string" && region !== "" ? region : undefined);
}

const tierOf = (records: readonly ResourceRecord[]): string | undefined =>
  records
    .map(({ inputs }) => at(inputs, "tags", "chatstack:tier"))
    .find((tier) => typeof tier === "string");

/** Documents' own bucket, not that of logs, archive or audit. */
const isOfDocuments = (bucket: ResourceRecord, { componentsAround }: PricingContext): boolean =>
  componentsAround(bucket)[0] === "chatstack:index:DocumentBucket" &&
  !componentsAround(bucket).includes("chatstack:index:ChatArchive");

const historyOf = ([fn]: readonly ResourceRecord[]) =>
  at(fn?.inputs, "environment", "variables", "HISTORY") === "s3" ? "s3" : "dynamodb";

/** Types of the components around each record, the nearest first. */
function componentsAround(records: readonly ResourceRecord[]): PricingContext["componentsAround"] {
  const byUrn = new Map(records.map((record) => [record.urn, record]));
  return (record) => {
    const types: string[] = [];
    for (let here = byUrn.get(record.parent ?? ""); here; here = byUrn.get(here.parent ?? "")) {
      types.push(here.type);
    }
    return types;
  };
}

const distinct = (all: readonly Unpriced[]): Unpriced[] => [
  ...new Map(all.map((one) => [one.what, one])).values(),
];
