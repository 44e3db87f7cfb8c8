/** Whether the account's quotas hold the stack: Lambda's concurrency, which new accounts have little of, and all others. */
import { partitionOf } from "../../components/partition.ts";
import { count } from "../../policies/quotas/wording.ts";
import type { QuotaLine, QuotaReport } from "../quotas/quotas.ts";
import type { AccountFacts } from "./facts.ts";
import type { Check, Todo } from "./report.ts";

const concurrencyCode = "L-B99A9384";
/** What Lambda keeps free of reservations. (AWS Lambda Developer Guide, "Configuring reserved concurrency".) */
const keptFree = 100;
/** AWS Lambda Developer Guide, "Lambda quotas": new accounts begin with less, and 10 is what they report. */
const newAccount = 10;

/** @param quotas counted with the account's limits, where it was read. */
export const capacityChecks = (quotas: QuotaReport, facts: AccountFacts | undefined): Check[] => [
  concurrencyCheck(quotas, facts),
  ...quotaChecks(quotas, facts),
];

function concurrencyCheck(quotas: QuotaReport, facts: AccountFacts | undefined): Check {
  const line = quotas.quotas.find(({ code }) => code === concurrencyCode);
  const named = { id: "lambda-concurrency", subject: "Lambda concurrency" };
  const asked = line?.asked ?? 0;
  if (asked === 0) {
    return { ...named, state: "ok", why: "The functions reserve nothing; they share the limit." };
  }
  const needed = asked + (line?.elsewhere ?? 0) + keptFree;
  const why = `${count(asked)} reserved, and ${keptFree} must stay free: ${count(needed)} are needed`;
  const todo = raiseTodo("lambda", concurrencyCode, Math.max(needed, 1_000), quotas.region);
  if (facts === undefined) {
    const limit = line?.limit ?? newAccount;
    if (needed > limit)
      return { ...named, state: "missing", why: `${why} of ${count(limit)}.`, todo };
    return line?.isRaised
      ? { ...named, state: "ok", why: `${why}; the stack's file says ${count(limit)}.` }
      : { ...named, state: "unknown", why: `${why}; a new account has ${newAccount}.`, todo };
  }
  if ("refused" in facts.concurrency) {
    return { ...named, state: "unknown", why: `${why}. ${facts.concurrency.refused}`, todo };
  }
  const { limit, unreserved } = facts.concurrency.value;
  if (limit < needed) {
    return { ...named, state: "missing", why: `${why}; the account has ${count(limit)}.`, todo };
  }
  if (unreserved - asked < keptFree && limit > unreserved) {
    const taken = `${count(limit - unreserved)} of ${count(limit)} are reserved already`;
    const text = `Unless these are this stack's own, ask for ${count(limit - unreserved + needed)}.`;
    return { ...named, state: "unknown", why: `${why}; ${taken}.`, todo: { text } };
  }
  return { ...named, state: "ok", why: `${why}; the account has ${count(limit)}.` };
}

function quotaChecks(
  { quotas, sizes, region }: QuotaReport,
  facts: AccountFacts | undefined,
): Check[] {
  const others = quotas.filter(({ code }) => code !== concurrencyCode);
  const exceeded = others.filter(({ outcome }) => outcome === "exceeded");
  const tooLarge = sizes.filter(({ outcome }) => outcome === "exceeded");
  const checks: Check[] = [
    ...exceeded.map((line) => ({
      id: "quota",
      subject: `${line.service} ${line.code}`,
      state: "missing" as const,
      why: `${line.name}: ${count(line.asked)} asked of ${count(line.available)}.`,
      todo: quotaTodo(line, region),
    })),
    ...tooLarge.map(({ service, code, name, asked, limit, resource }) => ({
      id: "quota",
      subject: `${service} ${code}`,
      state: "missing" as const,
      why: `${name}: ${resource} has ${count(asked)} of ${count(limit)}.`,
      todo: { text: "Make it smaller; `chatstack quotas` has the details." },
    })),
  ];
  if (checks.length > 0) return checks;
  const known = others.filter(({ code }) => facts?.limits.has(code)).length;
  const told = facts ? `the account tells ${known} of the limits` : "by AWS's defaults";
  const why = `${others.length} other quotas hold the stack (${told}).`;
  return [{ id: "quota", subject: "other quotas", state: "ok", why }];
}

function quotaTodo(
  { service, code, asked, elsewhere, raisable, waysOut }: QuotaLine,
  region: string,
): Todo {
  const isAskedFor = raisable !== "no" && code.startsWith("L-");
  if (!isAskedFor) return { text: `${waysOut.join("; or ")}.` };
  return raiseTodo(service, code, asked + elsewhere, region);
}

const raiseTodo = (service: string, code: string, value: number, region: string): Todo => ({
  text: "Ask AWS for more; the answer takes hours or days.",
  commands: [
    "aws service-quotas request-service-quota-increase \\",
    `  --service-code ${service} --quota-code ${code} \\`,
    `  --desired-value ${value} --region ${service === "iam" ? globalRegion(region) : region}`,
  ],
});

/** Quotas of IAM, which is one for all regions, are asked for in one of them. */
export const globalRegion = (region: string): string =>
  globalRegions[partitionOf(region).partition] ?? "us-east-1";

const globalRegions: Readonly<Record<string, string>> = {
  "aws-us-gov": "us-gov-west-1",
  "aws-cn": "cn-north-1",
};
