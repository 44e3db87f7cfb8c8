import { hipaa, securityHub } from "../frameworks.ts";
import { at, listAt, numberAt } from "../reading/read.ts";
import { resourceRule, stackRule } from "../rule.ts";
import { buckets, judgeSettings, settingTypes } from "./bucket.ts";

export const lifecycle = stackRule({
  id: "s3-lifecycle",
  service: "S3",
  description: "Buckets should expire old versions and abandoned uploads.",
  reason:
    "Both are invisible in listings and billed for ever; deleted documents linger as versions.",
  fix: "name the bucket in an aws.s3.BucketLifecycleConfiguration with noncurrentVersionExpiration and abortIncompleteMultipartUpload.",
  severity: "low",
  level: "advisory",
  frameworks: securityHub("S3.10", "S3.13"),
  types: buckets,
  judge(bucket, report, _config, stack) {
    const kind = "BucketLifecycleConfiguration";
    judgeSettings(
      bucket,
      kind,
      stack,
      report,
      (setting) => {
        const rules = listAt(setting.props, "rules").filter(
          (rule) => at(rule, "status") === "Enabled",
        );
        for (const path of [
          "noncurrentVersionExpiration.noncurrentDays",
          "abortIncompleteMultipartUpload.daysAfterInitiation",
        ])
          if (!rules.some((rule) => numberAt(rule, path)))
            report(path, undefined, "days, in an enabled rule", setting);
      },
      (inline) => {
        const rules = listAt(inline, "lifecycleRules").filter(
          (rule) => at(rule, "enabled") === true,
        );
        const has = (...paths: string[]) =>
          rules.some((rule) => paths.some((path) => numberAt(rule, path)));
        return (
          has("abortIncompleteMultipartUploadDays") &&
          has("noncurrentVersionExpiration.days", "noncurrentVersionExpirations.0.days")
        );
      },
    );
  },
});

/** In a split setting, in an inline block, and in a former bucket's. */
const expiries = [
  "noncurrentVersionExpiration.noncurrentDays",
  "noncurrentVersionExpiration.days",
  "noncurrentVersionExpirations.0.days",
];

export const versionDays = resourceRule({
  id: "s3-version-days",
  service: "S3",
  description: "Overwritten and deleted objects must be kept for a while.",
  reason: "Versions save a document only if somebody notices its loss before they expire.",
  fix: "raise noncurrentVersionExpiration.noncurrentDays.",
  severity: "medium",
  level: "mandatory-in-production",
  frameworks: hipaa("164.312(c)(1)"),
  config: {
    days: {
      type: "integer",
      default: 30,
      minimum: 1,
      description: "Shortest life of a noncurrent version, in days.",
    },
  },
  types: [...buckets, ...settingTypes("BucketLifecycleConfiguration")],
  judge({ props }, report, { days }) {
    for (const list of ["rules", "lifecycleRules"])
      for (const [index, rule] of listAt(props, list).entries()) {
        if (at(rule, "status") !== "Enabled" && at(rule, "enabled") !== true) continue;
        for (const path of expiries) {
          const found = numberAt(rule, path);
          if (found !== undefined && found < days)
            report(`${list}.${index}.${path}`, found, `at least ${days}`);
        }
      }
  },
});
