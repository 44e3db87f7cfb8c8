/** What the stack costs a month, by tenant and tier, and which services make it so. */
import type { CostLine, StackCost, TenantCost } from "../../cost/cost.ts";
import { type Decimal, sum, zero } from "../../cost/decimal.ts";
import type { CostDifference } from "../../cost/report/difference.ts";
import { counted } from "../../text.ts";
import { UsageError } from "../../usage-error.ts";
import { folded, type Html, html, section, table } from "../html.ts";

/** Services with a colour of their own; the rest are one. */
const hues = 5;

export function costSection(cost: StackCost | UsageError): Html {
  if (cost instanceof UsageError)
    return section("cost", "Cost a month", html`<p>No figures: ${cost.message}.</p>`);
  const { tenants, shared, asOf, region } = cost;
  const lines = [...tenants, shared].flatMap((one) => one.lines);
  const services = [...amounts(lines)]
    .toSorted((a, b) => b[1].comparedTo(a[1]) ?? 0)
    .map(([name]) => name);
  const most = Math.max(...tenants.map(({ total }) => total.toNumber()), 0.01);
  return section(
    "cost",
    "Cost a month",
    html`<p><strong>${dollars(cost.total)}</strong> in all, at list prices of ${asOf}, ${region}; account-wide free
tiers, taxes and discounts are not taken off. Use is assumed, not measured, unless a usage profile says it.</p>
<ul class="legend">${services.slice(0, hues).map((service, hue) => html`<li><i class="hue-${hue}"></i>${service}</li>`)}
${services.length > hues ? html`<li><i class="hue-${hues}"></i>other</li>` : ""}</ul>
${table(
  ["tenant", "tier", "by service", "unused", "as used"],
  tenants.map((tenant) => [
    html`<strong>${tenant.tenant}</strong>`,
    tenant.tier ?? "—",
    bar(tenant, services, most),
    dollars(tenant.fixed),
    dollars(tenant.total),
  ]),
  (row) => tenantAt(tenants, row),
)}
<h3>By tier</h3>
${table(
  ["tier", "tenants", "all of them", "each, on average"],
  [...Map.groupBy(tenants, ({ tier }) => tier ?? "—")].map(([tier, own]) => {
    const total = sum(own.map((one) => one.total));
    return [tier, own.length, dollars(total), `$${(total.toNumber() / own.length).toFixed(2)}`];
  }),
)}
${tenants.length === 0 ? "" : assumptions(tenants)}
${notPriced([...tenants, shared])}`,
  );
}

const tenantAt = (tenants: readonly { readonly tenant: string }[], row: number) => {
  const one = tenants[row];
  return one && [one.tenant];
};

/** What a change costs, where it changes a cost. */
export function costDifference({ before, after, tenants }: CostDifference): Html {
  return html`<h3>Cost a month</h3>
<p>${dollars(before)} → <strong>${dollars(after)}</strong>, at the use that is assumed below.</p>
${
  tenants.length === 0
    ? ""
    : table(
        ["tenant", "before", "after", "by service"],
        tenants.map((one) => [
          html`<strong>${one.tenant}</strong>`,
          one.before === undefined ? "new" : dollars(one.before),
          one.after === undefined ? "gone" : dollars(one.after),
          one.services
            .filter((own) => dollars(own.before) !== dollars(own.after))
            .map((own) => `${own.service} ${dollars(own.before)} → ${dollars(own.after)}`)
            .join(", "),
        ]),
        (row) => tenantAt(tenants, row),
      )
}`;
}

export const dollars = (amount: Decimal): string =>
  `$${amount.toFixed(2).replace(/\B(?=(\d{3})+(?!\d))/g, ",")}`;

function amounts(lines: readonly CostLine[]): Map<string, Decimal> {
  const groups = Map.groupBy(lines, ({ service }) => service);
  return new Map(
    [...groups].map(([service, own]) => [service, sum(own.map(({ amount }) => amount))]),
  );
}

/** A tenant's total as a bar, the dearest tenant's being the longest, in the services' colours. */
function bar(
  { tenant, lines, total }: TenantCost,
  services: readonly string[],
  most: number,
): Html {
  const byService = amounts(lines);
  let x = 0;
  const parts = services.flatMap((service, index) => {
    const width = ((byService.get(service)?.toNumber() ?? 0) / most) * 100;
    const start = x;
    x += width;
    if (width === 0) return [];
    const label = `${service} ${dollars(byService.get(service) ?? zero)}`;
    return html`<rect class="hue-${Math.min(index, hues)}" x="${start.toFixed(2)}" y="0" width="${width.toFixed(2)}" height="10"><title>${label}</title></rect>`;
  });
  return html`<svg class="bars" viewBox="0 0 100 10" preserveAspectRatio="none" role="img" aria-label="${tenant}: ${dollars(total)}">${parts}</svg>`;
}

function assumptions(tenants: readonly TenantCost[]): Html {
  const alike = Map.groupBy(tenants, ({ usage }) => JSON.stringify(usage));
  return folded(
    "Assumed use",
    html`${[...alike.values()].map((own) => {
      const names = own.map(({ tenant }) => tenant);
      const usage = Object.entries(own[0]?.usage ?? {}).map(
        ([field, value]) => `${field} ${value}`,
      );
      return html`<p><strong>${names.slice(0, 5).join(", ")}${names.length > 5 ? ` and ${names.length - 5} more` : ""}:</strong> ${usage.join(", ")}</p>`;
    })}`,
  );
}

function notPriced(tenants: readonly TenantCost[]): Html | "" {
  const all = new Map(tenants.flatMap(({ unpriced }) => unpriced.map((one) => [one.what, one])));
  if (all.size === 0) return "";
  return folded(
    `Not in these figures: ${counted(all.size, "thing", "things")}`,
    table(
      ["what", "why"],
      [...all.values()].map(({ what, because }) => [what, because]),
    ),
  );
}
