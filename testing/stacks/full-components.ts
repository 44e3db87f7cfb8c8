/** Each component with everything turned on that makes resources: what its contract is recorded from. */

import { AuthPool } from "../../components/auth-pool/auth-pool.ts";
import { ChatApi } from "../../components/chat-api/chat-api.ts";
import { ChatTable } from "../../components/chat-table/chat-table.ts";
import { AuditTrail } from "../../components/companions/audit-trail.ts";
import { ChatArchive } from "../../components/companions/chat-archive.ts";
import { EgressNetwork } from "../../components/companions/egress/egress-network.ts";
import { PrivateNetwork } from "../../components/companions/private-network.ts";
import { SqlFollower } from "../../components/companions/sql-follower.ts";
import { TenantEvents } from "../../components/companions/tenant-events.ts";
import { TenantKey } from "../../components/companions/tenant-key.ts";
import { DocumentBucket } from "../../components/document-bucket/document-bucket.ts";
import type { Settings } from "../../stacks/settings.ts";
import { TenantStack } from "../../stacks/tenant-stack.ts";
import { tiers } from "../../stacks/tiers.ts";

const acme = { tenant: "acme" };
const alarms = { topicArn: "arn:aws:sns:us-east-1:123456789012:operators" };
const corsOrigins = ["https://app.acme.example"];

/** Settings that turn every companion on, with all that it can have. */
export const everyCompanion = {
  monitoring: { monthlyBudget: 100, notify: ["ops@example.com"] },
  archive: {},
  network: { interfaceEndpoints: ["bedrock-runtime"] },
  audit: {},
} satisfies Settings;

export const fullComponents: Readonly<Record<string, () => unknown>> = {
  ChatTable: () =>
    new ChatTable("chat", {
      ...acme,
      capacity: { mode: "provisioned", read: { min: 1, max: 2 }, write: { min: 1, max: 2 } },
      backups: {},
      alarms,
    }),
  DocumentBucket: () =>
    new DocumentBucket("documents", {
      ...acme,
      accessLogs: "on",
      objectLock: { mode: "governance", days: 1 },
      replication: { bucketArn: "arn:aws:s3:::acme-copies", region: "us-west-2" },
      corsOrigins,
    }),
  AuthPool: () =>
    new AuthPool("users", {
      ...acme,
      featurePlan: "plus",
      threatProtection: "enforced",
      managedLogin: {
        domain: { prefix: "acme" },
        redirects: { callbackUrls: ["https://app.acme.example/signed-in"] },
      },
      clients: { mobile: {} },
      machineClients: ["crm"],
      webAclArn: "arn:aws:wafv2:us-east-1:123456789012:regional/webacl/users/1",
      identityProviders: {
        Federation: { kind: "saml", metadataUrl: "https://idp.acme.example/metadata.xml" },
      },
    }),
  TenantKey: () => new TenantKey("key", acme),
  TenantEvents: () => new TenantEvents("events", acme),
  ChatApi: () =>
    new ChatApi("api", {
      ...acme,
      table: new ChatTable("chat", acme),
      documents: new DocumentBucket("documents", acme),
      auth: new AuthPool("users", acme),
      models: ["amazon.nova-lite-v1:0"],
      firewall: "on",
      failedEvents: "queue",
      reference: "public",
      corsOrigins,
      quota: { requests: 1, per: "day" },
      domain: { name: "chat.acme.example", hostedZoneId: "Z1" },
      release: "versions",
      provisionedConcurrency: 1,
      alarms,
    }),
  AuditTrail: () =>
    new AuditTrail("audit", {
      ...acme,
      tableArns: ["arn:aws:dynamodb:us-east-1:123456789012:table/chat"],
      bucketArns: [],
      accessLogs: "on",
    }),
  ChatArchive: () =>
    new ChatArchive("archive", {
      ...acme,
      table: new ChatTable("chat", acme),
      accessLogs: "on",
    }),
  SqlFollower: () =>
    new SqlFollower("sql", {
      ...acme,
      table: new ChatTable("chat", acme),
      documents: new DocumentBucket("documents", acme),
      secretArn: "arn:aws:secretsmanager:us-east-1:123456789012:secret:sql-AbCdEf",
      alarms,
    }),
  EgressNetwork: () => new EgressNetwork("egress", { ...acme, ...everyCompanion.network }),
  PrivateNetwork: () => new PrivateNetwork("network", { ...acme, ...everyCompanion.network }),
  TenantStack: () =>
    new TenantStack("acme", {
      ...acme,
      tier: "enterprise",
      settings: { ...tiers.enterprise, ...everyCompanion },
    }),
};
