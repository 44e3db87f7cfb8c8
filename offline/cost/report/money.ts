/** Amounts as people read them. */
import type { CostLine } from "../cost.ts";
import { type Decimal, decimal, sum } from "../decimal.ts";
import { grouped } from "../quantity.ts";

/** `$1,234.57`; another currency than USD stands behind: `1,234.57 EUR`. */
export function money(amount: Decimal, currency: string, places = 2): string {
  const [whole = "0", fraction] = amount.toFixed(places).split(".");
  const text = `${grouped(decimal(whole))}${fraction === undefined ? "" : `.${fraction}`}`;
  return currency === "USD" ? `$${text}` : `${text} ${currency}`;
}

/** Sums by service, the dearest first; what is nothing is left out. */
export function byService(lines: readonly CostLine[]): [service: string, sum: Decimal][] {
  const groups = Map.groupBy(
    lines.filter(({ amount }) => !amount.isZero()),
    ({ service }) => service,
  );
  return [...groups]
    .map(([service, own]): [string, Decimal] => [service, sum(own.map(({ amount }) => amount))])
    .sort(([, one], [, other]) => other.comparedTo(one) ?? 0);
}

/** `WAF $9.01, Backup $3.50`; what rounds to nothing is left out. */
export const services = (lines: readonly CostLine[], currency: string): string =>
  byService(lines)
    .filter(([, sum]) => sum.isGreaterThanOrEqualTo("0.005"))
    .map(([service, sum]) => `${service} ${money(sum, currency)}`)
    .join(", ");
