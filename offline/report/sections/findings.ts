/** What the policy pack says: violations one by one, advisories a rule each, exemptions with who answers for them. */

import {
  type Finding,
  isAdvisory,
  isViolation,
  type RuleInfo,
  type StackReport,
} from "../../check/report.ts";
import { gapTexts } from "../../check/reports/unjudged.ts";
import { counted } from "../../text.ts";
import { badge, folded, type Html, html, prose, section, type Tone, table } from "../html.ts";

export function findingsSection(stack: StackReport, rules: readonly RuleInfo[]): Html {
  const { findings, failures } = stack;
  const byId = new Map(rules.map((rule) => [rule.id, rule]));
  const urgent = findings.filter((one) => isViolation(one) || one.verdict === "cannot-tell");
  const advisories = findings.filter(isAdvisory);
  const known = findings.filter((one) => one.known);
  return section(
    "findings",
    "Policy findings",
    html`${failures.map((failure) => html`<p class="notice bad"><strong>Could not judge:</strong> ${failure}</p>`)}
${
  urgent.length === 0
    ? html`<p>${badge("clean", "good")} No rule of ${rules.length} is violated${known.length > 0 ? " beyond the baseline" : ""}.</p>`
    : [...Map.groupBy(urgent, ({ rule }) => rule)].map(([rule, found]) =>
        ruleBlock(byId.get(rule), rule, found, "bad"),
      )
}
${advisories.length > 0 ? html`<h3>${counted(advisories.length, "advisory", "advisories")}, by rule</h3>` : ""}
${[...Map.groupBy(advisories, ({ rule }) => rule)].map(([rule, found]) =>
  folded(
    html`<code>${rule}</code> ${badge(found[0]?.severity ?? "", "warn")}
<span class="quiet">${counted(found.length, "resource", "resources")}</span>`,
    ruleBlock(byId.get(rule), rule, found, "warn"),
  ),
)}
${
  known.length === 0
    ? ""
    : folded(
        html`<strong>In the baseline:</strong> ${counted(known.length, "violation", "violations")}`,
        html`${[...Map.groupBy(known, ({ rule }) => rule)].map(([rule, found]) =>
          ruleBlock(byId.get(rule), rule, found, "plain"),
        )}`,
      )
}
${gapTexts(stack).map((text) => html`<p class="quiet">${text}</p>`)}`,
  );
}

/** More resources than this are counted only. */
const listedResources = 20;

function ruleBlock(
  rule: RuleInfo | undefined,
  id: string,
  found: readonly Finding[],
  tone: Tone,
): Html {
  const rest = found.length - listedResources;
  return html`<h3 class="${tone}">${id}</h3>
${rule ? html`<p>${prose(rule.description)}${rule.fix ? html` <strong>Fix:</strong> ${prose(rule.fix)}` : ""}</p>` : ""}
${rule && rule.frameworks.length > 0 ? html`<p class="quiet">Covers ${rule.frameworks.join(", ")}</p>` : ""}
${table(
  ["resource", "tenant", "found", "where"],
  found
    .slice(0, listedResources)
    .map(({ resource, type, tenant, message, file, line }) => [
      html`${resource}<br><code class="quiet">${type}</code>`,
      tenant ?? "all",
      prose(message),
      `${file}:${line}`,
    ]),
  (row) => {
    const tenant = found[row]?.tenant;
    return tenant === undefined ? undefined : [tenant];
  },
)}
${rest > 0 ? html`<p class="quiet">and ${counted(rest, "more resource", "more resources")}</p>` : ""}`;
}

const tones = { used: "warn", unused: "plain", expired: "bad", malformed: "bad" } as const;

export function exemptionsSection({ exemptions, file }: StackReport): Html {
  return section(
    "exemptions",
    "Exemptions",
    exemptions.length === 0
      ? html`<p>None: every rule holds for every resource.</p>`
      : table(
          ["rule", "resource", "state", "until", "reason", "who answers", "where"],
          exemptions.map((one) => [
            html`<code>${one.rule}</code>`,
            one.resource,
            badge(one.state, tones[one.state]),
            one.expires,
            one.fault ?? one.reason,
            one.owner,
            `${file}:${one.line}`,
          ]),
        ),
  );
}
