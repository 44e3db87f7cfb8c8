import { resource, settingOf, testRule, unknown } from "../testing.ts";
import { lifecycle, versionDays } from "./lifecycle.ts";

const bucket = (props: object = {}, type = "aws:s3/bucket:Bucket") =>
  resource(type, { bucket: "documents", ...props }, { name: "documents" });
const documents = bucket();

const ages = {
  noncurrentVersionExpiration: { noncurrentDays: 30 },
  abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
};
const lifecycles = (...rules: object[]) => [
  documents,
  settingOf(documents, "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", {
    rules,
  }),
];

testRule(lifecycle, {
  passes: {
    "one rule for both": lifecycles({ status: "Enabled", ...ages }),
    "a rule for each": lifecycles(
      { status: "Enabled", noncurrentVersionExpiration: ages.noncurrentVersionExpiration },
      { status: "Enabled", abortIncompleteMultipartUpload: ages.abortIncompleteMultipartUpload },
    ),
    "an inline rule": [
      bucket({
        lifecycleRules: [
          {
            enabled: true,
            abortIncompleteMultipartUploadDays: 7,
            noncurrentVersionExpiration: { days: 30 },
          },
        ],
      }),
    ],
  },
  objects: {
    "there is none": [[documents], "BucketLifecycleConfiguration"],
    "the rule is disabled": [
      lifecycles({ status: "Disabled", ...ages }),
      "noncurrentVersionExpiration.noncurrentDays",
      "abortIncompleteMultipartUpload.daysAfterInitiation",
    ],
    "old versions stay": [
      lifecycles({ status: "Enabled", ...ages, noncurrentVersionExpiration: undefined }),
      "noncurrentVersionExpiration.noncurrentDays",
    ],
    "abandoned uploads stay": [
      lifecycles({ status: "Enabled", ...ages, abortIncompleteMultipartUpload: undefined }),
      "abortIncompleteMultipartUpload.daysAfterInitiation",
    ],
    "an inline rule expires nothing": [
      [bucket({ lifecycleRules: [{ enabled: true, abortIncompleteMultipartUploadDays: 7 }] })],
      "BucketLifecycleConfiguration",
    ],
  },
});

const keeping = (noncurrentDays: unknown, status = "Enabled") =>
  lifecycles({ status, noncurrentVersionExpiration: { noncurrentDays } });
const ofRule = "rules.0.noncurrentVersionExpiration.noncurrentDays";

testRule(versionDays, {
  passes: {
    "a month": keeping(30),
    "no end": lifecycles({ status: "Enabled" }),
    "a rule that is off": keeping(1, "Disabled"),
    "an inline block": [
      bucket({ lifecycleRules: [{ enabled: true, noncurrentVersionExpiration: { days: 30 } }] }),
    ],
    "a bucket without rules": [documents],
  },
  objects: {
    "versions go too soon": [keeping(29), ofRule],
    "those of one rule do": [
      lifecycles(
        { status: "Enabled", ...ages },
        { status: "Enabled", noncurrentVersionExpiration: { noncurrentDays: 1 } },
      ),
      "rules.1.noncurrentVersionExpiration.noncurrentDays",
    ],
    "an inline block says so": [
      [bucket({ lifecycleRules: [{ enabled: true, noncurrentVersionExpiration: { days: 1 } }] })],
      "lifecycleRules.0.noncurrentVersionExpiration.days",
    ],
    "a former bucket's does": [
      [
        bucket(
          { lifecycleRules: [{ enabled: true, noncurrentVersionExpirations: [{ days: 1 }] }] },
          "aws:s3/bucketV2:BucketV2",
        ),
      ],
      "lifecycleRules.0.noncurrentVersionExpirations.0.days",
    ],
    "the days are unknown": [keeping(unknown), `cannot tell: ${ofRule}`],
  },
});

testRule(versionDays, {
  config: { days: 7 },
  passes: { "a week": keeping(7) },
  objects: { "six days": [keeping(6), ofRule] },
});
