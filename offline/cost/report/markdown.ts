/** Tables for documents: what the tiers cost by being there, what scenarios cost, what the prices are. */

import { separator } from "../prices/elsewhere.ts";
import { type Price, unitPrice } from "../prices/price.ts";
import type { PriceTable } from "../prices/prices.ts";
import { type Scenario, scenarios } from "../scenarios.ts";
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

/**
 * A row for each scenario and tier that can serve it, with its price. Where none can, the dearest tier is priced with
 * the settings that the load needs: neither a throttle nor reserved concurrency costs anything by itself.
 */
export const scenarioTable = (reports: readonly CostReport[]): string =>
  markdown(
    ["scenario", "served by", "a month", "of it", "quoted elsewhere", "quoted, self-hosted"],
    reports.flatMap(({ scenario, tenants, currency }) => {
      const known: Scenario | undefined = scenario && scenarios[scenario];
      const serving = tenants.filter(({ load }) => load.tooMuch.length === 0);
      const priced = serving.length > 0 ? serving : tenants.slice(-1);
      const row = (served: string, ...cost: readonly [string, string]) => [
        ...[known?.what ?? "as given", served, ...cost],
        ...[known?.quoted ?? "—", known?.quotedSelfHosted ?? "—"],
      ];
      return [
        ...priced.map(({ tier = "none", total, lines, load: { atLeast } }) =>
          row(
            [
              `\`${tier}\``,
              ...atLeast.map(({ setting, value }) => `\`${setting}: ${value}\``),
            ].join(" with "),
            money(total, currency),
            services(lines, currency),
          ),
        ),
        ...tenants
          .filter(({ load }) => load.tooMuch.length > 0)
          .map(({ tier = "none", load }) =>
            row(`not by \`${tier}\`: ${load.tooMuch.join("; ")}`, "—", "—"),
          ),
      ];
    }),
  );

/**
 * A row for each price and a column for each region, with numbers of the sources, which are listed below. `?` marks one
 * that is not confirmed, `—` one that is not known.
 */
export function priceTables(tables: readonly PriceTable[]): string {
  const sources = new Map<string, number>();
  const cell = (price: Price | undefined, { currency, asOf }: PriceTable) => {
    if (!price) return "—";
    const numbers = price.source.split(separator).map((part) => {
      const source = part.replace("https://", "") + (price.asOf === undefined ? ` (${asOf})` : "");
      const number = sources.get(source) ?? sources.size + 1;
      sources.set(source, number);
      return number;
    });
    return `${each(price, currency)}${price.confirmed ? "" : "?"} [${numbers.join(", ")}]`;
  };
  const ids = [...new Set(tables.flatMap(({ prices }) => Object.keys(prices)))];
  const rows = ids.map((id) => [
    `\`${id}\``,
    tables.flatMap(({ prices }) => prices[id]?.unit ?? [])[0] ?? "",
    ...tables.map((table) => cell(table.prices[id], table)),
  ]);
  return [
    markdown(["price", "for each", ...tables.map(({ region }) => `\`${region}\``)], rows),
    "",
    ...[...sources].map(([source, number]) => `${number}. ${source}`),
  ].join("\n");
}

function each(price: Price, currency: string): string {
  const text = unitPrice(price).toString();
  return money(unitPrice(price), currency, Math.max(2, text.split(".")[1]?.length ?? 0));
}

export const markdown = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");
