import { DynamoDBClient, type DynamoDBClientConfig } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { StoreError } from "../store-error.ts";

/** What AWS answers when it wants us to come back later; the SDK has retried before we see it. */
const busyErrors = new Set([
  "InternalServerError",
  "ProvisionedThroughputExceededException",
  "RequestLimitExceeded",
  "ServiceUnavailable",
  "ThrottlingException",
  "TimeoutError",
  "TransactionInProgressException",
]);

/** Region, endpoint and credentials come from the environment, as the SDK reads it. */
export function documentClient(config: DynamoDBClientConfig = {}): DynamoDBDocumentClient {
  const client = new DynamoDBClient({
    maxAttempts: 3,
    // A DynamoDB request takes milliseconds: fail over to a retry long before the gateway gives up.
    requestHandler: { connectionTimeout: 1_000, requestTimeout: 4_000 },
    ...config,
  });
  // Outermost, so that the SDK's own retries come first: every store call turns busy in one place.
  client.middlewareStack.add(
    (next) => async (args) => {
      try {
        return await next(args);
      } catch (error) {
        if (isBusy(error)) throw new StoreError("busy", { cause: error });
        throw error;
      }
    },
    { step: "initialize", priority: "high", name: "busyMiddleware" },
  );
  return DynamoDBDocumentClient.from(client, {
    marshallOptions: { removeUndefinedValues: true },
  });
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && busyErrors.has(error.name);
}
