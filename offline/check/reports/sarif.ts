/**
 * SARIF 2.1.0 (OASIS), for code scanning: results point at the tenant's entry in the stack file, where
 * GitHub shows them beside the change. What is exempt goes along as suppressed.
 */
import { createHash } from "node:crypto";
import type { CheckReport, Finding, RuleInfo, Severity } from "../report.ts";

/** @param version of this package. */
export function sarifReport(report: CheckReport, version: string) {
  const indices = new Map(report.rules.map(({ id }, index) => [id, index]));
  const files = new Map(report.stacks.map(({ stack, file }) => [stack, file]));
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
            toolExecutionNotifications: failures.map((message) => ({ level: "error", message })),
          },
        ],
        results: report.stacks.flatMap(({ findings }) =>
          findings.map((finding) =>
            result(finding, indices.get(finding.rule), files.get(finding.stack)),
          ),
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
    name: id,
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

function result(finding: Finding, ruleIndex: number | undefined, file = "") {
  const { rule, urn, resource, message, fix, line, tenant, stack, verdict, level } = finding;
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
          artifactLocation: { uri: file, uriBaseId: "%SRCROOT%" },
          region: { startLine: line },
        },
        logicalLocations: [{ name: resource, fullyQualifiedName: urn, kind: "resource" }],
      },
    ],
    // Two resources of a tenant share a line: without one of our own, GitHub would take them for one.
    partialFingerprints: { primaryLocationLineHash: `${fingerprint(finding)}:1` },
    ...(exemption !== undefined && {
      suppressions: [{ kind: "external", status: "accepted", justification: exemption }],
    }),
  };
}

/** The same as long as rule, resource and property are: neither the value found nor the line counts. */
function fingerprint({ rule, urn, message }: Finding): string {
  const [property = ""] = message.replace(/^exempt until [^:]*: /, "").split(" is ");
  return createHash("sha256").update([rule, urn, property].join("\n")).digest("hex").slice(0, 16);
}
