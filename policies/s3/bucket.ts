import type { Resource, Stack, StackResource } from "../rule.ts";

/** General purpose buckets under their present and their former name. */
export const buckets = ["aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2"] as const;

/**
 * The split resources that configure this bucket, e.g. `settingsOf(bucket, "BucketVersioning", stack)`, under their
 * present and former (`…V2`) names.
 */
export function settingsOf(bucket: Resource, kind: string, stack: Stack): readonly StackResource[] {
  const token = `aws:s3/${kind[0]?.toLowerCase()}${kind.slice(1)}`;
  return stack.namedBy(bucket, "bucket", `${token}:${kind}`, `${token}V2:${kind}V2`);
}
