import { checkov, hipaa, prowler, securityHub } from "../frameworks.ts";
import { at } from "../reading/read.ts";
import { resourceRule } from "../rule.ts";

const workgroups = ["aws:athena/workgroup:Workgroup"];
const results = "configuration.resultConfiguration";

export const athenaEncrypted = resourceRule({
  id: "athena-encrypted",
  service: "Athena",
  description: "Results of queries must be encrypted.",
  reason: "A result holds what was asked for: messages and users.",
  fix: "set configuration.resultConfiguration.encryptionConfiguration.",
  severity: "medium",
  level: "mandatory",
  frameworks: [
    ...checkov("CKV_AWS_159"),
    ...prowler("athena_workgroup_encryption"),
    ...hipaa("164.312(a)(2)(iv)"),
  ],
  types: workgroups,
  judge({ props }, report) {
    // Results that Athena keeps itself are encrypted always.
    if (at(props, "configuration.managedQueryResultsConfiguration.enabled") === true) return;
    const path = `${results}.encryptionConfiguration.encryptionOption`;
    if (at(props, path) === undefined) report(path, undefined, "SSE_S3, SSE_KMS or CSE_KMS");
  },
});

export const athenaEnforced = resourceRule({
  id: "athena-enforced",
  service: "Athena",
  description: "Workgroups must hold their clients to their settings.",
  reason: "Otherwise a client names another bucket for results, and no encryption.",
  fix: "remove enforceWorkgroupConfiguration: false.",
  severity: "medium",
  level: "mandatory",
  frameworks: [...checkov("CKV_AWS_82"), ...prowler("athena_workgroup_enforce_configuration")],
  types: workgroups,
  judge({ props }, report) {
    const path = "configuration.enforceWorkgroupConfiguration";
    if (at(props, path) === false) report(path, false, "true");
  },
});

export const athenaMetrics = resourceRule({
  id: "athena-metrics",
  service: "Athena",
  description: "Workgroups must tell what they query.",
  reason: "Without metrics nobody sees who reads whole archives, or what it costs.",
  fix: "remove publishCloudwatchMetricsEnabled: false.",
  severity: "low",
  level: "mandatory",
  frameworks: [...securityHub("Athena.4"), ...prowler("athena_workgroup_logging_enabled")],
  types: workgroups,
  judge({ props }, report) {
    const path = "configuration.publishCloudwatchMetricsEnabled";
    if (at(props, path) === false) report(path, false, "true");
  },
});
