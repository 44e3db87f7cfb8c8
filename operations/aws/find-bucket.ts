import { GetBucketTaggingCommand, paginateListBuckets, type S3Client } from "@aws-sdk/client-s3";
import { isNotImplemented } from "../../offline/not-implemented.ts";
import { isNamedAfter } from "./table-names.ts";

/**
 * The bucket that Pulumi made for a component, e.g. `acme-documents`, and that carries the tenant's tag;
 * undefined when there is none, or more than one.
 */
export async function findBucket(
  client: S3Client,
  tenant: string,
  logicalName: string,
): Promise<string | undefined> {
  const found: string[] = [];
  for await (const { Buckets = [] } of paginateListBuckets({ client }, { Prefix: logicalName })) {
    for (const { Name = "" } of Buckets) {
      if (isNamedAfter(Name, logicalName) && (await isOwn(client, tenant, Name))) found.push(Name);
    }
  }
  return found.length === 1 ? found[0] : undefined;
}

async function isOwn(client: S3Client, tenant: string, Bucket: string): Promise<boolean> {
  try {
    const { TagSet = [] } = await client.send(new GetBucketTaggingCommand({ Bucket }));
    return TagSet.some(({ Key, Value }) => Key === "chatstack:tenant" && Value === tenant);
  } catch (error) {
    // Engines on laptops keep no tags; there, the name has to do.
    if (isNotImplemented(error)) return true;
    if (error instanceof Error && error.name === "NoSuchTagSet") return false;
    throw error;
  }
}
