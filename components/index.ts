/** The components, for programs that build tenants of their own. */

export type {
  EventContext,
  EventHandlers,
  QueueHandler,
  QueueMessage,
  ScheduledRun,
  ScheduleHandler,
} from "../app/own-app/events.ts";
export { chatTable as tableDescription, type TableDescription } from "../app/resources/table.ts";
export { AuthPool, type AuthPoolArgs } from "./auth-pool/auth-pool.ts";
export { ChatApi, type ChatApiArgs, type UserPool } from "./chat-api/chat-api.ts";
export {
  EventSources,
  type QueueSource,
  type ScheduleSource,
  type SourcesOf,
} from "./chat-api/events/event-sources.ts";
export type { AppBindings, OwnApp, OwnData } from "./chat-api/function/own-app.ts";
export type { Capacity } from "./chat-table/capacity.ts";
export { ChatTable, type ChatTableArgs } from "./chat-table/chat-table.ts";
export { type ExistingTable, existingTable, type TableAccess } from "./chat-table/table-access.ts";
export type { BackupSettings, VaultLock } from "./chat-table/table-backup.ts";
export { AuditTrail, type AuditTrailArgs } from "./companions/audit-trail.ts";
export { ChatArchive, type ChatArchiveArgs } from "./companions/chat-archive.ts";
export {
  EgressNetwork,
  type EgressNetworkArgs,
  type Outbound,
} from "./companions/egress/egress-network.ts";
export { PrivateNetwork, type PrivateNetworkArgs } from "./companions/private-network.ts";
export { SqlFollower, type SqlFollowerArgs } from "./companions/sql-follower.ts";
export {
  type EventSink,
  TenantEvents,
  type TenantEventsArgs,
} from "./companions/tenant-events.ts";
export { TenantKey, type TenantKeyArgs } from "./companions/tenant-key.ts";
export { TenantMonitoring, type TenantMonitoringArgs } from "./companions/tenant-monitoring.ts";
export type { TenantComponentArgs, Transform } from "./component.ts";
export {
  type BucketAccess,
  type ExistingBucket,
  existingBucket,
} from "./document-bucket/bucket-access.ts";
export { DocumentBucket, type DocumentBucketArgs } from "./document-bucket/document-bucket.ts";
export type { CustomerManagedKey, Encryption } from "./encryption.ts";
export type { PolicyStatement } from "./iam.ts";
export type { Network } from "./network.ts";
export type { Retain } from "./retain.ts";
