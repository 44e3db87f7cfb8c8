/** Where the commands that read and write tables, backups and documents find them. */
import type { BackupClient } from "@aws-sdk/client-backup";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { DynamoDBStreamsClient } from "@aws-sdk/client-dynamodb-streams";
import type { S3Client } from "@aws-sdk/client-s3";

export interface Place {
  readonly region: string;
  /** Absent on AWS, as are the credentials: the SDK finds its own. */
  readonly dynamodbEndpoint?: string;
  readonly s3Endpoint?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

const tableSettings = ({ region, credentials, dynamodbEndpoint }: Place) => ({
  region,
  ...(credentials !== undefined && { credentials }),
  ...(dynamodbEndpoint !== undefined && { endpoint: dynamodbEndpoint }),
});

export async function connectDynamoDB(place: Place): Promise<DynamoDBClient> {
  const { DynamoDBClient } = await import("@aws-sdk/client-dynamodb");
  return new DynamoDBClient(tableSettings(place));
}

/** Engines on laptops serve the tables' streams where they serve the tables. */
export async function connectStreams(place: Place): Promise<DynamoDBStreamsClient> {
  const { DynamoDBStreamsClient } = await import("@aws-sdk/client-dynamodb-streams");
  return new DynamoDBStreamsClient(tableSettings(place));
}

/**
 * AWS Backup; undefined in an environment on this machine, which has none. (There, only a named endpoint
 * stands for it: the account must never be reached by accident.)
 */
export async function connectBackup(place: Place): Promise<BackupClient | undefined> {
  const { AWS_ENDPOINT_URL_BACKUP, AWS_ENDPOINT_URL } = process.env;
  const endpoint = AWS_ENDPOINT_URL_BACKUP ?? AWS_ENDPOINT_URL;
  const { region, credentials, dynamodbEndpoint } = place;
  if (dynamodbEndpoint !== undefined && endpoint === undefined) return undefined;
  const { BackupClient } = await import("@aws-sdk/client-backup");
  return new BackupClient({ region, ...(credentials !== undefined && { credentials }) });
}

export async function connectS3(place: Place): Promise<S3Client> {
  const { S3Client } = await import("@aws-sdk/client-s3");
  const { region, credentials, s3Endpoint } = place;
  return new S3Client({
    region,
    ...(credentials !== undefined && { credentials }),
    ...(s3Endpoint !== undefined && { endpoint: s3Endpoint, forcePathStyle: true }),
  });
}
