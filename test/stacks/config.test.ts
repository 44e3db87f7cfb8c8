import { expect, test } from "vitest";
import { readStackConfig, type StackConfig } from "../../stacks/config.ts";
import { recordsOf } from "../../testing/stacks/records.ts";

async function read(config: Record<string, unknown>): Promise<StackConfig> {
  let read: StackConfig | undefined;
  const entries = Object.entries(config).map(([key, value]) => [
    `chatstack:${key}`,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  await recordsOf(
    () => {
      read = readStackConfig();
    },
    { stack: "dev", config: Object.fromEntries(entries) },
  );
  return read!;
}

const valid = { environment: "development", tenants: [{ id: "acme", tier: "basic" }] };

test("a tenant's settings win over the stack's defaults, and these over the tier, one by one", async () => {
  const { tenants } = await read({
    ...valid,
    defaults: { retain: "destroy", table: { stream: "off" }, api: { logRetentionDays: 30 } },
    tenants: [{ id: "acme", tier: "basic", retain: "retain", api: { memorySize: 1024 } }],
  });
  expect(tenants[0]!.settings).toMatchObject({
    retain: "retain",
    table: { recoveryDays: 7, stream: "off" },
    api: { logRetentionDays: 30, memorySize: 1024, throttle: { requestsPerSecond: 20 } },
  });
});

test.each([
  [
    { tenants: [{ id: "acme", tier: "gold" }] },
    'Pulumi.dev.yaml: chatstack:tenants[0].tier: found "gold"; allowed: basic, standard, enterprise',
  ],
  [
    { tenants: [{ id: "Acme Inc", tier: "basic" }] },
    'Pulumi.dev.yaml: chatstack:tenants[0].id: found "Acme Inc"; allowed: a name that matches ^[a-z]',
  ],
  [
    {
      tenants: [
        { id: "acme", tier: "basic" },
        { id: "acme", tier: "standard" },
      ],
    },
    'Pulumi.dev.yaml: chatstack:tenants[1].id: found "acme"; allowed: an id that no other tenant',
  ],
  [
    { tenants: [{ id: "acme", tier: "basic", table: { recoveryDays: 40 } }] },
    "Pulumi.dev.yaml: chatstack:tenants[0].table.recoveryDays: found 40; allowed: at most 35",
  ],
  [
    { tenants: [{ id: "acme", tier: "basic", tabel: {} }] },
    'Pulumi.dev.yaml: chatstack:tenants[0]: found unknown "tabel"; allowed: retain, encryption, table, documents',
  ],
  [
    { tenants: [{ id: "acme", tier: "basic", table: { recovery: 7 } }] },
    'chatstack:tenants[0].table: found unknown "recovery"; allowed: recoveryDays, capacity, backups, stream',
  ],
  [
    { tenants: [{ id: "acme", tier: "basic", state: "paused" }] },
    'chatstack:tenants[0].state: found "paused"; allowed: active, suspended, off-boarding',
  ],
  [
    { tenants: [{ id: "acme", tier: "basic", state: "off-boarding", retainUntil: "2027-02-29" }] },
    'chatstack:tenants[0].retainUntil: found "2027-02-29"; allowed: a day of the calendar in quotes, e.g. "2027-03-31"',
  ],
  [
    { tenants: [{ id: "acme", tier: "basic", retainUntil: "2027-03-31" }] },
    'chatstack:tenants[0].retainUntil: found "2027-03-31"; allowed: nothing, unless the state is off-boarding',
  ],
  [
    { defaults: { state: "suspended" } },
    'chatstack:defaults: found unknown "state"; allowed: retain, encryption',
  ],
  [
    { tenants: [{ id: "shared", tier: "basic" }] },
    'chatstack:tenants[0].id: found "shared"; allowed: an id that no other tenant of the stack has, nor "shared"',
  ],
  [
    { defaults: { encryption: "kms" } },
    'chatstack:defaults.encryption: found "kms"; allowed: aws-owned, tenant-key, or object',
  ],
  [
    { defaults: { table: { backups: { schedule: "daily" } } } },
    'chatstack:defaults.table.backups.schedule: found "daily"; allowed: e.g. "cron(0 5 ? * SUN *)"',
  ],
  [
    { defaults: { table: { backups: { vaultLock: { mode: "compliance" } } } } },
    "chatstack:defaults.table.backups.vaultLock.changeableForDays: found nothing; allowed: number",
  ],
  [
    { defaults: { table: { backups: { keep: 30 } } } },
    'chatstack:defaults.table.backups: found unknown "keep"; allowed: schedule, startWindowMinutes',
  ],
  [
    { defaults: { documents: { accessLogs: "yes" } } },
    'chatstack:defaults.documents.accessLogs: found "yes"; allowed: off, on',
  ],
  [
    { defaults: { auth: { threatProtection: "on" } } },
    'chatstack:defaults.auth.threatProtection: found "on"; allowed: off, audit, enforced',
  ],
  [
    { defaults: { api: { reservedConcurrency: 0 } } },
    "chatstack:defaults.api.reservedConcurrency: found 0; allowed: at least 1",
  ],
  [
    { defaults: { api: { firewall: true, failedEvents: "keep" } } },
    /firewall: found true; allowed: off, on[\s\S]*failedEvents: found "keep"; allowed: drop, queue/,
  ],
  [
    { permissionsBoundaryArn: "boundary" },
    'chatstack:permissionsBoundaryArn: found "boundary"; allowed: an ARN of an IAM managed policy',
  ],
  [
    { environment: "prod" },
    'Pulumi.dev.yaml: chatstack:environment: found "prod"; allowed: development, staging, production',
  ],
  [{ tenants: [] }, "Pulumi.dev.yaml: chatstack:tenants: found []; allowed: at least 1"],
  [{ tenants: undefined }, "Pulumi.dev.yaml: chatstack:tenants: found nothing; allowed: array"],
  [
    { defaults: { api: { logRetentionDays: 31 } } },
    "Pulumi.dev.yaml: chatstack:defaults.api.logRetentionDays: found 31; allowed: 1, 3, 5, 7",
  ],
])("%j is refused naming file, path, what was found and what is allowed", async (fault, message) => {
  await expect(read({ ...valid, ...fault })).rejects.toThrow(message);
});

test("a stack's defaults turn off what a tier turns on, and a tenant turns it on again", async () => {
  const { tenants } = await read({
    ...valid,
    defaults: {
      encryption: "aws-owned",
      table: { backups: "off" },
      auth: { featurePlan: "essentials", threatProtection: "off" },
      api: { firewall: "off", reservedConcurrency: "unreserved" },
    },
    tenants: [{ id: "acme", tier: "standard", table: { backups: { retentionDays: 7 } } }],
  });
  expect(tenants[0]!.settings).toMatchObject({
    encryption: "aws-owned",
    table: { recoveryDays: 35, backups: { retentionDays: 7 } },
    documents: { accessLogs: "on" },
    auth: { featurePlan: "essentials", threatProtection: "off" },
    api: { firewall: "off", reservedConcurrency: "unreserved", failedEvents: "queue" },
  });
});

test("all faults are named at once", async () => {
  const faulty = { environment: "prod", tenants: [{ id: "acme", tier: "gold" }] };
  await expect(read(faulty)).rejects.toThrow(/environment[\s\S]*tier/);
});
