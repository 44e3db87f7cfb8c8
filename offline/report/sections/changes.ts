/** What the stack would change, against whatever it is held against; what is lost comes first. */
import type { ResourceChange, TenantChange } from "../../plan/comparison.ts";
import { foldedBranches } from "../../plan/show/fold.ts";
import { nameOf, optionText, propertyText, summaryText } from "../../plan/show/text.ts";
import { counted } from "../../text.ts";
import type { Change } from "../gather.ts";
import { badge, folded, type Html, html, section, type Tone } from "../html.ts";

export function changesSection({ comparison, against, notes }: Change): Html {
  const { losses, refusals, tenants, changes } = comparison;
  const whole = new Set(tenants.map(({ tenant }) => tenant));
  const groups = [...Map.groupBy(changes, ({ tenant }) => tenant)].filter(
    ([tenant]) => tenant === undefined || !whole.has(tenant),
  );
  return section(
    "changes",
    "What would change",
    html`<p>Against <code>${against}</code>: ${summaryText(comparison)}.</p>
${notes.map((note) => html`<p class="notice">${note}</p>`)}
${warning("Data would be lost", losses)}
${warning("pulumi up would be refused", refusals)}
${tenants.map(tenantLine)}
${groups.map(([tenant, own]) => group(tenant ?? "Shared by all tenants", own))}`,
  );
}

const warning = (title: string, found: readonly { urn: string; reason: string }[]): Html | "" =>
  found.length === 0
    ? ""
    : html`<div class="notice bad"><strong>${title}</strong><ul>
${found.map(({ urn, reason }) => html`<li><code>${nameOf(urn)}</code>: ${reason}</li>`)}</ul></div>`;

const tones = {
  added: "good",
  changed: "warn",
  replaced: "bad",
  removed: "bad",
  moved: "plain",
} as const satisfies Record<ResourceChange["kind"], Tone>;

const tenantLine = ({ kind, tenant, resources, reason }: TenantChange): Html =>
  html`<p>${badge(kind, tones[kind])} <strong>${tenant}</strong>, ${counted(resources, "resource", "resources")}${reason === undefined ? "" : `; data: ${reason}`}</p>`;

function group(title: string, changes: readonly ResourceChange[]): Html {
  const branches = foldedBranches(changes);
  return folded(
    html`<strong>${title}</strong> <span class="quiet">${counted(branches.length, "change", "changes")}</span>`,
    html`<ul>${branches.map(({ change, within }) => changeItem(change, within))}</ul>`,
  );
}

/** Characters of a property's change. */
const width = 160;

function changeItem({ kind, urn, properties, options }: ResourceChange, within: number): Html {
  const details = [
    ...properties.map((one) => propertyText(one, width)),
    ...options.map(optionText),
  ];
  return html`<li>${badge(kind, tones[kind])} <code>${nameOf(urn)}</code>${within > 0 ? ` with ${counted(within, "resource", "resources")}` : ""}
${details.length > 0 ? html`<ul>${details.map((line) => html`<li><code>${line}</code></li>`)}</ul>` : ""}</li>`;
}
