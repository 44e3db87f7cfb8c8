import { CognitoIdentityProviderClient } from "@aws-sdk/client-cognito-identity-provider";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { needsPathStyle } from "../../app/objects/path-style.ts";

/** Base URLs of the three services that are provisioned for real. */
export interface Endpoints {
  readonly dynamodb: string;
  readonly s3: string;
  readonly cognito: string;
}

/** Services whose endpoint the environment names: nothing is embedded in their place. */
export function foreignEndpoints(env: NodeJS.ProcessEnv): Partial<Endpoints> {
  const endpoint = (service: string) => env[`AWS_ENDPOINT_URL_${service}`] ?? env.AWS_ENDPOINT_URL;
  const found = {
    dynamodb: endpoint("DYNAMODB"),
    s3: endpoint("S3"),
    cognito: endpoint("COGNITO_IDENTITY_PROVIDER"),
  };
  return Object.fromEntries(
    Object.entries(found).flatMap(([service, url]) =>
      url === undefined ? [] : [[service, url.replace(/\/+$/, "")]],
    ),
  );
}

export interface AwsClients {
  readonly dynamodb: DynamoDBClient;
  readonly s3: S3Client;
  readonly cognito: CognitoIdentityProviderClient;
}

/**
 * Those of the environment, or `test` and `test`, the ones that emulators without a configuration of their
 * own take.
 */
export function localCredentials(env: NodeJS.ProcessEnv = process.env) {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = env;
  return {
    accessKeyId: AWS_ACCESS_KEY_ID ?? "test",
    secretAccessKey: AWS_SECRET_ACCESS_KEY ?? "test",
    ...(AWS_SESSION_TOKEN !== undefined && { sessionToken: AWS_SESSION_TOKEN }),
  };
}

export function connect(endpoints: Endpoints, region: string): AwsClients {
  const shared = { region, credentials: localCredentials(), maxAttempts: 3 };
  const forcePathStyle = needsPathStyle(endpoints.s3);
  return {
    dynamodb: new DynamoDBClient({ ...shared, endpoint: endpoints.dynamodb }),
    s3: new S3Client({ ...shared, endpoint: endpoints.s3, forcePathStyle }),
    cognito: new CognitoIdentityProviderClient({ ...shared, endpoint: endpoints.cognito }),
  };
}

/** Rejections of a service that mean that there is nothing by that name. */
export const isMissing = (error: unknown): boolean =>
  error instanceof Error &&
  ["ResourceNotFoundException", "NotFound", "NoSuchBucket"].includes(error.name);
