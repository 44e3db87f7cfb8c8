/**
 * `offline/report/sections/`: the report's sections, a file each.
 *
 * What each way to a tenant's table costs, in measured units and in money.
 */
import { type Decimal, zero } from "../../cost/decimal.ts";
import { measuredUnits } from "../../cost/prices/measured-units.ts";
import { unitPrice } from "../../cost/prices/price.ts";
import type { PriceTable } from "../../cost/prices/prices.ts";
import { type Html, html, prose, section, table } from "../html.ts";

const million = 1_000_000;

export function accessPatternsSection(prices: PriceTable): Html {
  const writes = priceOf(prices, "dynamodb.write-requests");
  const reads = priceOf(prices, "dynamodb.read-requests");
  return section(
    "access-patterns",
    "Access patterns",
    html`<p>Units of table and indexes together for items of at most 1 KB, as measured on the embedded engine; money
is on demand, at list prices of ${prices.asOf}, ${prices.region}.</p>
${table(
  ["access", "write units", "read units", "a million of them"],
  Object.entries(measuredUnits).map(([name, units]) => {
    const each = writes.times(units.writes).plus(reads.times(units.reads));
    return [prose(name), units.writes, units.reads, `$${each.times(million).toFixed(2)}`];
  }),
)}`,
  );
}

function priceOf({ prices }: PriceTable, id: string): Decimal {
  const price = prices[id];
  return price ? unitPrice(price) : zero;
}
