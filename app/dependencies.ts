import type { AppDependencies } from "./app.ts";
import { Cursors } from "./cursor.ts";
import type { Environment } from "./environment.ts";
import { logToStdout } from "./log.ts";
import { modelsOf } from "./models/models.ts";
import { documentClient } from "./store/dynamodb/client.ts";
import { DynamoDBConversationStore } from "./store/dynamodb/conversations.ts";
import { DynamoDBProfileStore } from "./store/dynamodb/profiles.ts";
import { DynamoDBRecordStore } from "./store/dynamodb/records.ts";
import { signingKey } from "./store/dynamodb/signing-key.ts";
import { DynamoDBUsageStore } from "./store/dynamodb/usage.ts";

/** The real thing behind each port. Region, endpoints and credentials are the SDK's to find. */
export function dependenciesOf(environment: Environment): AppDependencies {
  const table = {
    client: documentClient(),
    tableName: environment.TABLE_NAME,
    now: () => new Date(),
  };
  return {
    tenant: environment.TENANT,
    audience: {
      userPoolId: environment.USER_POOL_ID,
      clientIds: environment.USER_POOL_CLIENT_IDS,
    },
    conversations: new DynamoDBConversationStore(table),
    profiles: new DynamoDBProfileStore(table),
    records: new DynamoDBRecordStore(table),
    models: modelsOf(environment.MODELS),
    usage: new DynamoDBUsageStore(table),
    quotas: {
      tokensPerDay: environment.TOKENS_PER_DAY,
      tokensPerMonth: environment.TOKENS_PER_MONTH,
    },
    cursors: new Cursors(signingKey(table)),
    log: logToStdout,
  };
}
