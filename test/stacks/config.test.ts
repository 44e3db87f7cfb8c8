import { expect, test } from "vitest";
import { readStackConfig, type StackConfig } from "../../stacks/config.ts";
import { recordsOf } from "../../testing/stacks/records.ts";

async function read(config: Record<string, unknown>): Promise<StackConfig> {
  let read: StackConfig | undefined;
  const entries = Object.entries(config).map(([key, value]) => [
    key.includes(":") ? key : `chatstack:${key}`,
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
    "table.backups of enterprise: the schedule stays daily",
    { tier: "enterprise", table: { backups: { retentionDays: 60 } } },
    { table: { backups: { schedule: "cron(0 5 * * ? *)", retentionDays: 60 } } },
  ],
  [
    "table.capacity: the ceiling of writes stays",
    { tier: "standard", table: { capacity: { mode: "on-demand", maxReadUnits: 5000 } } },
    { table: { capacity: { mode: "on-demand", maxReadUnits: 5000, maxWriteUnits: 2000 } } },
  ],
  [
    "table.capacity without its mode, which is the tier's",
    { tier: "standard", table: { capacity: { maxReadUnits: 5000 } } },
    { table: { capacity: { mode: "on-demand", maxReadUnits: 5000, maxWriteUnits: 2000 } } },
  ],
  [
    "api.throttle: one of two",
    { tier: "standard", api: { throttle: { burst: 500 } } },
    { api: { throttle: { requestsPerSecond: 100, burst: 500 } } },
  ],
  [
    "auth.password, auth.tokens and archive of the defaults",
    {
      tier: "basic",
      auth: { password: { minimumLength: 16 }, tokens: { accessTokenMinutes: 10 } },
      archive: { content: "include" },
    },
    {
      auth: {
        password: { minimumLength: 16, temporaryPasswordDays: 3 },
        tokens: { accessTokenMinutes: 10, refreshTokenDays: 7 },
      },
      archive: { content: "include", retentionDays: 90 },
    },
  ],
  [
    "auth.clients by name, and each of them by setting",
    { tier: "basic", auth: { clients: { mobile: { tokens: { idTokenMinutes: 5 } }, tv: {} } } },
    {
      auth: {
        clients: {
          mobile: { signInFlows: ["user-srp"], tokens: { idTokenMinutes: 5 } },
          tv: {},
        },
      },
    },
  ],
  [
    "a list is replaced as a whole",
    { tier: "basic", auth: { groups: ["admins"] } },
    { auth: { groups: ["admins"] } },
  ],
  [
    "another kind takes nothing over from the one before it",
    {
      tier: "standard",
      table: {
        capacity: { mode: "provisioned", read: { min: 1, max: 2 }, write: { min: 1, max: 2 } },
      },
    },
    {
      table: {
        capacity: { mode: "provisioned", read: { min: 1, max: 2 }, write: { min: 1, max: 2 } },
      },
    },
  ],
] as const)("settings merge as deep as they nest: %s", async (_, tenant, expected) => {
  const { tenants } = await read({
    ...valid,
    defaults: {
      archive: { retentionDays: 90 },
      auth: {
        groups: ["readers", "writers"],
        password: { temporaryPasswordDays: 3 },
        tokens: { refreshTokenDays: 7 },
        clients: { mobile: { signInFlows: ["user-srp"] } },
      },
    },
    tenants: [{ id: "acme", ...tenant }],
  });
  const { settings } = tenants[0]!;
  for (const [section, members] of Object.entries(expected)) {
    for (const [name, value] of Object.entries(members)) {
      expect(Object(Reflect.get(settings, section))[name]).toEqual(value);
    }
  }
});

test('a section over "off" starts from nothing, whatever it was before it was turned off', async () => {
  const { tenants } = await read({
    ...valid,
    defaults: { table: { backups: "off" } },
    tenants: [{ id: "acme", tier: "enterprise", table: { backups: { retentionDays: 60 } } }],
  });
  expect(tenants[0]!.settings.table?.backups).toEqual({ retentionDays: 60 });
});

