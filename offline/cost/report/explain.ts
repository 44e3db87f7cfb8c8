/** Each figure with its formula: quantity × unit price = amount, and where the price is from. */
import type { TextOptions } from "../../text.ts";
import type { CostLine, TenantCost } from "../cost.ts";
import { type Decimal, decimal } from "../decimal.ts";
import { grouped } from "../quantity.ts";
import { byService, money } from "./money.ts";
import { type CostReport, unpricedOf } from "./report.ts";

export function explanation(report: CostReport, { paint }: TextOptions): string {
  const { currency, asOf, tenants, shared } = report;
  const shown = [...tenants, ...(shared ? [shared] : [])].filter(({ lines }) => lines.length > 0);
  const sources = new Map<string, number>();
  const reference = (source: string) => {
    const known = sources.get(source) ?? sources.size + 1;
    sources.set(source, known);
    return known;
  };
  const text = shown.flatMap((tenant) => [
    paint("bold", `${tenant.tenant}  ${money(tenant.total, currency)} a month`),
    ...servicesOf(tenant).flatMap(([service, lines, sum]) => [
      `  ${paint("cyan", service)}  ${money(sum, currency)}`,
      ...lines.map((line) => `    ${formula(line, currency, reference(line.source))}`),
    ]),
    "",
  ]);
  return [
    ...text,
    `Prices of ${report.region} as of ${asOf}; ? marks one that was not found in a second place:`,
    ...[...sources].map(([source, number]) => `[${number}] ${source}`),
    ...unpricedOf(report).map(({ what, because }) => `Without a figure: ${what}: ${because}`),
  ].join("\n");
}

const servicesOf = ({ lines }: TenantCost) =>
  byService(lines).map(
    ([service, sum]) =>
      [
        service,
        lines.filter((line) => line.service === service && !line.amount.isZero()),
        sum,
      ] as const,
  );

/** `writes: 4,000 chats × 8 write units = 32,000 × $0.000000625 = $0.02 [1]` */
function formula(line: CostLine, currency: string, source: number): string {
  const { what, quantity, unitPrice, amount, confirmed, note } = line;
  const value = rounded(quantity.value);
  const isPlain = /^[\d,.]+ [^×+/]+$/.test(quantity.formula);
  const quantities = isPlain ? quantity.formula : `${quantity.formula} ${value}`;
  const price = money(unitPrice, currency, decimalsOf(unitPrice.toString()));
  const cost = money(amount, currency, 6);
  return `${what}: ${quantities} × ${price} = ${cost} [${source}${confirmed ? "" : "?"}]${note ? ` (${note})` : ""}`;
}

/** Six decimals are enough to follow; the amount is of all of them. */
function rounded(value: Decimal): string {
  const short = decimal(value.toFixed(6));
  return `${short.isEqualTo(value) ? "=" : "≈"} ${grouped(short)}`;
}

const decimalsOf = (text: string) => Math.max(2, text.split(".")[1]?.length ?? 0);
