import { at } from "../read.ts";
import { stackRule } from "../rule.ts";
import { buckets, settingsOf } from "./bucket.ts";

const flags = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"];

export const publicBlock = stackRule({
  id: "s3-public-block",
  service: "S3",
  description: "Buckets must block public access in all four ways.",
  reason: "One public ACL or policy shows a tenant's documents to the world.",
  fix: "name the bucket in an aws.s3.BucketPublicAccessBlock with all four flags true.",
  severity: "critical",
  level: "mandatory",
  frameworks: [
    { name: "cdk-nag", id: "AwsSolutions-S2" },
    { name: "cdk-nag", id: "HIPAA.Security-S3BucketLevelPublicAccessProhibited" },
    { name: "FSBP", id: "S3.8" },
  ],
  types: buckets,
  judge(bucket, report, _config, stack) {
    const blocks = settingsOf(bucket, "BucketPublicAccessBlock", stack);
    if (blocks.length === 0)
      report("BucketPublicAccessBlock", undefined, "one that names the bucket");
    for (const block of blocks)
      for (const flag of flags) {
        const on = at(block.props, flag);
        if (on !== true) report(flag, on, "true", block);
      }
  },
});
