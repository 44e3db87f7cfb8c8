/** What a tenant's API may do to the tenant's data and with models: as much as its state takes. */
import { bucketFolders } from "../../app/resources/bucket.ts";
import type { TenantState } from "../../app/resources/tenant-state.ts";
import type { ChatTable } from "../chat-table/chat-table.ts";
import type { DocumentBucket } from "../document-bucket/document-bucket.ts";
import type { PolicyStatement } from "../iam.ts";
import { grantModels, type ModelProfiles, type ModelSettings } from "./models.ts";

export interface GrantedData extends ModelSettings {
  readonly table: ChatTable;
  readonly documents: DocumentBucket;
  readonly history: "dynamodb" | "s3";
  readonly profiles: ModelProfiles;
}

export function grantsOf(
  state: TenantState,
  { table, documents, history, profiles, ...models }: GrantedData,
): PolicyStatement[] {
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
