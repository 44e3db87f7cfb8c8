/**
 * The policy pack that `pulumi --policy-pack policies` runs. Each rule stands beside its test, in the
 * folder of its service.
 */
import { PolicyPack } from "@pulumi/policy";
import { toPolicies } from "./policy.ts";
import { readStackConfig } from "./reading/stack-config.ts";
import { rules } from "./rules.ts";

// Constructing a pack starts its server and prints the port, so nothing but the engine imports this file.
new PolicyPack("chatstack", {
  displayName: "chatstack",
  description: "Refuses what would lose or leak a tenant's data.",
  enforcementLevel: "mandatory",
  policies: toPolicies(rules, readStackConfig(process.env, new Date())),
});
