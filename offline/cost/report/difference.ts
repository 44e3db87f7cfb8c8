/** What a change costs: two evaluations of a stack priced with the same usage, tenant by tenant and service by service. */
import { type TextOptions, table } from "../../text.ts";
import type { StackCost, TenantCost } from "../cost.ts";
import { type Decimal, decimal, sum, zero } from "../decimal.ts";
import { markdown } from "./markdown.ts";
import { byService, money } from "./money.ts";

export interface CostDifference {
  readonly stack: string;
  readonly against: string;
  readonly region: string;
  readonly currency: string;
  readonly asOf: string;
  /** A month, all tenants and what they share. */
  readonly before: Decimal;
  readonly after: Decimal;
  /** Of which something changes, what all share last. */
  readonly tenants: readonly TenantDifference[];
}

export interface TenantDifference {
  readonly tenant: string;
  /** Absent where the tenant is new, or gone. */
  readonly before?: Decimal;
  readonly after?: Decimal;
  /** Services of which the sum changes; the largest change first. */
  readonly services: readonly ServiceDifference[];
}

export interface ServiceDifference {
  readonly service: string;
  readonly before: Decimal;
  readonly after: Decimal;
}

/**
 * @param before priced with the usage that `after` is priced with.
 * @param only ids of tenants; default all.
 */
export function differenceOf(
  before: StackCost,
  after: StackCost,
  named: Pick<CostDifference, "stack" | "against">,
  only?: readonly string[],
): CostDifference {
  const then = new Map(all(before).map((one) => [one.tenant, one]));
  const now = new Map(all(after).map((one) => [one.tenant, one]));
  const ids = [...new Set([...now.keys(), ...then.keys()])];
  const shown = ids.filter((id) => only === undefined || only.includes(id));
  const total = (costs: ReadonlyMap<string, TenantCost>) =>
    sum(shown.flatMap((id) => costs.get(id)?.total ?? []));
  return {
    ...named,
    region: after.region,
    currency: after.currency,
    asOf: after.asOf,
    before: total(then),
    after: total(now),
    tenants: shown.flatMap((id) => tenantDifference(id, then.get(id), now.get(id))),
  };
}

const all = ({ tenants, shared }: StackCost): readonly TenantCost[] => [...tenants, shared];

function tenantDifference(
  tenant: string,
  before: TenantCost | undefined,
  after: TenantCost | undefined,
): TenantDifference[] {
  const [then, now] = [before, after].map((one) => new Map(byService(one?.lines ?? [])));
  const services = [...new Set([...(now?.keys() ?? []), ...(then?.keys() ?? [])])]
    .map((service) => ({
      service,
      before: then?.get(service) ?? zero,
      after: now?.get(service) ?? zero,
    }))
    .filter((one) => !one.before.isEqualTo(one.after))
    .sort((a, b) => changeOf(b).abs().comparedTo(changeOf(a).abs()) ?? 0);
  if (services.length === 0) return [];
  return [
    {
      tenant,
      ...(before && { before: before.total }),
      ...(after && { after: after.total }),
      services,
    },
  ];
}

const changeOf = ({ before = zero, after = zero }: Partial<ServiceDifference>): Decimal =>
  after.minus(before);

export function differenceText(difference: CostDifference, options: TextOptions): string {
  const { stack, against, region, asOf, currency } = difference;
  const rows = rowsOf(difference);
  return [
    options.paint("bold", `stack ${stack} against ${against}: what the change costs a month`),
    `list prices of ${region}, ${asOf}, in ${currency}; both priced with the same usage`,
    ...(rows.length > 0 ? [table([...head], [24, 14, 14, 14], rows, options)] : []),
    options.paint("bold", totalText(difference)),
  ].join("\n");
}

export const differenceMarkdown = (difference: CostDifference): string =>
  [
    `**${totalText(difference)}**`,
    ...(difference.tenants.length > 0 ? [markdown(head, rowsOf(difference))] : []),
    `List prices of ${difference.region}, ${difference.asOf}; both priced with the same usage.`,
  ].join("\n\n");

const head = ["tenant", "before", "after", "difference", "of it"] as const;

/** What is the same of several tenants is one row: the figures are of each of them. */
function rowsOf({ tenants, currency }: CostDifference): string[][] {
  const rows = tenants.map(({ tenant, services, ...totals }) => ({
    tenant,
    cells: [
      totals.before === undefined ? "new" : money(totals.before, currency),
      totals.after === undefined ? "gone" : money(totals.after, currency),
      signed(changeOf(totals), currency),
      services.map((one) => `${one.service} ${signed(changeOf(one), currency)}`).join(", "),
    ],
  }));
  return [...Map.groupBy(rows, ({ cells }) => JSON.stringify(cells)).values()].map((same) => {
    const [first] = same;
    const names = same.map(({ tenant }) => tenant);
    const few = names.slice(0, 3).join(", ");
    const more = names.length > 3 ? ` and ${names.length - 3} more` : "";
    const title = names.length > 1 ? `${names.length} tenants, each (${few}${more})` : few;
    return [title, ...(first?.cells ?? [])];
  });
}

function totalText({ before, after, currency, tenants }: CostDifference): string {
  const [then, now] = [before, after].map((amount) => money(amount, currency));
  if (tenants.length === 0) return `no difference: ${now} a month`;
  return `${then} → ${now} a month: ${signed(after.minus(before), currency)}`;
}

/** `+$1.50`, `-$0.20`, `+<$0.01` of what rounds to nothing. */
function signed(amount: Decimal, currency: string): string {
  const sign = amount.isNegative() ? "-" : "+";
  const size = amount.abs();
  const isTiny = !size.isZero() && size.isLessThan("0.005");
  return isTiny ? `${sign}<${money(decimal("0.01"), currency)}` : sign + money(size, currency);
}
