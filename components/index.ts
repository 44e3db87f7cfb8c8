/** The components, for programs that build tenants of their own. */
export { AuditTrail, type AuditTrailArgs } from "./audit-trail.ts";
export { AuthPool, type AuthPoolArgs } from "./auth-pool.ts";
export type { Capacity } from "./capacity.ts";
export { ChatApi, type ChatApiArgs, type UserPool } from "./chat-api.ts";
export { ChatArchive, type ChatArchiveArgs } from "./chat-archive.ts";
export { ChatTable, type ChatTableArgs } from "./chat-table.ts";
export type { TenantComponentArgs, Transform } from "./component.ts";
export { DocumentBucket, type DocumentBucketArgs } from "./document-bucket.ts";
export type { CustomerManagedKey, Encryption } from "./encryption.ts";
export type { PolicyStatement } from "./iam.ts";
export type { Network } from "./network.ts";
export { PrivateNetwork, type PrivateNetworkArgs } from "./private-network.ts";
export type { Retain } from "./retain.ts";
export type { BackupSettings, VaultLock } from "./table-backup.ts";
export { TenantKey, type TenantKeyArgs } from "./tenant-key.ts";
export { TenantMonitoring, type TenantMonitoringArgs } from "./tenant-monitoring.ts";
