/**
 * SARIF 2.1.0 (OASIS), for code scanning: results point at the tenant's entry in the stack file, or at the line
 * that makes the resource, where GitHub shows them beside the change. What is exempt goes along as suppressed.
 */
import { posix } from "node:path";
import { fingerprint } from "../fingerprint.ts";
import type { CheckReport, Finding, RuleInfo, Severity } from "../report.ts";
import { gapTexts } from "./unjudged.ts";

/** @param version of this package. */
export function sarifReport(report: CheckReport, version: string) {
  const indices = new Map(report.rules.map(({ id }, index) => [id, index]));
  const failures = [
    ...report.failures.map((text) => ({ text })),
    ...report.stacks.flatMap(({ stack, failures }) =>
      failures.map((failure) => ({ text: `${stack}: ${failure}` })),
    ),
  ];
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "chatstack check",
            version,
            rules: report.rules.map(reportingDescriptor),
          },
        },
        invocations: [
          {
            executionSuccessful: failures.length === 0,
            toolExecutionNotifications: [
              ...failures.map((message) => ({ level: "error", message })),
              ...report.stacks.flatMap((stack) =>
                gapTexts(stack).map((text) => ({
                  level: "note",
                  message: { text: `${stack.stack}: ${text}` },
                })),
              ),
            ],
          },
        ],
        results: report.stacks.flatMap(({ findings }) =>
          findings.map((finding) => result(finding, indices.get(finding.rule), report)),
        ),
        columnKind: "utf16CodeUnits",
      },
    ],
  };
}

function reportingDescriptor({
  id,
  description,
  fix,
  service,
  severity,
  frameworks,
  levels,
}: RuleInfo) {
  const [summary] = description.split(/(?<=\.) /, 1);
  const controls = frameworks.length > 0 ? ` Covers ${frameworks.join(", ")}.` : "";
  const help = `${description}${fix ? ` Fix: ${fix}` : ""}${controls}`;
  const isMandatory = Object.values(levels).some((level) => level !== "advisory");
  return {
    id,
    name: pascalCase(id),
    shortDescription: { text: summary ?? description },
    fullDescription: { text: description },
    help: {
      text: help,
      markdown: [
        description,
        fix && `**Fix:** ${fix}`,
        frameworks.length > 0 && `**Covers:** ${frameworks.map((one) => `\`${one}\``).join(", ")}`,
      ]
        .filter(Boolean)
        .join("\n\n"),
    },
    defaultConfiguration: { level: isMandatory ? "error" : "note" },
    properties: {
      tags: ["security", ...(service ? [service] : []), ...frameworks],
      "security-severity": securitySeverity[severity],
    },
  };
}

/** GitHub sorts by this number: over 9 critical, 7 high, 4 medium ("SARIF support for code scanning"). */
const securitySeverity = {
  critical: "9.5",
  high: "8.0",
  medium: "5.5",
  low: "2.0",
} satisfies Record<Severity, string>;

/** SARIF wants a name for people beside the id, and one that differs from it. */
const pascalCase = (id: string): string =>
  id.replaceAll(/(?:^|[^A-Za-z0-9]+)([A-Za-z0-9])/g, (_, first: string) => first.toUpperCase());

function result(
  finding: Finding,
  ruleIndex: number | undefined,
  { folder, mended }: Pick<CheckReport, "folder" | "mended">,
) {
  const { rule, urn, resource, message, fix, file, line, tenant, stack, verdict, level } = finding;
  const owner = tenant === undefined ? stack : `${stack}, tenant ${tenant}`;
  const exemption = verdict === "exempt" ? message : undefined;
  return {
    ruleId: rule,
    ...(ruleIndex !== undefined && { ruleIndex }),
    level: verdict === "cannot-tell" || level === "mandatory" ? "error" : "note",
    message: { text: `${resource} (${owner}): ${message}${fix ? ` Fix: ${fix}` : ""}` },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: uriOf(folder, file), uriBaseId: "%SRCROOT%" },
          region: { startLine: line },
        },
        logicalLocations: [{ name: resource, fullyQualifiedName: urn, kind: "resource" }],
      },
    ],
    // Two resources of a tenant share a line: without one of our own, GitHub would take them for one.
    partialFingerprints: { primaryLocationLineHash: `${fingerprint(finding)}:1` },
    ...(mended !== undefined && { baselineState: finding.known ? "unchanged" : "new" }),
    ...(exemption !== undefined && {
      suppressions: [{ kind: "external", status: "accepted", justification: exemption }],
    }),
  };
}

/** Relative to the repository's root, where code scanning looks for it. */
const uriOf = (folder: string, file: string): string =>
  encodeURI(posix.join(folder, file.replaceAll("\\", "/"))).replaceAll(/[?#]/g, encodeURIComponent);
