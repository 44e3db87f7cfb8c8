import { hipaa } from "../frameworks.ts";
import type { ResourceRule } from "../rule.ts";
import { resourceRule } from "../rule.ts";

/** Resources of these types must carry Pulumi's `protect`, e.g. `protectRule("ddb-protect", "DynamoDB", "Tables", types)`. */
export function protectRule(
  id: string,
  service: string,
  what: string,
  types: readonly string[],
): ResourceRule {
  return resourceRule({
    id,
    service,
    description: `${what} must be protected from deletion by Pulumi.`,
    reason: "Renaming, moving or removing a tenant would delete its data with the resource.",
    fix: 'give the component retain: "protect", or the resource the option protect: true.',
    severity: "high",
    level: "mandatory-in-production",
    frameworks: hipaa("164.312(c)(1)"),
    types,
    judge({ opts }, report) {
      if (!opts.protect) report("protect", false, "true");
    },
  });
}
