/** Turns what the pack said into findings: whose resource, which verdict, what to do. */
import { relative } from "node:path";
import type { StackResource } from "../../policies/rule.ts";
import { tenantOf } from "../../policies/tenancy/tenant.ts";
import type { Places } from "./locate.ts";
import type { Finding, RuleInfo } from "./report.ts";
import type { Diagnostic } from "./stack/judgement.ts";

export interface Surroundings {
  readonly stack: string;
  readonly rules: ReadonlyMap<string, RuleInfo>;
  /** Resources with their outputs, by URN. */
  readonly resources: ReadonlyMap<string, StackResource>;
  readonly places: Places;
}

export function toFinding(diagnostic: Diagnostic, around: Surroundings): Finding {
  const { stack, rules, resources, places } = around;
  const rule = rules.get(diagnostic.rule);
  const resource = resources.get(diagnostic.urn);
  const tenant = resource && tenantOf(resource);
  const said = withoutPrefix(diagnostic.message, `${diagnostic.description}\n`);
  const level = rule?.levels[stack] === "advisory" ? "advisory" : "mandatory";
  return {
    rule: diagnostic.rule,
    level,
    severity: rule?.severity ?? "medium",
    verdict: verdictOf(said),
    stack,
    ...(tenant !== undefined && { tenant }),
    urn: diagnostic.urn,
    type: resource?.type ?? diagnostic.urn.split("::")[2]?.split("$").at(-1) ?? "",
    resource: resource?.name ?? diagnostic.urn.split("::").at(-1) ?? "",
    message: rule?.fix ? withoutSuffix(said, ` Fix: ${rule.fix}`) : said,
    ...(rule?.fix && { fix: rule.fix }),
    ...placeOf(said, tenant, resource, places),
  };
}

/** The exemption or the tenant's entry, where a file of the stack has it; else where the program makes the resource. */
function placeOf(
  said: string,
  tenant: string | undefined,
  resource: StackResource | undefined,
  places: Places,
): Pick<Finding, "file" | "line"> {
  const exemption = exemptionLine(said, places);
  if (exemption !== undefined) return { file: places.file, line: exemption };
  const entry = places.entry(tenant);
  if (entry) return entry;
  if (resource?.source) {
    const { file, line } = resource.source;
    return { file: relative(places.root, file), line };
  }
  return places.tenants;
}

/** By tenant, what all share first, then by resource and rule. */
export function byTenant(a: Finding, b: Finding): number {
  const key = ({ tenant = "", resource, type, rule, message }: Finding) =>
    [tenant, resource, type, rule, message].join("\u0000");
  return key(a) < key(b) ? -1 : 1;
}

/**
 * The pack's own words (`Finding.message` in policies/judge.ts), and the SDK's for a policy that touched
 * an unknown value: `can't run policy 'x' from policy pack 'y' during preview: …`.
 */
function verdictOf(message: string): Finding["verdict"] {
  if (/^(cannot tell:|can't run (policy|remediation) )/.test(message)) return "cannot-tell";
  return message.startsWith("exempt until ") ? "exempt" : "violation";
}

/** `chatstack:exemptions is entry 2 has no owner; …` is about that entry. */
function exemptionLine(message: string, places: Places): number | undefined {
  const [, index] = /^chatstack:exemptions is entry (\d+) /.exec(message) ?? [];
  return index === undefined ? undefined : places.exemption(Number(index));
}

const withoutPrefix = (text: string, prefix: string) =>
  text.startsWith(prefix) ? text.slice(prefix.length) : text;

const withoutSuffix = (text: string, suffix: string) =>
  text.endsWith(suffix) ? text.slice(0, -suffix.length) : text;
