/**
 * `app/store/dynamodb/table/`: what every store on the table needs: keys, items, expressions,
 * transactions.
 */
import { DynamoDBClient, type DynamoDBClientConfig } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { connectionOptions } from "../../../lambda/aws-connections.ts";
import { isPassing } from "../../../lambda/aws-errors.ts";
import { noteFailures } from "../../../logging/aws-calls.ts";
import { LostRace, untilWon } from "../../contention.ts";
import { StoreError } from "../../store-error.ts";

/** Region, endpoint and credentials come from the environment, as the SDK reads it. */
export function documentClient(config: DynamoDBClientConfig = {}): DynamoDBDocumentClient {
  const client = new DynamoDBClient({
    maxAttempts: 3,
    // A DynamoDB request takes milliseconds: fail over to a retry long before the gateway gives up.
    requestHandler: connectionOptions({ answer: 4_000, silence: 4_000 }),
    ...config,
  });
  noteFailures(client.middlewareStack);
  // Outermost, so that the SDK's own retries come first: every store call turns busy in one place.
  client.middlewareStack.add(
    (next) => (args) =>
      untilWon(async () => {
        try {
          return await next(args);
        } catch (error) {
          if (isConflict(error)) throw new LostRace();
          if (isPassing(error)) throw new StoreError("busy", { cause: error });
          throw error;
        }
      }),
    { step: "initialize", priority: "high", name: "busyMiddleware" },
  );
  return DynamoDBDocumentClient.from(client, {
    marshallOptions: { removeUndefinedValues: true },
  });
}

/**
 * A plain write met a transaction on the same item, and nothing was written (DynamoDB Developer Guide,
 * "Transaction conflict handling"). The SDK does not try that again.
 */
function isConflict(error: unknown): boolean {
  return error instanceof Error && error.name === "TransactionConflictException";
}
