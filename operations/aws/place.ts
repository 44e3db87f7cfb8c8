/** Where the commands that read and write tables find them. */
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";

export interface Place {
  readonly region: string;
  /** Absent on AWS, as are the credentials: the SDK finds its own. */
  readonly dynamodbEndpoint?: string;
  readonly s3Endpoint?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
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
