import { hipaa } from "../frameworks.ts";
import type { ResourceRule } from "../rule.ts";
import { resourceRule } from "../rule.ts";
import { isOfRecordKeeper, typesOf } from "../tenancy/holdings.ts";

/** What holds data of one AWS service must carry Pulumi's `protect`, e.g. `protectRule("ddb-protect", "DynamoDB", "Tables", "dynamodb")`. */
export function protectRule(
  id: string,
  service: string,
  what: string,
  namespace: string,
): ResourceRule {
  return resourceRule({
    id,
    service,
    description: `${what} must be protected from deletion by Pulumi.`,
    reason: "Renaming, moving or removing a tenant would delete its data with the resource.",
    fix: 'give the component retain: "protect", or the resource the option protect: true.',
    severity: "high",
    level: "mandatory-in-production",
    exemptible: "to-remove",
    frameworks: hipaa("164.312(c)(1)"),
    types: typesOf(["data"], namespace),
    judge({ opts, urn }, report) {
      // Retained instead, so that they can be turned off.
      if (isOfRecordKeeper(urn)) return;
      if (!opts.protect) report("protect", false, "true");
    },
  });
}
