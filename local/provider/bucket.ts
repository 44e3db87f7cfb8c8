import {
  BucketLocationConstraint,
  CreateBucketCommand,
  HeadBucketCommand,
  PutBucketTaggingCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { z } from "zod";
import { isMissing } from "./clients.ts";
import { provision } from "./resource.ts";

const locationSchema = z.enum(BucketLocationConstraint);
const bucketSchema = z.object({ tags: z.record(z.string(), z.string()).default({}) });

/** `aws:s3/bucket:Bucket` */
export const provisionBucket = provision(bucketSchema, async ({ tags }, request) => {
  const { physicalName, clients, optional } = request;
  const { s3 } = clients;
  const exists = await hasBucket(s3, physicalName);
  if (!exists) {
    const region = await s3.config.region();
    // The one region that must not be named (API reference, CreateBucket).
    const LocationConstraint = region === "us-east-1" ? undefined : locationSchema.parse(region);
    await s3.send(
      new CreateBucketCommand({
        Bucket: physicalName,
        ...(LocationConstraint && { CreateBucketConfiguration: { LocationConstraint } }),
      }),
    );
  }
  const TagSet = Object.entries(tags).map(([Key, Value]) => ({
    Key,
    Value,
  }));
  await optional("PutBucketTagging", () =>
    s3.send(new PutBucketTaggingCommand({ Bucket: physicalName, Tagging: { TagSet } })),
  );
  return {
    id: physicalName,
    action: exists ? "adopted" : "created",
    outputs: { bucket: physicalName, arn: `arn:aws:s3:::${physicalName}` },
  };
});

async function hasBucket(s3: S3Client, Bucket: string): Promise<boolean> {
  try {
    await s3.send(new HeadBucketCommand({ Bucket }));
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}