test.each([
  ["a day", { state: "off-boarding", retainUntil: "2027-03-31 00:00:00 +0000 UTC" }],
  [
    "a day of the project's defaults",
    { state: "off-boarding", retainUntil: "2027-03-31T00:00:00Z" },
  ],
  ["a day in quotes", { state: "off-boarding", retainUntil: "2027-03-31" }],
])("%s without quotes arrives as a time, and is the day it was written as", async (_, said) => {
  const { tenants } = await read({ ...valid, tenants: [{ id: "acme", tier: "basic", ...said }] });
  expect(tenants[0]!.retainUntil).toBe("2027-03-31");
});

const login = (domain: object) => ({
  auth: { managedLogin: { domain, redirects: { callbackUrls: ["https://a.example"] } } },
});
const certificateArn = "arn:aws:acm:us-east-1:123456789012:certificate/c";

test.each([
  [
    "a domain of two APIs",
    { api: { domain: { name: "chat.acme.example", hostedZoneId: "Z1" } } },
    { api: { domain: { name: "chat.acme.example", hostedZoneId: "Z2" } } },
    'tenants[1].api.domain.name: found "chat.acme.example"; allowed: a domain that tenant "a-b" has not',
  ],
  [
    "a domain of an API and a login",
    { api: { domain: { name: "chat.acme.example", hostedZoneId: "Z1" } } },
    login({ name: "chat.acme.example", certificateArn }),
    'tenants[1].auth.managedLogin.domain.name: found "chat.acme.example"; allowed: a domain that tenant "a-b" has not',
  ],
  [
    "a login's prefix",
    login({ prefix: "chat" }),
    login({ prefix: "chat" }),
    'tenants[1].auth.managedLogin.domain.prefix: found "chat"; allowed: a prefix of a login domain that tenant "a-b" has not',
  ],
  [
    "an adopted table",
    { table: { adopt: "chats" } },
    { table: { adopt: "chats" } },
    'tenants[1].table.adopt: found "chats"; allowed: a table that tenant "a-b" has not',
  ],
  [
    "ids that are one name in AWS Glue",
    { archive: {} },
    { archive: {} },
    'tenants[1].id: found "a--b"; allowed: an id whose archive\'s database',
  ],
])("%s is refused for the second tenant", async (_, first, second, message) => {
  const tenants = [
    { id: "a-b", tier: "basic", ...first },
    { id: "a--b", tier: "basic", ...second },
  ];
  await expect(read({ ...valid, tenants })).rejects.toThrow(
    `Pulumi.dev.yaml: chatstack:${message}`,
  );
});

test("what the defaults give to two tenants is refused where the defaults say it", async () => {
  const tenants = [
    { id: "a", tier: "basic" },
    { id: "b", tier: "basic" },
  ].map(({ id, tier }) => ({ id: `${id}${id}`, tier }));
  const defaults = { api: { domain: { name: "chat.acme.example", hostedZoneId: "Z1" } } };
  await expect(read({ ...valid, defaults, tenants })).rejects.toThrow(
    'chatstack:defaults.api.domain.name: found "chat.acme.example"; allowed: a domain that tenant "aa" has not',
  );
});

test.each([
  [
    { tenant: [] },
    "chatstack:tenant: found an unknown key; allowed: environment, tenants, tenantsFolder, defaults, apiGatewayAccount, permissionsBoundaryArn, exemptions, quotas, and what a provider's clientSecretKey names; did you mean chatstack:tenants?",
  ],
  [{ permissionBoundaryArn: "x" }, "did you mean chatstack:permissionsBoundaryArn?"],
  [
    { "chatstak:tenants": [] },
    'chatstak:tenants: found the namespace "chatstak"; allowed: "chatstack"; did you mean chatstack:tenants?',
  ],
  [
    { "Chatstack:size": "3" },
    'Chatstack:size: found the namespace "Chatstack"; allowed: "chatstack"',
  ],
])("%j is refused as a key that nobody reads", async (more, message) => {
  await expect(read({ ...valid, ...more })).rejects.toThrow(message);
});

