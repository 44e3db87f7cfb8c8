/** The entry point of the function that keeps PostgreSQL in step with a table's stream. */
import * as z from "zod";
import { defaultProvider } from "../lambda/credentials.ts";
import { logToStdout, reportTo } from "../lambda/log.ts";
import { lazyObjectStore } from "../objects/lazy.ts";
import { documentClient } from "../store/dynamodb/table/client.ts";
import { readConnection } from "./secret.ts";
import { applyEvent, type BatchAnswer } from "./stream-event.ts";
import { postgresTarget, type Target } from "./target.ts";

const environment = z
  .object({
    TENANT: z.string().min(1),
    TABLE_NAME: z.string().min(1),
    BUCKET_NAME: z.string().min(1),
    SCHEMA: z.string().min(1),
    SECRET_ARN: z.string().min(1),
    SECRETS_ENDPOINT: z.string().min(1),
  })
  .parse(process.env);

const now = () => new Date();
const objects = lazyObjectStore(async () => {
  const { S3ObjectStore, s3Client } = await import("../objects/s3.ts");
  return new S3ObjectStore({ client: s3Client(), bucketName: environment.BUCKET_NAME, now });
});
const report = reportTo(logToStdout, environment.TENANT);
const source = {
  client: documentClient(),
  tableName: environment.TABLE_NAME,
  now,
  objects,
  report,
};

let connected: Promise<Target> | undefined;

async function connect(): Promise<Target> {
  const { host, port, dbname, username, password } = await readConnection({
    secretArn: environment.SECRET_ARN,
    endpoint: environment.SECRETS_ENDPOINT,
    credentials: await defaultProvider()(),
  });
  return postgresTarget({
    host,
    port,
    database: dbname,
    username,
    password,
    // A frozen process does not hold what the server closes meanwhile.
    idle_timeout: 20,
    ssl: { rejectUnauthorized: true },
  });
}

/** What Lambda runs: `index.handler`. */
export async function handler(event: unknown): Promise<BatchAnswer> {
  const target = async () => {
    connected ??= connect();
    return connected;
  };
  try {
    return await applyEvent(
      { tenant: environment.TENANT, source, schema: environment.SCHEMA, target, log: logToStdout },
      event,
    );
  } catch (error) {
    // The secret may have been rotated: the next batch reads it again.
    const last = connected;
    connected = undefined;
    await last?.then((one) => one.close()).catch(() => {});
    throw error;
  }
}
