import { prowler, securityHub } from "../frameworks.ts";
import { at, listAt } from "../reading/read.ts";
import { resourceRule, stackRule } from "../rule.ts";
import { publicFlags, settingTypes } from "./bucket.ts";

const accessPoints = "aws:s3/accessPoint:AccessPoint";

export const accessPointBlock = resourceRule({
  id: "s3-access-point-block",
  service: "S3",
  description: "Access points must block public access in all four ways.",
  reason: "An access point is one more door to the bucket; it cannot be closed once it is made.",
  fix: "remove the block, or set its four flags to true.",
  severity: "critical",
  level: "mandatory",
  frameworks: [
    ...securityHub("S3.19", "S3.24"),
    ...prowler(
      "s3_access_point_public_access_block",
      "s3_multi_region_access_point_public_access_block",
    ),
  ],
  types: [accessPoints, "aws:s3control/multiRegionAccessPoint:MultiRegionAccessPoint"],
  judge({ type, props }, report) {
    const block =
      type === accessPoints ? "publicAccessBlockConfiguration" : "details.publicAccessBlock";
    // Left out, S3 sets it.
    for (const path of publicFlags.map((flag) => `${block}.${flag}`))
      if (at(props, path) === false) report(path, false, "true");
  },
});

export const directoryLifecycle = stackRule({
  id: "s3-directory-lifecycle",
  service: "S3",
  description: "Directory buckets should expire what is no longer needed.",
  reason: "Objects that nobody reads are billed at the price of the fastest storage.",
  fix: "name the bucket in an aws.s3.BucketLifecycleConfiguration with an enabled rule.",
  severity: "low",
  level: "advisory",
  frameworks: securityHub("S3.25"),
  types: ["aws:s3/directoryBucket:DirectoryBucket"],
  judge(bucket, report, _config, stack) {
    const kind = "BucketLifecycleConfiguration";
    const rules = stack
      .namedBy(bucket, "bucket", ...settingTypes(kind))
      .flatMap(({ props }) => listAt(props, "rules"));
    if (!rules.some((rule) => at(rule, "status") === "Enabled"))
      report(kind, undefined, "one with an enabled rule");
  },
});
