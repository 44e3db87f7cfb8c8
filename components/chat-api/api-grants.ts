/** What a tenant's API may do to the tenant's data and with models: as much as its state takes. */
import { bucketFolders } from "../../app/resources/bucket.ts";
import type { TenantState } from "../../app/resources/tenant-state.ts";
import type { TableAccess } from "../chat-table/table-access.ts";
import type { EventSink } from "../companions/tenant-events.ts";
import type { BucketAccess } from "../document-bucket/bucket-access.ts";
import type { PolicyStatement } from "../iam.ts";
import { type EventQueues, grantReceive } from "./events/events.ts";
import { isOurs, type OwnApp, ownPermissions } from "./function/own-app.ts";
import { grantModels, type ModelProfiles, type ModelSettings } from "./models.ts";

export interface GrantedData extends ModelSettings {
  readonly table: TableAccess;
  readonly documents: BucketAccess;
  /** Absent where the function runs our app as it is. */
  readonly app?: OwnApp;
  readonly history: "dynamodb" | "s3";
  readonly events?: EventSink;
  readonly profiles: ModelProfiles;
  /** Of the app. */
  readonly queues: EventQueues;
}

export function grantsOf(
  state: TenantState,
  { table, documents, history, profiles, app, events, queues, ...models }: GrantedData,
): PolicyStatement[] {
  // A mapping that is disabled must still be able to read its queue: Lambda checks that whenever it is changed.
  if (state === "suspended") return grantReceive(queues);
  const asked = state === "active" ? grantModels(models, table.tableArn, profiles) : [];
  const data = { table, documents, queues };
  const own = app ? [...ownPermissions(app, data), ...grantReceive(queues)] : [];
  if (!isOurs(app)) return [...own, ...asked];
  const { used, unused } = foldersOf(history);
  const told = events?.grantPut() ?? [];
  return state === "active"
    ? [
        ...table.grantReadWrite(),
        ...documents.grantReadWrite(...used),
        ...documents.grantErase(...unused),
        ...asked,
        ...told,
        ...own,
      ]
    : [
        ...table.grantReadAndErase(),
        ...documents.grantReadAndErase(...used),
        ...documents.grantErase(...unused),
        ...told,
        ...own,
      ];
}

/**
 * Folders of the bucket by whether the app uses them. An erasure looks into the others too: a tenant
 * whose history moved into the table may have left conversations there.
 */
function foldersOf(history: GrantedData["history"]) {
  const { history: conversations, historyRequests, ...always } = bucketFolders;
  const used = Object.values(always).map(({ prefix }) => prefix);
  const kept = [conversations.prefix, historyRequests.prefix];
  return history === "s3" ? { used: [...used, ...kept], unused: [] } : { used, unused: kept };
}
