/** `docs/policies/rules.md`, written from the rules and the lists of controls beside this file. */
import type { AnyRule, Setting } from "../../policies/rule.ts";
import { anchors } from "./anchors.ts";
import { coveredBy, rules } from "./coverage.ts";
import { elsewhere, otherLists } from "./others.ts";
import { fsbp, published } from "./published.ts";
import { hubControls } from "./security-hub.ts";

export const policiesDocument = (): string =>
  `${[opening(), ...ruleSections(), settingsSection(), frameworksSection(), coverageSection()].join("\n\n")}\n`;

const levels = {
  mandatory: "mandatory",
  "mandatory-in-production": "mandatory in production",
  advisory: "advisory",
} as const satisfies Record<AnyRule["level"], string>;

function opening(): string {
  const count = (level: AnyRule["level"]) => rules.filter((rule) => rule.level === level).length;
  return `# Policies

<!-- Written by \`npm run docs\` from policies/ and scripts/policies-doc/. A test fails when it is stale. -->

${rules.length} rules: ${count("mandatory")} mandatory everywhere, ${count("mandatory-in-production")} mandatory where the stack's config says
\`chatstack:environment: production\` and advisory elsewhere, ${count("advisory")} advisory. A **stack rule** needs the whole stack; all
others judge a resource by its inputs, before it is created.

\`npm run check\` asks them offline, without cloud credentials; \`pulumi preview --policy-pack policies\` and \`pulumi up\`
ask the same pack in the engine. \`own-retain-on-delete\` and \`fn-env-marked-secret\` are asked offline only: the engine shows policies
neither the option nor what is secret. How to run, configure and exempt: [checks.md](checks.md).`;
}

function ruleSections(): string[] {
  const services = Map.groupBy(rules, ({ service }) => service);
  return [...services].map(([service, ofService]) => {
    const rows = ofService.map((rule) => [
      `\`${rule.id}\`${rule.kind === "stack" ? " (stack)" : ""}`,
      `${levels[rule.level]}, ${rule.severity}`,
      `${rule.description} ${rule.reason} **Fix:** ${rule.fix}`,
      rule.frameworks
        .map(({ name, id, url }) => (url ? `[${name} ${id}](${url})` : `${name} ${id}`))
        .join("<br>"),
    ]);
    return `## ${service}\n\n${table(["rule", "level", "what, why and fix", "controls"], rows)}`;
  });
}

function settingsSection(): string {
  const rows = rules.flatMap(({ id, config = {} }) =>
    Object.entries(config).map(([name, setting]) => [
      `\`${id}\``,
      `\`${name}\``,
      `\`${JSON.stringify(setting.default)}\``,
      allowed(setting),
      setting.description,
    ]),
  );
  return `## Settings

Given in a policy config file, \`{"ddb-pitr-days": {"days": 14}}\`, to \`npm run check -- --policy-pack-config <file>\` and to
\`pulumi preview --policy-pack policies --policy-pack-config <file>\` alike. Every rule also takes an \`enforcementLevel\`:
\`mandatory\`, \`advisory\`, \`remediate\` (where it can) or \`disabled\`.

${table(["rule", "setting", "default", "allowed", "meaning"], rows)}

Rules that can remediate: ${rules
    .filter((rule) => rule.kind === "resource" && rule.remediate)
    .map(({ id }) => `\`${id}\``)
    .join(", ")}.`;
}

function allowed(setting: Setting): string {
  if (setting.type === "string" && setting.enum) return setting.enum.join(", ");
  if (setting.type === "array") return "a list of texts";
  if (setting.type === "string") return "a text";
  if (setting.type === "boolean") return "true, false";
  const kind = setting.type === "integer" ? "a whole number" : "a number";
  const { minimum, maximum } = setting;
  if (minimum !== undefined && maximum !== undefined)
    return `${kind} from ${minimum} to ${maximum}`;
  if (minimum !== undefined) return `${kind}, at least ${minimum}`;
  return maximum !== undefined ? `${kind}, at most ${maximum}` : kind;
}

/** How many ids of each framework the rules claim. */
export const claimed = (name: string): readonly string[] => [
  ...new Set(
    rules
      .flatMap(({ frameworks }) => frameworks.filter((one) => one.name === name))
      .map(({ id }) => id),
  ),
];

function frameworksSection(): string {
  const rows = Object.entries(published).map(([name, list]) => [
    name,
    `${list.title}, ${list.version}`,
    `${list.source}; ${list.read}`,
    `${claimed(name).length}`,
    `${list.ids.length}`,
  ]);
  return `## Frameworks

