import type { QuotaReport } from "../quotas/quotas.ts";
import { type FailOn, severities } from "./fail-on.ts";

/**
 * What `chatstack check` found: the shape that `--json` prints. Fields are only ever added within a
 * version; the other reports are views of it.
 */
export interface CheckReport {
  readonly version: 1;
  /** The project's folder in its git repository, `""` for the repository's root; `/` between its parts. */
  readonly folder: string;
  readonly outcome: Outcome;
  readonly summary: Summary;
  readonly stacks: readonly StackReport[];
  /** Every rule that was asked, in the pack's order. */
  readonly rules: readonly RuleInfo[];
  /** Why something could not be judged that belongs to no stack, e.g. an unknown stack's name. */
  readonly failures: readonly string[];
  /** Entries of the baseline that are found no more; absent without one. */
  readonly mended?: number;
}

/** `could-not-judge` outweighs `violations`: what nobody looked at may be worse. */
export type Outcome = "clean" | "violations" | "could-not-judge";

export interface Summary {
  readonly stacks: number;
  readonly resources: number;
  readonly rules: number;
  /** Findings at level `mandatory`. */
  readonly violations: number;
  /** Findings at level `advisory`. */
  readonly advisories: number;
  /** Findings that an exemption allows for now. */
  readonly exempt: number;
  /** Findings that the baseline has. They are no violations and no advisories here. */
  readonly known: number;
  readonly cannotTell: number;
  /** Reasons why something could not be judged. */
  readonly failures: number;
  readonly seconds: number;
}

export interface StackReport {
  readonly stack: string;
  /** Stack file, relative to the project's folder: `Pulumi.prod.yaml`. */
  readonly file: string;
  /** `chatstack:environment` of the stack's config, which decides the rules' levels. */
  readonly environment?: string;
  readonly resources: number;
  readonly findings: readonly Finding[];
  readonly exemptions: readonly ExemptionUse[];
  readonly remediations: readonly Remediation[];
  /** What no rule looks into; absent where the pack's rules do not say which types they judge, and where it could not be evaluated. */
  readonly unjudged?: readonly Unjudged[];
  /** Functions that only AWS can answer: what they return was unknown. */
  readonly unanswered: readonly Unanswered[];
  /** What the stack asks of its account's quotas; absent where it could not be evaluated. */
  readonly quotas?: QuotaReport;
  /** Why the stack, or a part of it, could not be judged; empty when all of it was. */
  readonly failures: readonly string[];
}

export interface Unjudged {
  /** Type token of the resources. */
  readonly type: string;
  readonly resources: number;
  /**
   * - `no-rule`: no rule asked is about the type; those about all of AWS (tags, region) may have judged it.
   * - `opaque`: only its provider knows which resources it is made of.
   */
  readonly why: "no-rule" | "opaque";
}

export interface Unanswered {
  /** Token, as `aws:ec2/getAmi:getAmi`. */
  readonly function: string;
  readonly calls: number;
}

export interface Finding {
  readonly rule: string;
  readonly level: Level;
  readonly severity: Severity;
  /** `cannot-tell`: it hangs on a value that nobody knows offline. `exempt`: an exemption allows it. */
  readonly verdict: "violation" | "cannot-tell" | "exempt";
  readonly stack: string;
  /** The tenant that owns the resource; absent on what all share. */
  readonly tenant?: string;
  readonly urn: string;
  /** Type token of the resource. */
  readonly type: string;
  /** Logical name of the resource. */
  readonly resource: string;
  /** Which property, what was found, what is allowed. Never holds a secret. */
  readonly message: string;
  /** What to write in the program. */
  readonly fix?: string;
  /**
   * The stack's file where the tenant or the exemption stands in it, else the program's where it makes the
   * resource; relative to the project's folder.
   */
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** True where the baseline has it: it fails nothing. */
  readonly known?: true;
}

export type Level = "mandatory" | "advisory";
export type Severity = (typeof severities)[number];

export interface RuleInfo {
  readonly id: string;
  /** What must be so, and what is lost otherwise. */
  readonly description: string;
  readonly fix?: string;
  readonly service?: string;
  readonly severity: Severity;
  /** `resource` rules see inputs one by one, `stack` rules the whole stack. */
  readonly kind: "resource" | "stack";
  /** Controls of published frameworks: `cdk-nag:AwsSolutions-DDB3`. */
  readonly frameworks: readonly string[];
  /** Level in each stack, policy config applied. */
  readonly levels: Readonly<Record<string, Level | "remediate" | "disabled">>;
}

export interface ExemptionUse {
  readonly rule: string;
  readonly resource: string;
  readonly reason: string;
  readonly owner: string;
  /** Last day on which it holds. */
  readonly expires: string;
  readonly state: "used" | "unused" | "expired" | "malformed";
  /** What is wrong with a malformed entry. */
  readonly fault?: string;
  readonly line: number;
}

/** What a policy at level `remediate` would change; `check` changes nothing. */
export interface Remediation {
  readonly rule: string;
  readonly stack: string;
  readonly tenant?: string;
  readonly urn: string;
  readonly resource: string;
  /** Top-level inputs that it would set, change or remove. Names only: values may be secret. */
  readonly properties: readonly string[];
}

export function outcomeOf(
  stacks: readonly StackReport[],
  failures: readonly string[],
  failOn: FailOn = "mandatory",
): Outcome {
  const findings = stacks.flatMap((stack) => stack.findings);
  const couldNotJudge =
    failures.length > 0 ||
    stacks.some((stack) => stack.failures.length > 0) ||
    findings.some(({ verdict }) => verdict === "cannot-tell");
  if (couldNotJudge) return "could-not-judge";
  return findings.some((finding) => fails(finding, failOn)) ? "violations" : "clean";
}

function fails({ verdict, known, level, severity }: Finding, failOn: FailOn): boolean {
  if (verdict !== "violation" || known) return false;
  if (failOn === "mandatory" || failOn === "advisory") {
    return failOn === "advisory" || level === "mandatory";
  }
  return severities.indexOf(severity) <= severities.indexOf(failOn);
}

export const isViolation = ({ verdict, level, known }: Finding): boolean =>
  verdict === "violation" && level === "mandatory" && !known;

export const isAdvisory = ({ verdict, level, known }: Finding): boolean =>
  verdict === "violation" && level === "advisory" && !known;

export function summarize(
  stacks: readonly StackReport[],
  failures: readonly string[],
  rules: number,
  seconds: number,
): Summary {
  const findings = stacks.flatMap((stack) => stack.findings);
  const count = (verdict: Finding["verdict"]) =>
    findings.filter((finding) => finding.verdict === verdict).length;
  return {
    stacks: stacks.length,
    resources: stacks.reduce((sum, { resources }) => sum + resources, 0),
    rules,
    violations: findings.filter(isViolation).length,
    advisories: findings.filter(isAdvisory).length,
    exempt: count("exempt"),
    known: findings.filter(({ known }) => known).length,
    cannotTell: count("cannot-tell"),
    failures: failures.length + stacks.reduce((sum, stack) => sum + stack.failures.length, 0),
    seconds,
  };
}
