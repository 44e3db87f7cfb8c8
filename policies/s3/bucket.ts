import { at, knownAt, listAt } from "../reading/read.ts";
import type { Report, Resource, Stack, StackResource } from "../rule.ts";

/** General purpose buckets under their present and their former name. */
export const buckets = ["aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2"];

/** Present and former (`…V2`) type tokens of a split setting, e.g. `BucketVersioning`. */
export function settingTypes(kind: string): readonly string[] {
  const token = `aws:s3/${kind.charAt(0).toLowerCase()}${kind.slice(1)}`;
  return [`${token}:${kind}`, `${token}V2:${kind}V2`];
}

/** What a public access block can block. */
export const publicFlags = [
  "blockPublicAcls",
  "blockPublicPolicy",
  "ignorePublicAcls",
  "restrictPublicBuckets",
];

/** Whatever holds a bucket's policy. */
export const bucketPolicies = [
  ...buckets,
  ...settingTypes("BucketPolicy"),
  "aws:s3/accessPoint:AccessPoint",
];

/** The split resources of this kind that configure the bucket. */
export function settingsOf(bucket: Resource, kind: string, stack: Stack): readonly StackResource[] {
  return stack.namedBy(bucket, "bucket", ...settingTypes(kind));
}

/**
 * Judges each split resource of the kind; without any, asks whether the bucket's inline block will do, and reports
 * the kind as absent if not.
 */
export function judgeSettings(
  bucket: Resource,
  kind: string,
  stack: Stack,
  report: Report,
  judgeOne: (setting: StackResource) => void,
  inlineWillDo: (bucket: unknown) => boolean = () => false,
): void {
  const settings = settingsOf(bucket, kind, stack);
  for (const setting of settings) judgeOne(setting);
  if (settings.length === 0 && !inlineWillDo(declaredBy(bucket)))
    report(kind, undefined, "one that names the bucket");
}

/**
 * The bucket without what is unknown as a whole: inline blocks that the program does not declare are the
 * provider's to compute, and are unknown until the bucket is there. A preview must judge as the update does.
 */
const declaredBy = ({ props }: Resource): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.keys(props).map((key) => [key, knownAt(props, [key])]));

/** Whether S3 delivers another bucket's access logs here. */
export const receivesLogs = (bucket: Resource, stack: Stack): boolean =>
  stack.namedBy(bucket, "targetBucket", ...settingTypes("BucketLogging")).length > 0;

/** A default-encryption rule as written, with the resource and path where it stands. */
export interface EncryptionRule {
  readonly about: Resource;
  readonly path: string;
  readonly value: unknown;
  /** Its `applyServerSideEncryptionByDefault`; absent where the rule names no algorithm. */
  readonly byDefault: unknown;
}

/** All default-encryption rules of the bucket, split or else inline; none when encryption is left to S3. */
export function encryptionRulesOf(bucket: Resource, stack: Stack): readonly EncryptionRule[] {
  const settings = settingsOf(bucket, "BucketServerSideEncryptionConfiguration", stack);
  return settings.length > 0
    ? settings.flatMap((setting) => rulesAt(setting, "rules"))
    : [
        ...rulesAt(bucket, "serverSideEncryptionConfiguration.rule", declaredBy(bucket)),
        ...rulesAt(bucket, "serverSideEncryptionConfigurations.0.rules", declaredBy(bucket)),
      ];
}

function rulesAt(about: Resource, path: string, props: unknown = about.props): EncryptionRule[] {
  const byDefault = "applyServerSideEncryptionByDefault";
  return listAt(props, path).map((value, index) => ({
    about,
    path: `${path}.${index}`,
    value,
    byDefault: at(value, byDefault) ?? at(value, `${byDefault}s.0`),
  }));
}
