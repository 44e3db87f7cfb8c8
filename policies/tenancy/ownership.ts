import { hipaa } from "../frameworks.ts";
import { like } from "../reading/policy-document.ts";
import { textAt } from "../reading/read.ts";
import type { StackRule } from "../rule.ts";
import { resourceRule, stackRule } from "../rule.ts";
import { dataTypes } from "./holdings.ts";
import { everywhere, isInComponent, parentTypes } from "./tenant.ts";

export const ownParent = resourceRule({
  id: "own-parent",
  service: "Ownership",
  description: "Data must lie inside a tenant's component.",
  reason: "What stands alone has no tenant, no retention and no place in off-boarding.",
  fix: "make it with ChatTable, DocumentBucket or AuthPool, or as a child of one.",
  severity: "medium",
  level: "mandatory",
  frameworks: [],
  config: { everywhere },
  types: dataTypes,
  judge({ urn }, report, config, stackConfig) {
    const parents = parentTypes(urn);
    if (isInComponent(urn) || !(stackConfig.hasTenants || config.everywhere)) return;
    report("parent", parents.at(-1), "a component of chatstack");
  },
});

export const ownRetain = stackRule({
  id: "own-retain",
  service: "Ownership",
  description: "Components must keep their data when the stack lets go of them.",
  reason: "In production a removed line of config must not remove a tenant's data.",
  fix: 'set retain: "retain" or "protect".',
  severity: "critical",
  level: "mandatory-in-production",
  exemptible: "to-remove",
  frameworks: hipaa("164.312(c)(1)"),
  config: {
    allowed: {
      type: "array",
      items: { type: "string" },
      default: ["retain", "protect"],
      description: "Values of retain that components may register.",
    },
  },
  reach: "tenant",
  types: ["chatstack:index:*"],
  judge({ props }, report, { allowed }) {
    const retain = textAt(props, "retain");
    if (!retain || !allowed.includes(retain)) report("retain", retain, allowed.join(" or "));
  },
});

export const ownIgnoreChanges = resourceRule({
  id: "own-ignore-changes",
  service: "Ownership",
  description: "Changes made by hand must not be ignored.",
  reason: "An ignored property is judged as written and is something else in the account.",
  fix: "remove the property from ignoreChanges.",
  severity: "medium",
  level: "mandatory",
  frameworks: [],
  config: {
    allowed: {
      type: "array",
      items: { type: "string" },
      // Auto scaling moves the first three; only the making of a table reads the others.
      default: [
        "readCapacity",
        "writeCapacity",
        "globalSecondaryIndexes[*].*Capacity",
        "restoreDateTime",
        "restoreSourceName",
        "restoreSourceTableArn",
        "restoreToLatestTime",
      ],
      description: "Property paths that may be ignored; * stands for any text.",
    },
  },
  types: ["aws:*"],
  judge({ opts }, report, { allowed }) {
    for (const path of opts.ignoreChanges)
      if (!allowed.some((pattern) => like(pattern, path)))
        report("ignoreChanges", path, allowed.join(", "));
  },
});

/**
 * @param ids of all other rules.
 * @param toRemove ids of those that keep data from leaving: what they are lifted for goes.
 */
export function ownExemption(ids: readonly string[], toRemove: readonly string[] = []): StackRule {
  return stackRule({
    id: "own-exemption",
    service: "Ownership",
    description: "Exemptions must be complete, in force and of use.",
    reason: "An exemption that nobody renews or needs is a hole that nobody sees.",
    fix: "correct the entry of chatstack:exemptions {rule, resource, reason, owner, expires}, or remove it.",
    severity: "high",
    level: "mandatory",
    exemptible: "never",
    frameworks: [],
    config: {
      days: {
        type: "integer",
        default: 366,
        minimum: 1,
        description: "Longest time that an exemption may be in force from today on, in days.",
      },
    },
    reach: "stack",
    types: ["pulumi:pulumi:Stack"],
    judge(_stack, report, { days }, { config, resources }) {
      for (const fault of config.malformed)
        report("chatstack:exemptions", fault, "complete entries");
      for (const { rule, resource, expires } of config.exemptions) {
        const path = `chatstack:exemptions ${rule} of ${resource}`;
        if (expires < config.today) report(path, `expired on ${expires}`, "a later day");
        if (expires > lastDay(config.today, days))
          report(path, `in force until ${expires}`, `a day within ${days} days`);
        if (/^[*?]+$/.test(resource)) report(path, "for every resource", "the name of a resource");
        if (!ids.includes(rule)) report(path, "for no rule", "the id of a rule");
        else if (toRemove.includes(rule)) continue;
        else if (!resources.some(({ urn, name }) => like(resource, urn) || like(resource, name)))
          report(path, "for no resource", "a resource of this stack");
      }
    },
  });
}

/** The ISO date so many days after another one. */
function lastDay(today: string, days: number): string {
  const date = new Date(`${today}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}
