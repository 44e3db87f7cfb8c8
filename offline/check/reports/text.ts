/** The report for people: tables by stack and tenant, what must be mended first. */
import { summaryLines } from "../../quotas/text.ts";
import { counted, type TextOptions, table, wrapped } from "../../text.ts";
import {
  type CheckReport,
  type Finding,
  isAdvisory,
  isViolation,
  type RuleInfo,
  type StackReport,
} from "../report.ts";
import { gapTexts } from "./unjudged.ts";

export interface ReportOptions extends TextOptions {
  /** Which findings to show; the others are counted only. */
  readonly level?: "mandatory" | "advisory";
}

export function textReport(report: CheckReport, options: ReportOptions): string {
  const rules = new Map(report.rules.map((rule) => [rule.id, rule]));
  const sections = report.stacks.flatMap((stack) => stackSections(stack, rules, options));
  const failures = [
    ...report.failures,
    ...report.stacks.flatMap(({ stack, failures }) => failures.map((one) => `${stack}: ${one}`)),
  ];
  if (failures.length > 0) {
    const list = failures.map((failure) => `  ${failure.replaceAll("\n", "\n    ")}`);
    sections.push([options.paint("red", "Could not judge"), ...list].join("\n"));
  }
  return [...sections, summaryLine(report, options)].join("\n\n");
}

function stackSections(
  stackReport: StackReport,
  rules: ReadonlyMap<string, RuleInfo>,
  options: ReportOptions,
): string[] {
  const { stack, environment, findings, exemptions, remediations, quotas } = stackReport;
  const { paint, level } = options;
  const title = paint("bold", [stack, environment && `(${environment})`].filter(Boolean).join(" "));
  const sections: string[] = [];
  const unclear = findings.filter(({ verdict }) => verdict === "cannot-tell");
  const violations = level === "advisory" ? [] : findings.filter(isViolation);
  for (const [tenant, found] of Map.groupBy([...unclear, ...violations], ownerOf)) {
    const places = new Set(found.map(placeOf));
    const line = places.size === 1 ? ` ${paint("dim", [...places].join())}` : "";
    const rows = findingTable(found, rules, options, places.size > 1);
    sections.push(`${title} · ${tenant}${line}\n${rows}`);
  }
  const advisories = level === "mandatory" ? [] : findings.filter(isAdvisory);
  if (advisories.length > 0) {
    const table = advisoryTable(advisories, rules, options);
    sections.push(`${title} · ${paint("yellow", "advisories")}\n${table}`);
  }
  if (exemptions.length > 0) {
    const rows = exemptions.map((one) => [
      one.rule,
      one.resource,
      `${one.expires}\n${one.state}`,
      [one.fault, one.reason, one.owner && `answers for it: ${one.owner}`]
        .filter(Boolean)
        .join("\n"),
    ]);
    const head = ["rule", "resource", "until", "reason"];
    sections.push(`${title} · exemptions\n${table(head, rows, options)}`);
  }
  if (remediations.length > 0) {
    const rows = remediations.map((one) => [one.resource, one.rule, one.properties.join(", ")]);
    const head = ["resource", "rule", "would be set by a remediation"];
    sections.push(`${title} · remediations\n${table(head, rows, options)}`);
  }
  const quotaLines = quotas && summaryLines(quotas);
  if (quotaLines && quotaLines.length > 0) {
    sections.push(`${title} · quotas\n${quotaLines.map((line) => `  ${line}`).join("\n")}`);
  }
  const gaps = gapTexts(stackReport);
  if (gaps.length > 0) {
    sections.push(
      [`${title} · not judged`, ...gaps.map((gap) => wrapped(gap, options))].join("\n"),
    );
  }
  return sections;
}

const placeOf = ({ file, line }: Finding): string => `${file}:${line}`;

const ownerOf = ({ tenant }: Finding): string =>
  tenant === undefined ? "shared by all tenants" : `tenant ${tenant}`;

function findingTable(
  findings: readonly Finding[],
  rules: ReadonlyMap<string, RuleInfo>,
  options: ReportOptions,
  hasPlaces: boolean,
): string {
  const rows = findings.map((finding) => {
    const { resource, rule, severity, verdict, message, fix } = finding;
    const level = verdict === "cannot-tell" ? verdict : finding.level;
    const why = rules.get(rule)?.description;
    return [
      hasPlaces ? `${resource}\n${placeOf(finding)}` : resource,
      `${rule}\n${level}, ${severity}`,
      [message, why && `Why: ${why}`, fix && `Fix: ${fix}`].filter(Boolean).join("\n"),
    ];
  });
  return table(["resource", "rule", "found, reason and fix"], rows, options);
}

/** One row a rule: an advisory says the same of every tenant. */
function advisoryTable(
  findings: readonly Finding[],
  rules: ReadonlyMap<string, RuleInfo>,
  options: ReportOptions,
): string {
  const rows = [...Map.groupBy(findings, ({ rule }) => rule)].map(([rule, found]) => {
    const [first] = found;
    const resources = [...new Set(found.map(({ resource }) => resource))];
    const shown = resources.slice(0, 5).join("\n");
    const more = resources.length > 5 ? `\nand ${resources.length - 5} more` : "";
    const why = rules.get(rule)?.description;
    return [
      `${rule}\n${first?.severity}`,
      shown + more,
      [first?.message, why && `Why: ${why}`, first?.fix && `Fix: ${first.fix}`]
        .filter(Boolean)
        .join("\n"),
    ];
  });
  return table(["rule", "resources", "found, reason and fix"], rows, options);
}

export function summaryLine(
  { outcome, summary, stacks, mended }: CheckReport,
  { paint }: TextOptions,
): string {
  const counts = [
    counted(summary.violations, "violation", "violations"),
    counted(summary.advisories, "advisory", "advisories"),
    summary.known > 0 && `${summary.known} in the baseline`,
    mended !== undefined && mended > 0 && `${mended} of the baseline mended`,
    summary.exempt > 0 && `${summary.exempt} exempt`,
    summary.cannotTell > 0 && `${summary.cannotTell} cannot tell`,
    summary.failures > 0 && counted(summary.failures, "failure", "failures"),
  ].filter(Boolean);
  const style = outcome === "clean" ? "green" : "red";
  const names = stacks.map(({ stack }) => stack).join(", ") || "nothing";
  return (
    `${paint(style, outcome.replaceAll("-", " "))}: ${names} · ${counts.join(", ")} · ` +
    `${summary.resources} resources by ${summary.rules} rules in ${summary.seconds.toFixed(1)} s`
  );
}
