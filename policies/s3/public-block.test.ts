import { describe, expect, test } from "vitest";
import { objections, resource, settingOf } from "../testing.ts";
import { publicBlock } from "./public-block.ts";

const allBlocked = {
  blockPublicAcls: true,
  blockPublicPolicy: true,
  ignorePublicAcls: true,
  restrictPublicBuckets: true,
};
const blockType = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock";

describe.each([
  "aws:s3/bucket:Bucket",
  "aws:s3/bucketV2:BucketV2",
])("s3-public-block of %s", (type) => {
  const bucket = resource(type, { bucket: "documents" }, { name: "documents" });

  test("passes a bucket whose block refers to it by id", () => {
    expect(objections(publicBlock, [bucket, settingOf(bucket, blockType, allBlocked)])).toEqual([]);
  });

  test("passes a bucket whose block names it literally", () => {
    const block = resource(blockType, { bucket: "documents", ...allBlocked });
    expect(objections(publicBlock, [bucket, block])).toEqual([]);
  });

  test.each(Object.keys(allBlocked))("objects when %s is off or absent", (flag) => {
    for (const value of [false, undefined]) {
      const block = settingOf(bucket, blockType, { ...allBlocked, [flag]: value });
      expect(objections(publicBlock, [bucket, block])).toEqual([flag]);
    }
  });

  test("objects when no block refers to the bucket", () => {
    const other = resource(blockType, { bucket: "pictures", ...allBlocked });
    expect(objections(publicBlock, [bucket, other])).toEqual(["BucketPublicAccessBlock"]);
  });
});
