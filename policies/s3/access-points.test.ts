import { resource, settingOf, testRule } from "../testing.ts";
import { accessPointBlock, directoryLifecycle } from "./access-points.ts";

const point = (publicAccessBlockConfiguration?: object) => [
  resource("aws:s3/accessPoint:AccessPoint", { publicAccessBlockConfiguration }),
];
testRule(accessPointBlock, {
  passes: {
    "a block as S3 makes it": point(),
    "four flags": point({ blockPublicAcls: true, restrictPublicBuckets: true }),
  },
  objects: {
    "a flag is off": [
      point({ blockPublicPolicy: false }),
      "publicAccessBlockConfiguration.blockPublicPolicy",
    ],
    "a multi-region one's is": [
      [
        resource("aws:s3control/multiRegionAccessPoint:MultiRegionAccessPoint", {
          details: { publicAccessBlock: { restrictPublicBuckets: false } },
        }),
      ],
      "details.publicAccessBlock.restrictPublicBuckets",
    ],
  },
});

const bucket = resource("aws:s3/directoryBucket:DirectoryBucket", { bucket: "x--az--x-s3" });
const lifecycle = (status: string) =>
  settingOf(bucket, "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", {
    rules: [{ status }],
  });
testRule(directoryLifecycle, {
  passes: { "a bucket with a rule": [bucket, lifecycle("Enabled")] },
  objects: {
    "there is none": [[bucket], "BucketLifecycleConfiguration"],
    "the rule is off": [[bucket, lifecycle("Disabled")], "BucketLifecycleConfiguration"],
  },
});