The ids that the rules name are those of the published lists; a test holds each to its list. A list has the controls of
every service: most are of services that a stack of this library does not use.

${table(["framework", "list", "read from, and when", "ids that rules name", "ids in the list"], rows)}

${hubSection()}`;
}

function hubSection(): string {
  const hub = hubControls(rules);
  const shown = (id: string) => (fsbp.has(id) ? `**${id}**` : id);
  const covered = hub.filter(({ coveredBy: by }) => by.length > 0);
  const open = hub.filter(({ coveredBy: by }) => by.length === 0);
  const byRules = Map.groupBy(covered, ({ coveredBy: by }) => codes(by));
  const byReason = Map.groupBy(open, ({ why }) => why ?? "");
  const rowsOf = (groups: ReadonlyMap<string, readonly { readonly id: string }[]>) =>
    sorted(groups).map(([head, all]) => [head, all.map(({ id }) => shown(id)).join(", ")]);
  return `### AWS Security Hub, for the services that we use

Of ${hub.length} controls, of all its standards, rules cover ${covered.length}. In bold: Foundational Security Best Practices.

${table(["covered by", "controls"], rowsOf(byRules))}

${table(["not covered, because", "controls"], rowsOf(byReason))}`;
}

const codes = (ids: readonly string[]): string => ids.map((id) => `\`${id}\``).join(", ");

const sorted = <Value>(groups: ReadonlyMap<string, Value>): [string, Value][] =>
  [...groups].toSorted(([a], [b]) => (a < b ? -1 : 1));

/** What is covered of lists that speak of every service of AWS, and what is not and why. */
function otherSection(): string {
  const covered = otherLists.flatMap((list, index) =>
    [...list.covered].map(([id, by]) => ({ by: codes(by), id: short(id), index })),
  );
  const rows = sorted(Map.groupBy(covered, ({ by }) => by)).map(([by, all]) => [
    by,
    ...otherLists.map((_, index) =>
      all
        .filter((one) => one.index === index)
        .map(({ id }) => id)
        .join(", "),
    ),
  ]);
  const uncovered = otherLists.flatMap(({ uncovered }) =>
    [...uncovered].flatMap(([why, ids]) => ids.map((id) => ({ why, id }))),
  );
  const open = sorted(Map.groupBy(uncovered, ({ why }) => asPhrase(why))).map(([why, all]) => [
    why,
    `${all.length}`,
    why === elsewhere ? "" : all.map(({ id }) => id).join(", "),
  ]);
  return `### Lists for every service: cdk-nag's packs for NIST 800-53 and PCI DSS, checkov, Prowler

${table(
  ["list", "ids", "covered"],
  otherLists.map(({ title, ids, covered: by }) => [title, `${ids.length}`, `${by.size}`]),
)}

${table(["covered by", "NIST 800-53", "PCI DSS", "checkov", "Prowler"], rows)}

Ids of services that no component uses are counted, and not listed.

${table(["not covered, because", "how many", "ids"], open)}`;
}

/** The lists' reasons are phrases, cdk-nag's sentences. */
const asPhrase = (why: string): string =>
  why.replace(/^(No|The|There)(?= )/, (word) => word.toLowerCase()).replace(/\.$/, "");

/** The column says which pack an id is of. */
const short = (id: string): string => id.replace(/^(NIST\.800\.53\.R5|PCI\.DSS\.321)-/, "");

function coverageSection(): string {
  const sections = anchors.map((anchor) => {
    const covered = anchor.controls.filter((control) => coveredBy(anchor, control).length > 0);
    const rows = anchor.controls.map((control) => [
      control.id,
      control.asks,
      coveredBy(anchor, control)
        .map((id) => `\`${id}\``)
        .join(", ") || "—",
      control.why ?? "",
    ]);
    return `### ${anchor.title}

${anchor.source} ${covered.length} of ${anchor.controls.length} are covered.

${table(["control", "asks that", "covered by", "otherwise, or not, because"], rows)}`;
  });
  return `## Coverage of other rule sets\n\n${[...sections, otherSection()].join("\n\n")}`;
}

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => "---"), ...rows]
    .map((row) => `| ${row.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`)
    .join("\n");
