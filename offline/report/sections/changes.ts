/** What the stack would change, against whatever it is held against; what is lost comes first. */
import type { Comparison, Refusal, ResourceChange, TenantChange } from "../../plan/comparison.ts";
import { accessCells, accessHead } from "../../plan/show/access.ts";
import {
  type Alike,
  alikeAccess,
  alikeChanges,
  alikeDangers,
  alikeTenants,
  tenantsTitle,
} from "../../plan/show/alike.ts";
import { foldedBranches } from "../../plan/show/fold.ts";
import { nameOf, optionText, propertyText, summaryText } from "../../plan/show/text.ts";
import { counted } from "../../text.ts";
import type { DataLoss } from "../../upgrade/data-loss.ts";
import type { Change } from "../gather.ts";
import {
  about,
  badge,
  folded,
  type Html,
  html,
  prose,
  section,
  type Tone,
  table,
} from "../html.ts";
import { costDifference } from "./cost.ts";

/** Stacks of each tenant, where there are several stacks. */
export type Places = ReadonlyMap<string, readonly string[]>;

export const changesSection = (
  { comparison, against, notes, cost }: Change,
  places: Places = new Map(),
): Html =>
  section(
    "changes",
    "What would change",
    html`<p>Against <code>${against}</code>: ${summaryText(comparison)}.</p>
${notes.map((note) => html`<p class="notice">${note}</p>`)}
${warning("Data would be lost", comparison.losses, comparison)}
${warning("pulumi up would be refused", comparison.refusals, comparison)}
${alikeTenants(comparison).map(tenantLine)}
${alikeChanges(comparison).map((one) => group(one, places))}
${alikeAccess(comparison).map((one) => accessTable(one, places))}
${cost === undefined ? "" : costDifference(cost)}`,
  );

const warning = (
  title: string,
  found: readonly (DataLoss | Refusal)[],
  comparison: Comparison,
): Html | "" =>
  found.length === 0
    ? ""
    : html`<div class="notice bad"><strong>${title}</strong><ul>
${alikeDangers(found, comparison).map(({ tenants, value: { urn, reason } }) => html`<li>${tenants.length > 1 ? `${tenantsTitle(tenants)}: ` : ""}<code>${nameOf(urn)}</code>: ${prose(reason)}</li>`)}</ul></div>`;

const tones = {
  added: "good",
  changed: "warn",
  replaced: "bad",
  removed: "bad",
  moved: "plain",
} as const satisfies Record<ResourceChange["kind"], Tone>;

const tenantLine = ({ tenants, value }: Alike<TenantChange>): Html => {
  const { kind, tenant, resources, reason } = value;
  const isOne = tenants.length < 2;
  return html`<p${about(tenants)}>${badge(kind, tones[kind])} <strong>${isOne ? tenant : tenantsTitle(tenants)}</strong>, ${counted(resources, "resource", "resources")}${isOne ? "" : " each"}${reason === undefined ? "" : html`; data: ${prose(reason)}`}</p>`;
};

function group({ tenants, value }: Alike<readonly ResourceChange[]>, places: Places): Html {
  const branches = foldedBranches(value);
  return folded(
    html`<strong>${tenantsTitle(tenants, fewNames)}</strong> <span class="quiet">${counted(branches.length, "change", "changes")}</span>`,
    html`${names(tenants, places)}<ul>${branches.map(({ change, within }) => changeItem(change, within))}</ul>`,
    tenants,
  );
}

const accessTable = (
  { tenants, value }: ReturnType<typeof alikeAccess>[number],
  places: Places,
): Html =>
  folded(
    html`<strong>Access, ${tenantsTitle(tenants, fewNames)}</strong> <span class="quiet">${counted(value.length, "change", "changes")}</span>`,
    html`${names(tenants, places)}${table(accessHead, value.map(accessCells))}`,
    tenants,
  );

/** Characters of tenants' names in a line that is unfolded; inside it all are named. */
const fewNames = 60;

/** All names, by stack where there are several; none where the title has them all. */
function names(tenants: readonly string[], places: Places): Html | "" {
  const byStack = Map.groupBy(tenants, (tenant) => places.get(tenant)?.join(", ") ?? "");
  if (tenantsTitle(tenants) === tenantsTitle(tenants, fewNames) && byStack.size < 2) return "";
  return html`${[...byStack].map(([stack, own]) => html`<p class="quiet">${stack === "" ? "" : html`<strong>${stack}</strong>, ${own.length}: `}${own.join(", ")}</p>`)}`;
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