test("keys of other namespaces, the pack's exemptions and the providers' secrets are let through", async () => {
  const provider = {
    kind: "oidc",
    issuer: "https://i.example",
    clientId: "c",
    clientSecretKey: "directorySecret",
  };
  const managedLogin = { domain: { prefix: "acme-chat" } };
  const tenants = [
    {
      id: "acme",
      tier: "basic",
      auth: { managedLogin, identityProviders: { Directory: provider } },
    },
  ];
  const { environment } = await read({
    ...valid,
    tenants,
    exemptions: [],
    directorySecret: "s3cret",
    "aws:region": "us-east-1",
    "shop:tenants": "[]",
    "chart:environment": "x",
  });
  expect(environment).toBe("development");
});

test("what is missing from the defaults may come from a tenant, and is told of whoever began it", async () => {
  const units = { min: 1, max: 2 };
  const defaults = { table: { capacity: { mode: "provisioned", read: units } } };
  const complete = { ...valid.tenants[0]!, table: { capacity: { write: units } } };
  const { tenants } = await read({ ...valid, defaults, tenants: [complete] });
  expect(tenants[0]!.settings.table?.capacity).toEqual({
    mode: "provisioned",
    read: units,
    write: units,
  });
  await expect(read({ ...valid, defaults })).rejects.toThrow(
    "chatstack:defaults.table.capacity.write: found nothing; allowed: a map of keys",
  );
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
    'chatstack:tenants[0].retainUntil: found "2027-02-29"; allowed: a day of the calendar, e.g. "2027-03-31"',
  ],
  [
    {
      tenants: [
        { id: "acme", tier: "basic", table: { restoreFrom: { tableArn: "arn", at: "latest" } } },
      ],
    },
    'chatstack:tenants[0].table.restoreFrom: found {"tableArn":"arn","at":"latest"}; allowed: nothing: restore with `chatstack restore`, then name the new table in table.adopt',
  ],
  [
    { tenants: [{ id: "acme", tier: "basic", retainUntil: "2027-03-31" }] },
    'chatstack:tenants[0].retainUntil: found "2027-03-31"; allowed: nothing, unless the state is off-boarding',
  ],
  [
    { tenants: [{ id: "acme", tier: "basic", servedBy: "prod-eu" }] },
    'chatstack:tenants[0].state: found "active"; allowed: suspended or off-boarding while servedBy says that prod-eu serves the tenant',
  ],
  ...["sthree", "xn--a", "amzn-s3-demo-x"].map((id): [Record<string, unknown>, string] => [
    { tenants: [{ id, tier: "basic" }] },
    `chatstack:tenants[0].id: found "${id}"; allowed: a name that does not begin with xn--, sthree-`,
  ]),
  [
    { tenants: [{ id: "a--b", tier: "basic", audit: {} }] },
    'chatstack:tenants[0].id: found "a--b"; allowed: an id without two hyphens in a row',
  ],
  [
    { tenants: [{ id: "acme", tier: "basic", table: { capacity: { mode: "auto" } } }] },
    'chatstack:tenants[0].table.capacity.mode: found "auto"; allowed: on-demand, provisioned',
  ],
  [
    { defaults: { api: { release: { stableVersion: 12, newestPercent: 5 } } } },
    "chatstack:defaults.api.release.stableVersion: found 12; allowed: string, so write it in quotes",
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
    'chatstack:defaults.encryption: found "kms"; allowed: aws-owned, tenant-key, or a map of keys',
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
  [{ tenants: undefined }, "Pulumi.dev.yaml: chatstack:tenants: found nothing; allowed: a list"],
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
