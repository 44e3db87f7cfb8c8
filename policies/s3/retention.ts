import { compliance, hipaa, nag, securityHub } from "../frameworks.ts";
import { at, listAt, numberAt, textAt } from "../reading/read.ts";
import { resourceRule, stackRule } from "../rule.ts";
import { buckets, encryptionRulesOf, judgeSettings, receivesLogs, settingTypes } from "./bucket.ts";

export const versioning = stackRule({
  id: "s3-versioning",
  service: "S3",
  description: "Buckets must keep versions of their objects.",
  reason: "Without versions an overwritten or deleted document is gone for good.",
  fix: 'name the bucket in an aws.s3.BucketVersioning with status: "Enabled".',
  severity: "high",
  level: "mandatory",
  frameworks: [
    ...nag("HIPAA.Security-S3BucketVersioningEnabled"),
    ...securityHub("S3.14"),
    ...hipaa("164.312(c)(1)"),
  ],
  types: buckets,
  judge(bucket, report, _config, stack) {
    const path = "versioningConfiguration.status";
    judgeSettings(
      bucket,
      "BucketVersioning",
      stack,
      report,
      (setting) => {
        const status = at(setting.props, path);
        if (status !== "Enabled") report(path, status, "Enabled", setting);
      },
      (inline) =>
        at(inline, "versioning.enabled") === true || at(inline, "versionings.0.enabled") === true,
    );
  },
});

export const objectLock = stackRule({
  id: "s3-object-lock",
  service: "S3",
  description: "Buckets should lock new objects for a while.",
  reason: "A stolen administrator role can delete versions, but not locked ones.",
  fix: "set objectLockEnabled: true on the bucket and a defaultRetention in an aws.s3.BucketObjectLockConfiguration.",
  severity: "low",
  level: "advisory",
  frameworks: securityHub("S3.15"),
  config: {
    days: {
      type: "integer",
      default: 7,
      minimum: 1,
      maximum: 36_500,
      description: "Shortest retention, in days.",
    },
  },
  types: buckets,
  judge(bucket, report, { days }, stack) {
    // S3 does not deliver logs to a bucket with a default retention.
    if (receivesLogs(bucket, stack)) return;
    const retention = "rule.defaultRetention";
    const lasts = (block: unknown) =>
      Math.max(numberAt(block, "days") ?? 0, 365 * (numberAt(block, "years") ?? 0)) >= days;
    judgeSettings(
      bucket,
      "BucketObjectLockConfiguration",
      stack,
      report,
      (setting) => {
        if (!lasts(at(setting.props, retention)))
          report(
            retention,
            at(setting.props, `${retention}.days`),
            `at least ${days} days`,
            setting,
          );
      },
      (inline) =>
        [retention, "rules.0.defaultRetentions.0"].some((path) =>
          lasts(at(inline, `objectLockConfiguration.${path}`)),
        ),
    );
  },
});

export const replication = stackRule({
  id: "s3-replication",
  service: "S3",
  description: "Buckets should be replicated.",
  reason: "A copy in another region or account survives what happens to this one.",
  fix: 'name the bucket in an aws.s3.BucketReplicationConfig with a rule of status: "Enabled", for objects under a KMS key with sourceSelectionCriteria.sseKmsEncryptedObjects as well.',
  severity: "low",
  level: "advisory",
  frameworks: [
    ...nag("HIPAA.Security-S3BucketReplicationEnabled"),
    ...securityHub("S3.7"),
    ...compliance(
      "aws.s3.Bucket.enableReplicationConfiguration",
      "aws.s3.Bucket.configureReplicationConfiguration",
    ),
  ],
  types: buckets,
  judge(bucket, report, _config, stack) {
    const kind = "BucketReplicationConfig";
    const isEnabled = (rule: unknown) => at(rule, "status") === "Enabled";
    const receivesCopies = stack.namedBy(bucket, "rules", ...settingTypes(kind)).length > 0;
    // Copies and logs are not copied once more.
    if (receivesCopies || receivesLogs(bucket, stack)) return;
    const isKmsEncrypted = encryptionRulesOf(bucket, stack).some(({ byDefault }) =>
      textAt(byDefault, "sseAlgorithm")?.startsWith("aws:kms"),
    );
    judgeSettings(
      bucket,
      kind,
      stack,
      report,
      (setting) => {
        const rules = listAt(setting.props, "rules").filter(isEnabled);
        const path = "sourceSelectionCriteria.sseKmsEncryptedObjects.status";
        if (rules.length === 0)
          report("rules.0.status", at(setting.props, "rules.0.status"), "Enabled", setting);
        // Without it S3 leaves out what a KMS key encrypts, and says nothing.
        else if (isKmsEncrypted && !rules.some((rule) => at(rule, path) === "Enabled"))
          report(`rules.0.${path}`, at(rules[0], path), "Enabled", setting);
      },
      (inline) =>
        ["replicationConfiguration.rules", "replicationConfigurations.0.rules"].some((path) =>
          listAt(inline, path).some(isEnabled),
        ),
    );
  },
});

export const noForceDestroy = resourceRule({
  id: "s3-no-force-destroy",
  service: "S3",
  description: "Buckets must not be emptied in order to be deleted.",
  reason: "Removing a tenant from the config would delete its documents and their versions.",
  fix: "remove forceDestroy.",
  severity: "high",
  level: "mandatory-in-production",
  exemptible: "to-remove",
  frameworks: hipaa("164.312(c)(1)"),
  types: buckets,
  judge({ props }, report) {
    if (at(props, "forceDestroy") === true) report("forceDestroy", true, "false");
  },
  remediate(props) {
    props.forceDestroy = false;
  },
});

const legacyBlocks = [
  "accelerationStatus",
  "acl",
  "corsRules",
  "grants",
  "lifecycleRules",
  "logging",
  "loggings",
  "objectLockConfiguration",
  "policy",
  "replicationConfiguration",
  "replicationConfigurations",
  "requestPayer",
  "serverSideEncryptionConfiguration",
  "serverSideEncryptionConfigurations",
  "versioning",
  "versionings",
  "website",
  "websites",
];

export const noInlineLegacy = resourceRule({
  id: "s3-no-inline-legacy",
  service: "S3",
  description: "Bucket settings must be resources of their own.",
  reason:
    "Inline blocks are deprecated, fight with split settings over the same bucket, and miss what is newer.",
  fix: "move the block into its own resource, e.g. aws.s3.BucketVersioning.",
  severity: "medium",
  level: "mandatory",
  frameworks: [],
  types: buckets,
  judge({ props }, report) {
    for (const block of legacyBlocks)
      if (block in props) report(block, "set inline", "a resource of its own");
  },
});
