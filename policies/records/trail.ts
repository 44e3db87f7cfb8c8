import { checkov, cis, hipaa, nag, prowler, securityHub } from "../frameworks.ts";
import { at, textAt } from "../reading/read.ts";
import { resourceRule } from "../rule.ts";

const trails = ["aws:cloudtrail/trail:Trail"];

export const trailLogging = resourceRule({
  id: "trail-logging",
  service: "CloudTrail",
  description: "Trails must record.",
  reason: "A trail that is switched off looks like one and records nothing.",
  fix: "remove enableLogging: false.",
  severity: "critical",
  level: "mandatory",
  frameworks: hipaa("164.312(b)"),
  types: trails,
  judge({ props }, report) {
    if (at(props, "enableLogging") === false) report("enableLogging", false, "true");
  },
});

export const trailValidated = resourceRule({
  id: "trail-validated",
  service: "CloudTrail",
  description: "Trails must sign what they record.",
  reason: "Without digests nobody can prove that a record was not removed or rewritten.",
  fix: "set enableLogFileValidation: true.",
  severity: "medium",
  level: "mandatory",
  frameworks: [
    ...securityHub("CloudTrail.4"),
    ...cis("3.2"),
    ...nag("HIPAA.Security-CloudTrailLogFileValidationEnabled"),
    ...checkov("CKV_AWS_36"),
    ...prowler("cloudtrail_log_file_validation_enabled"),
    ...hipaa("164.312(c)(1)"),
  ],
  types: trails,
  judge({ props }, report) {
    const found = at(props, "enableLogFileValidation");
    if (found !== true) report("enableLogFileValidation", found, "true");
  },
});

export const trailEncrypted = resourceRule({
  id: "trail-encrypted",
  service: "CloudTrail",
  description: "Trails must be encrypted with a customer-managed key.",
  reason: "Records name users and documents; their key must be revocable as well.",
  fix: "set kmsKeyId to a key that cloudtrail.amazonaws.com may use.",
  severity: "medium",
  level: "mandatory-in-production",
  frameworks: [
    ...securityHub("CloudTrail.2"),
    ...cis("3.5"),
    ...nag("HIPAA.Security-CloudTrailEncryptionEnabled"),
    ...checkov("CKV_AWS_35"),
    ...prowler("cloudtrail_kms_encryption_enabled"),
    ...hipaa("164.312(a)(2)(iv)"),
  ],
  types: trails,
  judge({ props }, report) {
    const key = textAt(props, "kmsKeyId");
    if (!key) report("kmsKeyId", key, "the ARN of a customer-managed key");
  },
});

export const trailLogs = resourceRule({
  id: "trail-logs",
  service: "CloudTrail",
  description: "Trails should go to CloudWatch Logs as well.",
  reason: "Alarms look at logs; in a bucket an attack is found when somebody looks.",
  fix: "set cloudWatchLogsGroupArn and cloudWatchLogsRoleArn.",
  severity: "low",
  level: "advisory",
  frameworks: [
    ...securityHub("CloudTrail.5"),
    ...nag("HIPAA.Security-CloudTrailCloudWatchLogsEnabled"),
    ...checkov("CKV2_AWS_10"),
    ...prowler("cloudtrail_cloudwatch_logging_enabled"),
  ],
  types: trails,
  judge({ props }, report) {
    const group = textAt(props, "cloudWatchLogsGroupArn");
    if (!group) report("cloudWatchLogsGroupArn", group, "the ARN of a log group");
  },
});
