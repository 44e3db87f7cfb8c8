/** A comparison as a pull request's comment: what is lost on top, details folded by tenant. */
import { counted } from "../../text.ts";
import type { DataLoss } from "../../upgrade/data-loss.ts";
import { type Comparison, type Refusal, type ResourceChange, remarkOn } from "../comparison.ts";
import type { Plan } from "../plan.ts";
import { shortType } from "../symbolic.ts";
import { foldedBranches } from "./fold.ts";
import { nameOf, optionText, propertyText, summaryText } from "./text.ts";

/** GitHub's limit is 65,536 characters; the rest is for what a workflow puts around it. */
export const longestComment = 65_000;

/** @param limit in characters; what does not fit is left out, and said so. */
export function planMarkdown(plan: Plan, limit = longestComment): string {
  const { stack, against, comparison, notes } = plan;
  if (!comparison) throw new Error("a plan without --against has no differences to write");
  const head = [
    `### Plan of \`${stack}\` against ${code(against ?? "")}`,
    `**${summaryText(comparison)}**`,
    ...warning("Data would be lost", comparison.losses),
    ...warning("`pulumi up` would be refused", comparison.refusals),
    ...tenantLines(comparison),
    ...notes.map((note) => `> [!NOTE]\n> ${text(note)}`),
  ];
  return fitted(head, details(comparison), limit);
}

/** Warnings are never cut by details; too many of them are counted. */
const mostWarnings = 50;

function warning(title: string, found: readonly (DataLoss | Refusal)[]): string[] {
  if (found.length === 0) return [];
  const lines = found
    .slice(0, mostWarnings)
    .map(({ urn, reason }) => `> - ${code(nameOf(urn))}: ${text(reason)}`);
  const more = found.length - lines.length;
  if (more > 0) lines.push(`> - and ${more} more`);
  return [["> [!CAUTION]", `> **${title}**`, ">", ...lines].join("\n")];
}

function tenantLines({ tenants }: Comparison): string[] {
  if (tenants.length === 0) return [];
  const lines = tenants.slice(0, mostWarnings).map((change) => {
    const { kind, tenant, resources } = change;
    const remark = remarkOn(change);
    const said = remark === undefined ? "" : `; data: ${text(remark)}`;
    return `- tenant ${code(tenant)} ${kind}, ${resources} resources${said}`;
  });
  const more = tenants.length - lines.length;
  return [[...lines, ...(more > 0 ? [`- and ${more} more tenants`] : [])].join("\n")];
}

function details({ changes, tenants }: Comparison): string[] {
  const whole = new Set(tenants.map(({ tenant }) => tenant));
  return [...Map.groupBy(changes, ({ tenant }) => tenant)]
    .filter(([tenant]) => tenant === undefined || !whole.has(tenant))
    .map(([tenant, found]) => {
      const title = tenant === undefined ? "shared by all tenants" : `tenant ${tenant}`;
      const lines = foldedBranches(found).flatMap(({ change, within }) =>
        changeLines(change, within),
      );
      const count = found.filter(({ custom }) => custom).length;
      const body = `<pre>\n${lines.map(html).join("\n")}\n</pre>`;
      const summary = `${html(title)}, ${counted(count, "change", "changes")}`;
      return `<details><summary>${summary}</summary>\n\n${body}\n</details>`;
    });
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
