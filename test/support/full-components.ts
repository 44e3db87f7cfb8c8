/** Each component with everything turned on that makes resources: what its contract is recorded from. */
import { AuthPool } from "../../components/auth-pool.ts";
import { ChatApi } from "../../components/chat-api.ts";
import { ChatTable } from "../../components/chat-table.ts";
import { DocumentBucket } from "../../components/document-bucket.ts";
import { TenantKey } from "../../components/tenant-key.ts";
import { TenantStack } from "../../stacks/tenant-stack.ts";
import { tiers } from "../../stacks/tiers.ts";

const acme = { tenant: "acme" };

export const fullComponents: Readonly<Record<string, () => unknown>> = {
  ChatTable: () =>
    new ChatTable("chat", {
      ...acme,
      capacity: { mode: "provisioned", read: { min: 1, max: 2 }, write: { min: 1, max: 2 } },
      backups: {},
    }),
  DocumentBucket: () => new DocumentBucket("documents", { ...acme, accessLogs: "on" }),
  AuthPool: () =>
    new AuthPool("users", { ...acme, featurePlan: "plus", threatProtection: "enforced" }),
  TenantKey: () => new TenantKey("key", acme),
  ChatApi: () =>
    new ChatApi("api", {
      ...acme,
      table: new ChatTable("chat", acme),
      documents: new DocumentBucket("documents", acme),
      auth: new AuthPool("users", acme),
      firewall: "on",
      failedEvents: "queue",
    }),
  TenantStack: () =>
    new TenantStack("acme", { ...acme, tier: "enterprise", settings: tiers.enterprise }),
};
