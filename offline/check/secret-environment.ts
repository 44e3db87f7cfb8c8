import { functions } from "../../policies/lambda/operations.ts";
import { type StackRule, stackRule } from "../../policies/rule.ts";
import type { ResourceRecord } from "../record.ts";

/** The engine hands secrets to policies as plain values; recordings say which inputs hold some. */
export function secretEnvironment(records: readonly ResourceRecord[]): StackRule {
  const secrets = new Map(records.map((record) => [record.urn, record.secrets]));
  return stackRule({
    id: "fn-env-marked-secret",
    service: "Lambda",
    description: "What the program marks as secret must stand in no environment.",
    reason: "Pulumi hides it in its state; AWS shows it to whoever may list functions.",
    fix: "keep the value in Secrets Manager or Parameter Store, and pass its name or ARN.",
    severity: "critical",
    level: "mandatory",
    // The pack, which judges exemptions, does not know this rule.
    exemptible: "never",
    frameworks: [],
    reach: "tenant",
    types: functions,
    judge({ urn }, report) {
      if (secrets.get(urn)?.includes("environment"))
        report("environment", "a value marked as secret", "the secret's name or ARN");
    },
  });
}
