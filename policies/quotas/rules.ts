/** AWS's quotas as data, what a stack asks of them, and the rules that judge it. */
import type { AnyRule, Stack, StackResource } from "../rule.ts";
import { perStack, stackRule } from "../rule.ts";
import { usesOf } from "./quota.ts";
import { quotaOf } from "./table.ts";
import { type HolderUse, holdersOf, type Usage, usageOf } from "./usage.ts";
import {
  availableText,
  count,
  nameOf,
  neededLimit,
  nextCell,
  ordinal,
  raiseText,
} from "./wording.ts";

const service = "Quotas";
const fix =
  "do one of these, and write a raised limit into chatstack:quotas; docs/scale/quotas.md says how.";

/** A rule is asked about every resource of its types; what it says of the stack hangs on one of them. */
const types = ["aws:*"];

const usages = perStack((stack) => usageOf([stack], stack.config.quotas));
const holders = perStack((stack) => holdersOf(stack, stack.config.quotas));

export const limit = stackRule({
  id: "quota-limit",
  service,
  description: "A stack must fit into the quotas of its account and region.",
  reason: "AWS refuses what is beyond them, in the middle of an update.",
  fix,
  severity: "high",
  level: "mandatory-in-production",
  frameworks: [],
  reach: "stack",
  types,
  judge(resource, report, _config, stack) {
    for (const usage of endsAt(stack).get(resource.urn) ?? []) {
      const { quota, asked, end } = usage;
      const ways = [raiseText(quota, neededLimit(usage)), end?.tenant && nextCell].filter(Boolean);
      report(
        nameOf(quota),
        `${count(asked)}${whereItEnds(usage)}`,
        `${availableText(usage)}. Ways out: ${ways.join(", ")}`,
      );
    }
  },
});

const endsAt = perStack((stack) =>
  Map.groupBy(
    usages(stack).filter(({ end }) => end !== undefined),
    ({ end }) => end?.resource.urn ?? "",
  ),
);

/** `; it ends at tenant t19, the 19th of 25` */
function whereItEnds({ end, tenants }: Usage): string {
  if (end?.tenant === undefined) return "; it ends before the first tenant";
  return `; it ends at tenant ${end.tenant}, the ${ordinal(end.ordinal)} of ${tenants.length}`;
}

export const size = stackRule({
  id: "quota-size",
  service,
  description: "A resource must be no larger than AWS takes it.",
  reason:
    "AWS refuses longer policies and fuller APIs, roles and pools, in the middle of an update.",
  fix,
  severity: "high",
  level: "mandatory-in-production",
  frameworks: [],
  reach: "stack",
  types,
  judge(resource, report, _config, stack) {
    for (const { quota, limit: most, asked } of held(stack, resource)) {
      if (asked === undefined || asked <= most) continue;
      const ways = raiseText(quota, asked);
      report(
        nameOf(quota),
        count(asked),
        `at most ${count(most)} ${quota.unit}. Ways out: ${ways}`,
      );
    }
  },
});

const byResource = perStack((stack) => Map.groupBy(holders(stack), ({ resource }) => resource.urn));
const held = (stack: Stack, { urn }: StackResource): readonly HolderUse[] =>
  byResource(stack).get(urn) ?? [];

export const headroom = stackRule({
  id: "quota-headroom",
  service,
  description: "A stack should leave room in the quotas of its account and region.",
  reason: "Raising a quota takes AWS days, and the next tenant may come before.",
  fix: "ask AWS for more now, or plan the next cell; docs/scale/quotas.md says how.",
  severity: "medium",
  level: "advisory",
  frameworks: [],
  config: {
    percent: {
      type: "integer",
      default: 80,
      minimum: 1,
      maximum: 100,
      description: "Use of a quota from which on it is reported, in percent.",
    },
  },
  reach: "stack",
  types,
  judge(resource, report, { percent }, stack) {
    const isNear = (asked: number, available: number) =>
      asked <= available && asked * 100 >= available * percent;
    for (const usage of largest(stack).get(resource.urn) ?? []) {
      const { quota, asked, available } = usage;
      if (!isNear(asked, available)) continue;
      const used = `${count(asked)} (${Math.floor((asked * 100) / available)}%)`;
      report(nameOf(quota), used, `less than ${percent}% of that: ${availableText(usage)}`);
    }
    for (const { quota, limit: most, asked } of held(stack, resource)) {
      if (asked === undefined || !isNear(asked, most)) continue;
      const used = `${count(asked)} (${Math.floor((asked * 100) / most)}%)`;
      report(nameOf(quota), used, `less than ${percent}% of ${count(most)} ${quota.unit}`.trim());
    }
  },
});

/** Usages by the last resource that takes a part of them. */
const largest = perStack((stack) => {
  const last = (usage: Usage) => usesOf(usage.quota, stack).at(-1)?.resource.urn ?? "";
  return Map.groupBy(usages(stack), last);
});

export const values = stackRule({
  id: "quota-values",
  service,
  description: "Entries of chatstack:quotas must name quotas, with limits or uses.",
  reason:
    "An entry that cannot be read, or a code with a typing error, leaves the default in force.",
  fix: "correct the entry; docs/scale/quotas.md lists the codes.",
  severity: "medium",
  level: "mandatory",
  frameworks: [],
  reach: "stack",
  types: ["pulumi:pulumi:Stack"],
  judge(_stack, report, _config, { config }) {
    for (const fault of config.quotas.faults) {
      const [found, allowed = ""] = fault.split("; allowed: ");
      report("chatstack:quotas", found, allowed);
    }
    for (const code of config.quotas.codes.filter((one) => quotaOf(one) === undefined)) {
      report("chatstack:quotas", code, "codes that docs/scale/quotas.md lists, such as L-B99A9384");
    }
  },
});

export const quotaRules: readonly AnyRule[] = [limit, size, headroom, values];
