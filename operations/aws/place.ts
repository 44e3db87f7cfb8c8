/** Where the commands that read and write tables find them: on AWS, or in the environment running here. */
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { UsageError } from "../usage-error.ts";

export interface Place {
  readonly region: string;
  /** Absent on AWS, as are the credentials: the SDK finds its own. */
  readonly dynamodbEndpoint?: string;
  readonly s3Endpoint?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** Options that say where, as the commands' flags hold them. */
export interface PlaceFlags {
  readonly region?: string;
  readonly dataDir: string;
}

/**
 * AWS if a region is named, else what runs on this machine.
 *
 * @throws UsageError when nothing does.
 */
export async function findPlace({ region, dataDir }: PlaceFlags): Promise<Place> {
  if (region !== undefined) return { region };
  const { DataDir } = await import("../../local/data-dir.ts");
  const { localCredentials } = await import("../../local/provider/clients.ts");
  const running = new DataDir(dataDir).running();
  if (running === undefined) {
    throw new UsageError(
      `No environment is running on data folder ${dataDir}. Start one with \`chatstack start\`, ` +
        "name its folder with --data-dir, or go to AWS with --region.",
    );
  }
  return { ...running, credentials: localCredentials() };
}

export async function connectDynamoDB(place: Place): Promise<DynamoDBClient> {
  const { DynamoDBClient } = await import("@aws-sdk/client-dynamodb");
  const { region, credentials, dynamodbEndpoint } = place;
  return new DynamoDBClient({
    region,
    ...(credentials !== undefined && { credentials }),
    ...(dynamodbEndpoint !== undefined && { endpoint: dynamodbEndpoint }),
  });
}
