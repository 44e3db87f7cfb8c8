/** The report of a stack. Its one script is the filter by tenant; without scripts there is none. */
import { type Comparison, isSafe } from "../plan/comparison.ts";
import { framed, type Tile } from "./frame.ts";
import type { Gathered } from "./gather.ts";
import { type Html, html } from "./html.ts";
import { accessPatternsSection } from "./sections/access-patterns.ts";
import { changesSection } from "./sections/changes.ts";
import { costSection, dollars } from "./sections/cost.ts";
import { exemptionsSection, findingsSection } from "./sections/findings.ts";
import { quotasSection } from "./sections/quotas.ts";
import { tenantsSection } from "./sections/tenants.ts";
import { topologySection } from "./sections/topology.ts";

export async function page(gathered: Gathered): Promise<string> {
  const { project, stack, environment, check, rules, tenants, cost, records, change } = gathered;
  const monthly = new Map(
    "tenants" in cost ? cost.tenants.map(({ tenant, total }) => [tenant, dollars(total)]) : [],
  );
  return framed({
    title: `${project} · ${stack}`,
    about: [environment, gathered.revision],
    made: gathered.made,
    tiles: tiles(gathered),
    head: html`${tenants.length > 1 ? tenantFilter(tenants) : ""}
<nav>${links.map(([id, name]) => ((id === "changes" && !change) || (id === "quotas" && !check.quotas) ? "" : html`<a href="#${id}">${name}</a>`))}</nav>`,
    content: html`${change ? changesSection(change) : ""}
${tenantsSection(tenants, check, monthly)}
${await topologySection(records)}
${findingsSection(check, rules)}
${exemptionsSection(check)}
${check.quotas ? quotasSection(check.quotas) : ""}
${costSection(cost)}
${accessPatternsSection(gathered.prices)}`,
    script: filterScript,
  });
}

const tenantFilter = (tenants: Gathered["tenants"]): Html =>
  html`<p class="filter" hidden><label>Show <select id="tenant"><option value="">all tenants</option>
${tenants.map(({ id }) => html`<option>${id}</option>`)}</select></label></p>`;

/** Hides what is about other tenants; what is about none of them stays. */
const filterScript = `
const chosen = document.getElementById("tenant");
if (chosen !== null) {
  chosen.closest("p").hidden = false;
  chosen.onchange = () => {
    for (const one of document.querySelectorAll("[data-tenants]")) {
      one.hidden = chosen.value !== "" && !one.dataset.tenants.split(" ").includes(chosen.value);
    }
  };
}
`.trim();

const links = [
  ["changes", "Changes"],
  ["tenants", "Tenants"],
  ["topology", "Topology"],
  ["findings", "Findings"],
  ["exemptions", "Exemptions"],
  ["quotas", "Quotas"],
  ["cost", "Cost"],
  ["access-patterns", "Access patterns"],
] as const;

function tiles({ tenants, outcome, summary, cost, check, change }: Gathered): Tile[] {
  return [
    ["tenants", tenants.length, ""],
    ["resources", check.resources, ""],
    ["policy", outcome.replaceAll("-", " "), outcome === "clean" ? "good" : "bad"],
    ["advisories", summary.advisories, ""],
    ["exemptions", check.exemptions.length, ""],
    ["a month", "total" in cost ? dollars(cost.total) : "no price", ""],
    ...(change ? [changesTile(change.comparison)] : []),
  ];
}

export function changesTile(comparison: Comparison): Tile {
  const count = comparison.changes.filter(({ custom }) => custom).length;
  return ["changes", count, isSafe(comparison) ? "" : "bad"];
}
