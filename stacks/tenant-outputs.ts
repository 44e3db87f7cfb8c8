/** What a stack says of each of its tenants: `pulumi stack output tenants`, by the tenant's id. */
import * as pulumi from "@pulumi/pulumi";
import type { TenantState } from "../app/resources/tenant-state.ts";
import type { AuthPool } from "../components/auth-pool/auth-pool.ts";
import type { ChatApi } from "../components/chat-api/chat-api.ts";
import type { ChatTable } from "../components/chat-table/chat-table.ts";
import type { AuditTrail } from "../components/companions/audit-trail.ts";
import type { ChatArchive } from "../components/companions/chat-archive.ts";
import type { TenantEvents } from "../components/companions/tenant-events.ts";
import type { TenantKey } from "../components/companions/tenant-key.ts";
import type { TenantMonitoring } from "../components/companions/tenant-monitoring.ts";

/** What a client or an operator needs to know of a tenant. */
export interface TenantOutputs {
  readonly state: TenantState;
  /** Absent unless the tenant is off-boarding and its data has a last day. */
  readonly retainUntil?: string;
  readonly apiUrl: pulumi.Output<string>;
  readonly userPoolId: pulumi.Output<string>;
  readonly clientId: pulumi.Output<string>;
  /** To send as `x-api-key`, where the tenant has a quota. Secret. */
  readonly apiKey?: pulumi.Output<string>;
  readonly tableName: pulumi.Output<string>;
  readonly bucketName: pulumi.Output<string>;
  /** Issuer of the tenant's tokens: their `iss`, and the address of its keys. */
  readonly issuer: pulumi.Output<string>;
  /** Ids of the further clients, by name. Absent if there are none. */
  readonly clientIds?: Readonly<Record<string, pulumi.Output<string>>>;
  /** Clients of servers that call the API without a user, by name. Absent if there are none. */
  readonly machineClients?: Readonly<Record<string, MachineClient>>;
  /** Target of the DNS record of the API's own host name. Absent if it has none. */
  readonly domain?: AliasTarget & { readonly name: string };
  /** Absent while managed login is off. */
  readonly login?: LoginOutputs;
  /** Key that encrypts the tenant's data; absent where AWS owns it. */
  readonly keyArn?: pulumi.Output<string>;
  /** Vault of the table's scheduled backups; absent while they are off. */
  readonly backupVaultArn?: pulumi.Output<string>;
  /** Queue of events that the function could not handle; absent where they are dropped. */
  readonly failedEventsQueueUrl?: pulumi.Output<string>;
  /** Absent while the archive is off. */
  readonly archive?: ArchiveOutputs;
  /** Where CloudTrail's events are; absent while the audit trail is off. */
  readonly auditBucketName?: pulumi.Output<string>;
  /** ARN of the event bus. Absent while `events` is off. */
  readonly eventBusArn?: pulumi.Output<string>;
  /** ARN of the topic for alarms and the budget. Absent if nobody is notified. */
  readonly alarmTopicArn?: pulumi.Output<string>;
}

/** For OAuth's client credentials, at the login domain's `/oauth2/token`. */
export interface MachineClient {
  readonly clientId: pulumi.Output<string>;
  /** Secret. */
  readonly clientSecret: pulumi.Output<string>;
}

/** For an alias record (A), or a CNAME to `aliasTarget` where the zone is not in Route 53. */
export interface AliasTarget {
  readonly aliasTarget: pulumi.Output<string>;
  /** Of the zone that the target is in, which an alias record in Route 53 names. */
  readonly aliasZoneId: pulumi.Output<string>;
}

export interface LoginOutputs {
  /** The domain's prefix or host name, as Cognito has it. */
  readonly domain: pulumi.Output<string>;
  /** CloudFront's name, which the alias record of a host name of your own must lead to. */
  readonly cloudFrontDomain: pulumi.Output<string>;
  /** Of the zone that CloudFront's name is in. */
  readonly cloudFrontZoneId: pulumi.Output<string>;
}

export interface ArchiveOutputs {
  readonly bucketName: pulumi.Output<string>;
  /** Database of the Glue catalog; its table is `messages`. */
  readonly databaseName: pulumi.Output<string>;
  /** Athena workgroup, which limits how much a query may read. */
  readonly workgroupName: pulumi.Output<string>;
  /** Queue of records that the archive's pipe could not deliver. */
  readonly failedEventsQueueUrl: pulumi.Output<string>;
}

interface TenantParts {
  readonly key?: TenantKey;
  readonly table: ChatTable;
  readonly auth: AuthPool;
  readonly api: ChatApi;
  readonly companions: {
    readonly archive?: ChatArchive;
    readonly audit?: AuditTrail;
    readonly events?: TenantEvents;
    readonly monitoring?: TenantMonitoring;
  };
}

/** What is off is absent. */
export function operatorOutputs({
  key,
  table,
  auth,
  api,
  companions,
}: TenantParts): Omit<TenantOutputs, "state" | "retainUntil" | ClientOutput> {
  const { domain, function: fn } = api.nodes;
  const { login, machines, clients, userPool } = auth.nodes;
  const { backup } = table.nodes;
  const { failedEvents } = fn.nodes;
  const { archive, audit, events, monitoring } = companions;
  return {
    issuer: pulumi.interpolate`https://${userPool.endpoint}`,
    ...(Object.keys(clients).length > 0 && {
      clientIds: mapValues(clients, ({ id }) => id),
    }),
    ...(Object.keys(machines.clients).length > 0 && {
      machineClients: mapValues(machines.clients, ({ id, clientSecret }) => ({
        clientId: id,
        clientSecret: pulumi.secret(clientSecret),
      })),
    }),
    ...(domain && {
      domain: {
        name: domain.url.slice("https://".length),
        aliasTarget: domain.nodes.domain.regionalDomainName,
        aliasZoneId: domain.nodes.domain.regionalZoneId,
      },
    }),
    ...(login && {
      login: {
        domain: login.domain.domain,
        cloudFrontDomain: login.domain.cloudfrontDistribution,
        cloudFrontZoneId: login.domain.cloudfrontDistributionZoneId,
      },
    }),
    ...(key && { keyArn: key.keyArn }),
    ...(backup && { backupVaultArn: backup.vaultArn }),
    ...(failedEvents && { failedEventsQueueUrl: failedEvents.nodes.queue.url }),
    ...(archive && {
      archive: {
        bucketName: archive.bucketName,
        databaseName: archive.databaseName,
        workgroupName: archive.workgroupName,
        failedEventsQueueUrl: archive.nodes.failedEvents.nodes.queue.url,
      },
    }),
    ...(audit && { auditBucketName: audit.bucketName }),
    ...(events && { eventBusArn: events.busArn }),
    ...(monitoring?.topicArn && { alarmTopicArn: monitoring.topicArn }),
  };
}

/** What clients need, from the first day. */
type ClientOutput = "apiUrl" | "userPoolId" | "clientId" | "apiKey" | "tableName" | "bucketName";

const mapValues = <In, Out>(
  values: Readonly<Record<string, In>>,
  from: (value: In) => Out,
): Record<string, Out> =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, from(value)]));
