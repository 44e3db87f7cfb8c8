/** A comparison as a pull request's comment: what is lost on top, details folded by tenant. */
import type { QuotaReport } from "../../quotas/quotas.ts";
import { summaryLines } from "../../quotas/text.ts";
import { counted, shortType } from "../../text.ts";
import type { DataLoss } from "../../upgrade/data-loss.ts";
import { type Comparison, type Refusal, type ResourceChange, remarkOn } from "../comparison.ts";
import type { Plan } from "../plan.ts";
import { accessCells, accessHead } from "./access.ts";
import { alikeAccess, alikeChanges, alikeDangers, alikeTenants, tenantsTitle } from "./alike.ts";
import { foldedBranches } from "./fold.ts";
import { nameOf, optionText, propertyText, summaryText } from "./text.ts";

/** GitHub's limit is 65,536 characters; the rest is for what a workflow puts around it. */
export const longestComment = 65_000;

/** @param limit in characters; what does not fit is left out, and said so. */
export function planMarkdown(plan: Plan, limit = longestComment): string {
  const { stack, against, comparison, notes, quotas } = plan;
  if (!comparison) throw new Error("a plan without --against has no differences to write");
  const head = [
    `### Plan of \`${stack}\` against ${code(against ?? "")}`,
    `**${summaryText(comparison)}**`,
    ...warning("Data would be lost", comparison.losses, comparison),
    ...warning("`pulumi up` would be refused", comparison.refusals, comparison),
    ...tenantLines(comparison),
    ...quotaWarning(quotas),
    ...notes.map((note) => `> [!NOTE]\n> ${text(note)}`),
  ];
  return fitted(head, [...details(comparison), ...accessTable(comparison)], limit);
}

/** Warnings are never cut by details; too many of them are counted. */
const mostWarnings = 50;

/** Characters of tenants' names in a line; more are counted. */
const fewNames = 60;
const manyNames = 2_800;

function warning(
  title: string,
  found: readonly (DataLoss | Refusal)[],
  comparison: Comparison,
): string[] {
  if (found.length === 0) return [];
  const all = alikeDangers(found, comparison);
  const lines = all.slice(0, mostWarnings).map(({ tenants, value: { urn, reason } }) => {
    const of = tenants.length > 1 ? `${text(tenantsTitle(tenants, fewNames))}: ` : "";
    return `> - ${of}${code(nameOf(urn))}: ${text(reason)}`;
  });
  const more = all.length - lines.length;
  if (more > 0) lines.push(`> - and ${more} more`);
  return [["> [!CAUTION]", `> **${title}**`, ">", ...lines].join("\n")];
}

/** What AWS would refuse, or the quota that ends first. */
function quotaWarning(quotas: QuotaReport | undefined): string[] {
  if (quotas === undefined) return [];
  const lines = summaryLines(quotas).map(text);
  if (lines.length === 0) return [];
  if (quotas.outcome !== "exceeded") return [["**Quotas**", ...lines].join("\n\n")];
  return [["> [!CAUTION]", "> **Quotas**", ">", ...lines.map((line) => `> - ${line}`)].join("\n")];
}

function tenantLines(comparison: Comparison): string[] {
  const all = alikeTenants(comparison);
  if (all.length === 0) return [];
  const lines = all.slice(0, mostWarnings).map(({ tenants, value }) => {
    const { kind, tenant, resources } = value;
    const remark = remarkOn(value);
    const said = remark === undefined ? "" : `; data: ${text(remark)}`;
    return tenants.length > 1
      ? `- ${text(tenantsTitle(tenants, manyNames))} ${kind}, ${resources} resources each${said}`
      : `- tenant ${code(tenant)} ${kind}, ${resources} resources${said}`;
  });
  const more = all.length - lines.length;
  return [[...lines, ...(more > 0 ? [`- and ${more} more tenants`] : [])].join("\n")];
}

const details = (comparison: Comparison): string[] =>
  alikeChanges(comparison).map(({ tenants, value }) => {
    const lines = foldedBranches(value).flatMap(({ change, within }) =>
      changeLines(change, within),
    );
    const body = `<pre>\n${lines.map(html).join("\n")}\n</pre>`;
    return folded(tenants, manyNames, counted(value.length, "change", "changes"), body);
  });

const accessTable = (comparison: Comparison): string[] =>
  alikeAccess(comparison).map(({ tenants, value }) => {
    const rows = value.map((row) => `| ${accessCells(row).map(text).join(" | ")} |`);
    const head = [`| ${accessHead.join(" | ")} |`, `|${accessHead.map(() => " --- |").join("")}`];
    const title = `access: ${counted(value.length, "change", "changes")}`;
    return folded(tenants, fewNames, title, [...head, ...rows].join("\n"));
  });

/** The names of several tenants stand inside: a summary is one line. */
function folded(tenants: readonly string[], longest: number, title: string, body: string): string {
  const several = tenants.length > 1;
  const summary = several ? `${tenants.length} tenants` : tenantsTitle(tenants);
  const names = several ? `${html(tenantsTitle(tenants, longest))}\n\n` : "";
  return `<details><summary>${html(summary)}, ${title}</summary>\n\n${names}${body}\n\n</details>`;
}

function changeLines(change: ResourceChange, within: number): string[] {
  const { kind, type, name, formerUrn, fate } = change;
  const notes = [
    within > 0 && `with ${within} resources`,
    formerUrn !== undefined && `was ${nameOf(formerUrn)}`,
    fate === "refused" && "protected: refused",
    fate === "left-behind" && "stays in the account, unmanaged",
  ].filter(Boolean);
  const head = [`${kind} ${shortType(type)} ${name}`, ...notes].join(", ");
  const lines = [
    ...change.properties.map((one) => propertyText(one, 160)),
    ...change.options.map(optionText),
  ];
  return [head, ...lines.map((line) => `  ${line}`)];
}

/** As many sections as fit, in their order, with room kept for saying how many were left out. */
function fitted(head: readonly string[], sections: readonly string[], limit: number): string {
  const parts = [...head];
  const room = 200;
  let length = parts.join("\n\n").length;
  const left = sections.filter((section) => {
    const fits = length + section.length + 2 <= limit - room;
    if (fits) {
      parts.push(section);
      length += section.length + 2;
    }
    return !fits;
  });
  if (left.length > 0) {
    parts.push(
      `_Cut to fit a comment: the details of ${left.length} of ${sections.length} sections. ` +
        "`chatstack plan` on your machine shows all._",
    );
  }
  return `${parts.join("\n\n").slice(0, limit)}\n`;
}

/** Inline code; a value with backticks stays one. */
const code = (value: string): string => `\`${value.replaceAll("`", "'").replaceAll("\n", " ")}\``;

/** Names come from a stack's file: none of them opens a tag, an image or a mention. */
const text = (value: string): string =>
  html(value)
    .replace(/[\\*_[\]@|#]/g, (character) => `\\${character}`)
    .replaceAll("\n", " ");

const html = (value: string): string =>
  value.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
