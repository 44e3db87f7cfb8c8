/** How Firehose writes the archive, and what its role needs for it. */
import * as pulumi from "@pulumi/pulumi";
import type { DocumentBucket } from "../document-bucket/document-bucket.ts";
import { type Encryption, grantKeyUse } from "../encryption.ts";
import type { PolicyStatement } from "../iam.ts";
import { messagesFolder } from "./archive-catalog.ts";

/** Few large files by day, with the columns that the Glue table has. */
export const parquetByDay = (
  databaseName: pulumi.Input<string>,
  tableName: pulumi.Input<string>,
  roleArn: pulumi.Input<string>,
) => ({
  prefix: `${messagesFolder}/day=!{timestamp:yyyy-MM-dd}/`,
  errorOutputPrefix: "failed/!{firehose:error-output-type}/day=!{timestamp:yyyy-MM-dd}/",
  // The most that Firehose waits: large files are what Athena reads best.
  bufferingInterval: 900,
  bufferingSize: 128,
  compressionFormat: "UNCOMPRESSED",
  dataFormatConversionConfiguration: {
    inputFormatConfiguration: { deserializer: { openXJsonSerDe: {} } },
    outputFormatConfiguration: { serializer: { parquetSerDe: { compression: "SNAPPY" } } },
    schemaConfiguration: { databaseName, tableName, roleArn },
  },
});

/** Amazon Data Firehose Developer Guide, "Grant Firehose access to an Amazon S3 destination". */
export const deliver = (
  { bucketArn, nodes }: DocumentBucket,
  encryption: Encryption = "aws-owned",
): PolicyStatement[] => [
  {
    Effect: "Allow",
    Action: ["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"],
    Resource: [messagesFolder, "failed"].map(
      (folder) => pulumi.interpolate`${bucketArn}/${folder}/*`,
    ),
  },
  {
    Effect: "Allow",
    Action: ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"],
    Resource: [bucketArn],
  },
  ...grantKeyUse(encryption, "s3", nodes.bucket.region, ["kms:Decrypt", "kms:GenerateDataKey"]),
];
