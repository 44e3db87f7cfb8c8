/** Tables for documents: what the tiers cost by being there, what scenarios cost, what the prices are. */

import { type Price, unitPrice } from "../prices/price.ts";
import type { PriceTable } from "../prices/prices.ts";
import { scenarios } from "../scenarios.ts";
import { money, services } from "./money.ts";
import type { CostReport } from "./report.ts";

/** What each tenant costs while nobody uses it. */
export const fixedTable = ({ tenants, currency, asOf, region }: CostReport): string =>
  [
    markdown(
      ["tenant at tier", "fixed, a month", "of it"],
      tenants.map(({ tier = "none", fixed, lines }) => [
        `\`${tier}\``,
        money(fixed, currency),
        services(
          lines.filter(({ kind }) => kind === "fixed"),
          currency,
        ) || "nothing",
      ]),
    ),
    "",
    `List prices of ${region}, ${asOf}.`,
  ].join("\n");

/** A row for each scenario and tenant. */
export const scenarioTable = (reports: readonly CostReport[]): string =>
  markdown(
    ["scenario", "tier", "serves it", "a month", "of it", "quoted elsewhere"],
    reports.flatMap(({ scenario, tenants, currency }) =>
      tenants.map(({ tier = "none", total, lines, load }) => {
        const known = scenario === undefined ? undefined : scenarios[scenario];
        const quoted = known && "quoted" in known ? known.quoted : "—";
        return [
          known?.what ?? "as given",
          `\`${tier}\``,
          load.tooMuch.length === 0 ? "yes" : `no: ${load.tooMuch.join("; ")}`,
          money(total, currency),
          services(lines, currency),
          quoted ?? "—",
        ];
      }),
    ),
  );

export const priceTable = ({ prices, currency }: PriceTable): string =>
  markdown(
    ["price", "amount", "for each", "confirmed", "source"],
    Object.entries(prices).map(([id, price]) => [
      `\`${id}\``,
      each(price, currency),
      price.unit,
      price.confirmed ? "yes" : "no",
      price.source.replace("https://", ""),
    ]),
  );

function each(price: Price, currency: string): string {
  const text = unitPrice(price).toString();
  return money(unitPrice(price), currency, Math.max(2, text.split(".")[1]?.length ?? 0));
}

export const markdown = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");
