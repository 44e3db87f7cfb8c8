import type { AppDependencies } from "../context.ts";
import { Library } from "../documents/library.ts";
import { BucketPassages } from "../documents/retrieval.ts";
import { readText } from "../documents/text.ts";
import { EventBus } from "../events/event-bus.ts";
import { documentsWithEvents, withEvents } from "../events/with-events.ts";
import { Cursors } from "../http/cursor.ts";
import type { MaintenanceParts } from "../maintenance/maintenance.ts";
import { guardrailsOf, modelsOf } from "../models/models.ts";
import { lazyObjectStore } from "../objects/lazy.ts";
import { DynamoDBAdminStore } from "../store/dynamodb/admin.ts";
import { DynamoDBConversationStore } from "../store/dynamodb/conversations/conversations.ts";
import { DynamoDBDocumentStore } from "../store/dynamodb/documents.ts";
import { DynamoDBErasureStore } from "../store/dynamodb/erasing/erasures.ts";
import { DynamoDBMaintenanceStore } from "../store/dynamodb/maintenance/maintenance.ts";
import { DynamoDBProfileStore } from "../store/dynamodb/profiles.ts";
import { DynamoDBRecordStore } from "../store/dynamodb/records.ts";
import { DynamoDBRunStore } from "../store/dynamodb/runs.ts";
import { documentClient } from "../store/dynamodb/table/client.ts";
import { signingKey } from "../store/dynamodb/table/signing-key.ts";
import { DynamoDBTransferStore } from "../store/dynamodb/transfer.ts";
import { DynamoDBUsageStore } from "../store/dynamodb/usage.ts";
import { S3ConversationStore } from "../store/s3/conversations.ts";
import { S3Search } from "../store/s3/search.ts";
import { S3TransferStore } from "../store/s3/transfer.ts";
import type { Environment } from "./environment.ts";
import { logToStdout, reportTo } from "./log.ts";

/** What the app needs from outside, and its maintenance. */
export type Ports = AppDependencies &
  MaintenanceParts & {
    /** Resolves when nothing goes on behind an answer any more. Default: nothing does. */
    readonly ended?: () => Promise<void>;
  };

/** The real thing behind each port. Region, endpoints and credentials are the SDK's to find. */
export function dependenciesOf(environment: Environment): Ports {
  const now = () => new Date();
  const objects = lazyObjectStore(async () => {
    const { S3ObjectStore, s3Client } = await import("../objects/s3.ts");
    return new S3ObjectStore({ client: s3Client(), bucketName: environment.BUCKET_NAME, now });
  });
  const report = reportTo(logToStdout, environment.TENANT);
  const client = documentClient();
  const table = { client, tableName: environment.TABLE_NAME, now, objects, report };
  const { TENANT: tenant, EVENT_BUS: busName } = environment;
  const bus =
    busName === undefined ? undefined : new EventBus({ tenant, busName, log: logToStdout });
  const stored = new DynamoDBDocumentStore(table);
  const documents = bus === undefined ? stored : documentsWithEvents(stored, bus, now);
  const ports: Ports = {
    tenant: environment.TENANT,
    state: environment.TENANT_STATE,
    audience: {
      userPoolId: environment.USER_POOL_ID,
      clientIds: environment.USER_POOL_CLIENT_IDS,
    },
    conversations:
      environment.HISTORY === "s3"
        ? new S3ConversationStore(objects, now, report)
        : new DynamoDBConversationStore(table),
    profiles: new DynamoDBProfileStore(table),
    records: new DynamoDBRecordStore(table),
    models: modelsOf(environment.MODELS, environment.MODEL_LIMITS),
    guardrails: guardrailsOf(environment.GUARDRAILS),
    usage: new DynamoDBUsageStore(table),
    quotas: {
      tokensPerDay: environment.TOKENS_PER_DAY,
      tokensPerMonth: environment.TOKENS_PER_MONTH,
    },
    library: new Library({
      documents,
      objects,
      readText,
      now,
      locksObjects: environment.OBJECT_LOCK === "on",
    }),
    passages: new BucketPassages(documents, objects),
    admin: new DynamoDBAdminStore(table),
    transfers:
      environment.HISTORY === "s3"
        ? new S3TransferStore(objects, now, report)
        : new DynamoDBTransferStore(table),
    runs: new DynamoDBRunStore(table),
    erasures: new DynamoDBErasureStore(table),
    maintenance: new DynamoDBMaintenanceStore(
      table,
      environment.HISTORY === "s3" ? new S3Search(objects, now, report) : undefined,
    ),
    cursors: new Cursors(signingKey(table)),
    now,
    log: logToStdout,
  };
  return bus === undefined ? ports : withEvents(ports, bus);
}
