/** What a tenant's API may do to the tenant's data and with models: as much as its state takes. */
import { bucketFolders } from "../../app/resources/bucket.ts";
import type { TenantState } from "../../app/resources/tenant-state.ts";
import type { TableAccess } from "../chat-table/table-access.ts";
import type { BucketAccess } from "../document-bucket/bucket-access.ts";
import type { PolicyStatement } from "../iam.ts";
import type { OwnApp } from "./function/own-app.ts";
import { grantModels, type ModelProfiles, type ModelSettings } from "./models.ts";

export interface GrantedData extends ModelSettings {
  readonly table: TableAccess;
  readonly documents: BucketAccess;
  /** Absent where the function runs our app. */
  readonly app?: OwnApp;
  readonly history: "dynamodb" | "s3";
  readonly profiles: ModelProfiles;
}

export function grantsOf(
  state: TenantState,
  { table, documents, history, profiles, app, ...models }: GrantedData,
): PolicyStatement[] {
  if (app) {
    if (state === "suspended") return [];
    const asked = state === "active" ? grantModels(models, table.tableArn, profiles) : [];
    return [...(app.permissions ?? []), ...asked];
  }
  const { used, unused } = foldersOf(history);
  switch (state) {
    case "active":
      return [
        ...table.grantReadWrite(),
        ...documents.grantReadWrite(...used),
        ...documents.grantErase(...unused),
        ...grantModels(models, table.tableArn, profiles),
      ];
    case "off-boarding":
      return [
        ...table.grantReadAndErase(),
        ...documents.grantReadAndErase(...used),
        ...documents.grantErase(...unused),
      ];
    case "suspended":
      return [];
  }
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
