/** A process that asks DynamoDB and S3 whenever it is told to, and can be frozen in between. */
import { createInterface } from "node:readline";
import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { S3ObjectStore, s3Client } from "../../app/objects/s3.ts";
import { documentClient } from "../../app/store/dynamodb/table/client.ts";

const { TABLE_NAME = "", BUCKET_NAME = "" } = process.env;
const table = documentClient();
const objects = new S3ObjectStore({
  client: s3Client(),
  bucketName: BUCKET_NAME,
  now: () => new Date(),
});

const ask = () =>
  Promise.all([
    table.send(new GetCommand({ TableName: TABLE_NAME, Key: { pk: "USER#x", sk: "PROFILE" } })),
    objects.head("nothing"),
  ]);

for await (const line of createInterface({ input: process.stdin })) {
  const outcomes = await Promise.allSettled(Array.from({ length: Number(line) }, ask));
  const failed = outcomes.filter(({ status }) => status === "rejected");
  process.stdout.write(
    `${JSON.stringify({ failed: failed.map(String), asked: outcomes.length })}\n`,
  );
}
