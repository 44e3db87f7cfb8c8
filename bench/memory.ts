/**
 * How much memory each operation takes of the function with the worst content that its limits let in, as configured by
 * the smallest tier: `npm run bench:memory`. Exits with 1 where one takes more than there is.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { parseArgs } from "node:util";
import { S3ObjectStore, s3Client } from "../app/objects/s3.ts";
import { documentClient } from "../app/store/dynamodb/table/client.ts";
import { startDynamoDB } from "../local/dynamodb.ts";
import { startS3 } from "../local/s3.ts";
import { tiers } from "../stacks/tiers.ts";
import { claimsOf } from "../testing/app/api.ts";
import { createBucket, s3Config } from "../testing/aws/bucket.ts";
import { createChatTable, engineConfig } from "../testing/aws/table.ts";
import { MeasuredFunction, type Peak, type Peaks } from "../testing/memory/peak.ts";
import { badRequests } from "../testing/memory/requests.ts";
import { fill } from "../testing/memory/worst.ts";

const { values } = parseArgs({
  options: {
    messages: { type: "string", default: "200" },
    conversations: { type: "string", default: "60" },
    json: { type: "string", default: resolve(import.meta.dirname, "../dist/memory.json") },
  },
});
const size = { messages: Number(values.messages), conversations: Number(values.conversations) };
const configured = tiers.basic.api.memorySize;

const peaks = [...(await measure("dynamodb")), ...(await measure("s3"))];
const result: Peaks = { configured, peaks };
mkdirSync(dirname(values.json), { recursive: true });
writeFileSync(values.json, JSON.stringify(result, undefined, 2));
const above = peaks.filter(({ megabytes, failure }) => megabytes > configured || failure);
process.exitCode = above.length > 0 ? 1 : 0;

async function measure(history: "dynamodb" | "s3"): Promise<Peak[]> {
  const { credentials } = s3Config("");
  const [dynamodb, s3] = await Promise.all([startDynamoDB(), startS3({ accessKey: credentials })]);
  const bucketName = await createBucket(s3.endpoint);
  const table = {
    client: documentClient(engineConfig(dynamodb.endpoint)),
    tableName: await createChatTable(dynamodb.endpoint),
    now: () => new Date(),
    objects: new S3ObjectStore({
      client: s3Client(s3Config(s3.endpoint)),
      bucketName,
      now: () => new Date(),
    }),
  };
  const worst = await fill(table, history, size);
  const { iss, client_id } = claimsOf("alice");
  const fn = new MeasuredFunction(configured, {
    TENANT: "acme",
    TABLE_NAME: table.tableName,
    BUCKET_NAME: bucketName,
    HISTORY: history,
    USER_POOL_ID: String(iss).split("/").at(-1) ?? "",
    USER_POOL_CLIENT_IDS: String(client_id),
    MODELS: "embedded",
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_ENDPOINT_URL_DYNAMODB: dynamodb.endpoint,
    AWS_ENDPOINT_URL_S3: s3.endpoint,
  });
  const found: Peak[] = [];
  try {
    for (const { operation, content, event } of badRequests(worst, history)) {
      const took = await fn.ask(event);
      found.push({ operation, content, history, ...took });
      const { status, bytes, megabytes, failure = "" } = took;
      console.log(
        `${history} ${operation}, ${content}: ${status} ${bytes} bytes, ${Math.round(megabytes)} MB ${failure}`,
      );
    }
  } finally {
    await fn.stop();
    await Promise.all([dynamodb.stop(), s3.stop()]);
  }
  return found;
}
