/**
 * The page that a reviewer opens: one file that asks nobody for anything, and reads on a phone as on a wide
 * screen, light or dark. Its one script is the filter by tenant; without scripts there is none.
 */
import { createHash } from "node:crypto";
import { type Comparison, isSafe } from "../plan/comparison.ts";
import type { Gathered } from "./gather.ts";
import { type Html, html, raw } from "./html.ts";
import { accessPatternsSection } from "./sections/access-patterns.ts";
import { changesSection } from "./sections/changes.ts";
import { costSection, dollars } from "./sections/cost.ts";
import { exemptionsSection, findingsSection } from "./sections/findings.ts";
import { quotasSection } from "./sections/quotas.ts";
import { tenantsSection } from "./sections/tenants.ts";
import { topologySection } from "./sections/topology.ts";
import { pageStyle } from "./style.ts";

export async function page(gathered: Gathered): Promise<string> {
  const { project, stack, environment, check, rules, tenants, cost, records, change } = gathered;
  const monthly = new Map(
    "tenants" in cost ? cost.tenants.map(({ tenant, total }) => [tenant, dollars(total)]) : [],
  );
  const policy = `default-src 'none'; style-src '${hashOf(pageStyle)}'; script-src '${hashOf(filterScript)}'; base-uri 'none'; form-action 'none'`;
  const title = `${project} · ${stack}`;
  const written = await html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${title}</title>
<style>${raw(pageStyle)}</style>
</head>
<body>
<header>
<h1>${title}</h1>
<p class="quiet">${[environment, gathered.revision, gathered.made.toISOString()].filter(Boolean).join(" · ")}</p>
${tiles(gathered)}
${tenants.length > 1 ? tenantFilter(tenants) : ""}
<nav>${links.map(([id, name]) => ((id === "changes" && !change) || (id === "quotas" && !check.quotas) ? "" : html`<a href="#${id}">${name}</a>`))}</nav>
</header>
<main>
${change ? changesSection(change) : ""}
${tenantsSection(tenants, check, monthly)}
${await topologySection(records)}
${findingsSection(check, rules)}
${exemptionsSection(check)}
${check.quotas ? quotasSection(check.quotas) : ""}
${costSection(cost)}
${accessPatternsSection(gathered.prices)}
</main>
<footer>chatstack ${gathered.version}. Evaluated offline: nothing here was read from AWS.</footer>
<script>${raw(filterScript)}</script>
</body>
</html>
`;
  return written.toString();
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

/** Name, value and tone. */
type Tile = readonly [string, string | number, string];

function tiles({ tenants, outcome, summary, cost, check, change }: Gathered): Html {
  const all: readonly Tile[] = [
    ["tenants", tenants.length, ""],
    ["resources", check.resources, ""],
    ["policy", outcome.replaceAll("-", " "), outcome === "clean" ? "good" : "bad"],
    ["advisories", summary.advisories, ""],
    ["exemptions", check.exemptions.length, ""],
    ["a month", "total" in cost ? dollars(cost.total) : "no price", ""],
    ...(change ? [changesTile(change.comparison)] : []),
  ];
  return html`<dl class="tiles">${all.map(
    ([name, value, tone]) =>
      html`<div class="tile"><dt>${name}</dt><dd class="${tone}">${typeof value === "number" ? value.toLocaleString("en") : value}</dd></div>`,
  )}</dl>`;
}

function changesTile(comparison: Comparison): Tile {
  const count = comparison.changes.filter(({ custom }) => custom).length;
  return ["changes", count, isSafe(comparison) ? "" : "bad"];
}

/** As a source of a Content-Security-Policy (CSP Level 3, "hash-source"). */
const hashOf = (text: string): string =>
  `sha256-${createHash("sha256").update(text).digest("base64")}`;
