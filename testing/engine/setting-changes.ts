/**
 * Tenants with everything on, and each setting changed once: what the engine's previews and `plan`
 * are compared over.
 */
import { fullestSettings } from "../stacks/fullest-tenant.ts";

const topicArn = "arn:aws:sns:us-east-1:123456789012:other-operators";
const regional = (service: string, what: string) =>
  `arn:aws:${service}:us-east-1:123456789012:${what}`;

/**
 * Every section and every choice of it that can be changed, spelt out, so that a change of one leaf is a
 * change of that leaf alone. `retain`, so that the engine shows what it would replace or delete.
 */
export const changeableTenant = {
  id: "full",
  tier: "enterprise",
  state: "active",
  ...fullestSettings,
  retain: "retain",
  encryption: "tenant-key",
  table: {
    capacity: { mode: "provisioned", read: { min: 5, max: 100 }, write: { min: 5, max: 100 } },
    tableClass: "standard-infrequent-access",
    alarms: { topicArn: regional("sns", "full-operators") },
    recoveryDays: 35,
    backups: {
      schedule: "cron(0 5 * * ? *)",
      startWindowMinutes: 60,
      completionWindowMinutes: 180,
      retentionDays: 35,
      vaultLock: { mode: "governance", minRetentionDays: 30 },
      restoreTest: "weekly",
    },
    stream: "new-and-old-images",
    // Above the least, so that it can fall.
    warmThroughput: { readUnits: 14_000, writeUnits: 5_000 },
  },
  auth: {
    ...fullestSettings.auth,
    groups: ["admins", "members"],
    password: { minimumLength: 14, temporaryPasswordDays: 7 },
    tokens: { accessTokenMinutes: 60, idTokenMinutes: 60, refreshTokenDays: 30 },
  },
  api: {
    ...fullestSettings.api,
    throttle: { requestsPerSecond: 1_000, burst: 2_000 },
    tokensPerDay: 100_000,
    tokensPerMonth: 1_000_000,
  },
  monitoring: {
    notify: ["operators@full.example"],
    monthlyBudget: 500,
    hotKeys: "throttled",
    latencySeconds: 20,
  },
  archive: { content: "omit", retentionDays: 365 },
  network: { cidrBlock: "10.20.0.0/16", zones: 2 },
  audit: { events: "all", retentionDays: 365 },
} as const;

/**
 * The choices that exclude one of the first tenant's: ceilings and replicas, a compliance lock, domains
 * with certificates of their own, passkeys, two versions at once; and models of Bedrock.
 */
export const otherTenant = {
  ...changeableTenant,
  table: {
    ...changeableTenant.table,
    capacity: { mode: "on-demand", maxReadUnits: 1_000, maxWriteUnits: 1_000 },
    warmThroughput: undefined,
    replicas: [{ region: "eu-west-1", kmsKeyArn: "arn:aws:kms:eu-west-1:123456789012:key/full" }],
    backups: {
      ...changeableTenant.table.backups,
      vaultLock: { mode: "compliance", changeableForDays: 3, state: "changeable" },
    },
  },
  documents: {
    ...changeableTenant.documents,
    objectLock: { mode: "governance", days: 1 },
    replication: "off",
  },
  auth: {
    ...changeableTenant.auth,
    mfa: "optional",
    signInFlows: ["user-srp", "user-auth"],
    passkeys: { relyingPartyId: "login.full.example" },
    managedLogin: {
      ...changeableTenant.auth.managedLogin,
      domain: {
        name: "login.full.example",
        certificateArn: regional("acm", "certificate/full-login"),
      },
    },
  },
  api: {
    ...changeableTenant.api,
    domain: { name: "chat.full.example", certificateArn: regional("acm", "certificate/full-chat") },
    models: ["amazon.nova-lite-v1:0"],
    release: { stableVersion: "12", newestPercent: 5 },
    provisionedConcurrency: "off",
  },
  network: { ...changeableTenant.network, interfaceEndpoints: ["bedrock-runtime"] },
} as const;

/** The first tenant with a way out of its network, which is made by another provider, awsx's. */
export const egressTenant = {
  ...changeableTenant,
  network: {
    ...changeableTenant.network,
    egress: "nat",
    natGateways: "one-per-zone",
    outbound: [{ cidr: "0.0.0.0/0" }, { cidr: "203.0.113.0/24", port: 8443 }],
  },
} as const;

export interface SettingChange {
  /** Of the setting, e.g. `table.backups.retentionDays`. */
  readonly path: string;
  /** Undefined: it leaves the file. */
  readonly to: unknown;
  /** What has to change with it. */
  readonly also?: Readonly<Record<string, unknown>>;
}

const change = (
  path: string,
  to: unknown,
  also?: Readonly<Record<string, unknown>>,
): SettingChange => ({ path, to, ...(also && { also }) });

const withoutLogin = {
  "auth.clients": undefined,
  "auth.machineClients": undefined,
  "auth.identityProviders": undefined,
};

/** Of `changeableTenant`. */
export const settingChanges: readonly SettingChange[] = [
  change("tier", "standard"),
  change("state", "suspended"),
  change("state", "off-boarding"),
  change("retainUntil", "2027-03-31", { state: "off-boarding" }),
  change("retain", "protect"),
  change("retain", "destroy"),
  change("encryption", "aws-owned"),
  change("encryption", { kmsKeyArn: regional("kms", "key/theirs") }),
  change("table.recoveryDays", 20),
  change("table.recoveryDays", "off"),
  change("table.capacity.read.max", 200),
  change("table.capacity.read.targetUtilization", 50),
  change("table.capacity.write.targetUtilization", 50),
  change("table.capacity", { mode: "on-demand", maxReadUnits: 1_000, maxWriteUnits: 1_000 }),
  change("table.backups.retentionDays", 60),
  change("table.backups.schedule", "cron(0 6 * * ? *)"),
  change("table.backups.restoreTest", "monthly"),
  change("table.backups.restoreTest", "off"),
  change("table.backups.vaultLock.minRetentionDays", 20),
  change("table.backups.vaultLock.maxRetentionDays", 3_650),
  change("table.backups.vaultLock", {
    mode: "compliance",
    changeableForDays: 3,
    state: "changeable",
  }),
  change("table.backups.vaultLock", "off"),
  change("table.backups", "off"),
  change("table.stream", "keys-only", { archive: "off" }),
  change("table.stream", "off", { archive: "off" }),
  change("table.warmThroughput.readUnits", 15_000),
  change("table.warmThroughput.writeUnits", 4_000),
  change("table.tableClass", "standard"),
  change("table.replicas", [{ region: "eu-west-1" }], {
    "table.capacity": { mode: "on-demand" },
    encryption: "aws-owned",
  }),
  change("table.adopt", "full-chat-restored"),
  change("table.alarms.topicArn", topicArn),
  change("table.alarms", "off"),
  change("documents.versioning", "off", {
    "documents.objectLock": "off",
    "documents.replication": "off",
  }),
  change("documents.noncurrentVersionDays", 100),
  change("documents.abandonedUploadDays", 3),
  change("documents.accessLogs", "off"),
  change("documents.accessLogDays", 400),
  change("documents.objectLock.days", 60),
  change("documents.objectLock.mode", "governance"),
  change("documents.objectLock", "off"),
  change("documents.replication.bucketArn", "arn:aws:s3:::other-copies"),
  change("documents.replication.storageClass", "glacier-instant-retrieval"),
  change("documents.replication.deletions", "repeat"),
  change("documents.replication", "off"),
  change("documents.corsOrigins", ["https://app.full.example", "https://m.full.example"]),
  change("documents.corsOrigins", undefined, { "api.corsOrigins": undefined }),
  change("auth.featurePlan", "essentials", { "auth.threatProtection": "off" }),
  change("auth.threatProtection", "audit"),
  change("auth.mfa", "optional"),
  change("auth.signUp", "self-service"),
  change("auth.password.minimumLength", 20),
  change("auth.password.temporaryPasswordDays", 3),
  change("auth.groups", ["admins", "members", "auditors"]),
  change("auth.groups", ["admins"]),
  change("auth.signInFlows", ["user-srp", "admin-user-password"]),
  change("auth.tokens.accessTokenMinutes", 30),
  change("auth.tokens.idTokenMinutes", 30),
  change("auth.tokens.refreshTokenDays", 10),
  change(
    "auth.passkeys",
    { relyingPartyId: "full.example", userVerification: "required" },
    {
      "auth.mfa": "optional",
      "auth.signInFlows": ["user-srp", "user-auth"],
    },
  ),
  change("auth.refreshRotation.graceSeconds", 30),
  change("auth.refreshRotation", "off"),
  change("auth.email", "cognito"),
  change("auth.email.from", "talk@full.example"),
  change("auth.email.sesIdentityArn", regional("ses", "identity/talk.full.example"), {
    "auth.email.from": "chat@talk.full.example",
  }),
  change("auth.email.replyTo", "help@full.example"),
  change("auth.webAclArn", regional("wafv2", "regional/webacl/others/2")),
  change("auth.webAclArn", undefined),
  change("auth.managedLogin.domain", { prefix: "full-login" }),
  change("auth.managedLogin.domain", {
    name: "login.full.example",
    certificateArn: regional("acm", "certificate/full-login"),
  }),
  change("auth.managedLogin.redirects.callbackUrls", ["https://m.full.example/signed-in"]),
  change("auth.managedLogin", "off", withoutLogin),
  change("auth.managedLogin.redirects", "off", withoutLogin),
  change("auth.clients", {}),
  change("auth.clients.mobile.tokens.accessTokenMinutes", 20),
  change("auth.clients.mobile.tokens.idTokenMinutes", 20),
  change("auth.clients.mobile.tokens.refreshTokenDays", 10),
  change("auth.clients.mobile.signInFlows", ["user-srp", "admin-user-password"]),
  change("auth.clients.mobile.redirects", "off"),
  change("auth.machineClients", []),
  change("auth.machineClients", ["crm", "billing"]),
  change("auth.identityProviders.Directory.issuer", "https://id.full.example"),
  change("auth.identityProviders.Directory.clientId", "talk"),
  change("auth.identityProviders.Directory.scopes", ["openid", "email", "profile"]),
  change("auth.identityProviders.Federation.metadataUrl", "https://idp.full.example/next.xml"),
  change("auth.identityProviders.Federation", undefined),
  change("api.memorySize", 2048),
  change("api.timeoutSeconds", 600),
  change("api.logRetentionDays", 365),
  change("api.firewall", "off"),
  change("api.addresses", "ipv4"),
  change("api.requestsPerAddress", 5_000),
  change("api.reservedConcurrency", 100),
  change("api.reservedConcurrency", "unreserved", { "api.provisionedConcurrency": "off" }),
  change("api.failedEvents", "drop"),
  change("api.models", ["amazon.nova-lite-v1:0"], {
    "network.interfaceEndpoints": ["bedrock-runtime"],
  }),
  change("api.tokensPerDay", 200_000),
  change("api.tokensPerMonth", 2_000_000),
  change("api.reference", "signed-in"),
  change("api.throttle.burst", 1_500),
  change("api.throttle.requestsPerSecond", 500),
  change("api.quota", "unlimited"),
  change("api.quota.requests", 2_000_000),
  change("api.corsOrigins", ["https://m.full.example"]),
  change("api.domain.name", "talk.full.example"),
  change("api.domain.certificateArn", regional("acm", "certificate/full-chat")),
  change("api.domain.hostedZoneId", "Z0OTHER"),
  change("api.domain", "off"),
  change("api.minimumTls", "1.2"),
  change("api.release", "latest", { "api.provisionedConcurrency": "off" }),
  change(
    "api.release",
    { stableVersion: "12", newestPercent: 5 },
    { "api.provisionedConcurrency": "off" },
  ),
  change("api.maintenance", "daily"),
  change("api.maintenance", "off"),
  change("api.provisionedConcurrency", 4),
  change("api.provisionedConcurrency", "off"),
  change("api.alarms.latencySeconds", 30),
  change("api.alarms", "off"),
  change("history", "s3"),
  change("monitoring.notify", ["others@full.example"]),
  change("monitoring.topicArn", topicArn, { "monitoring.notify": undefined }),
  change("monitoring.hotKeys", "accessed"),
  change("monitoring.latencySeconds", 30),
  change("monitoring.monthlyBudget", 800),
  change("monitoring", "off"),
  change("archive.content", "include"),
  change("archive.retentionDays", 30),
  change("archive", "off"),
  change("events", "on", { "network.interfaceEndpoints": ["events"] }),
  change("network.zones", 3),
  change("network.cidrBlock", "10.30.0.0/16"),
  change("network.interfaceEndpoints", ["bedrock-runtime", "kms"]),
  change("network", "off"),
  change("audit.events", "writes"),
  change("audit.retentionDays", 400),
  change("audit", "off"),
];

/** Of `otherTenant`. */
export const otherChanges: readonly SettingChange[] = [
  change("table.capacity.maxReadUnits", 2_000),
  change("table.capacity.maxReadUnits", undefined),
  change("table.capacity.maxWriteUnits", undefined),
  change("table.capacity", { mode: "on-demand" }),
  change("table.capacity", changeableTenant.table.capacity, { "table.replicas": [] }),
  change("table.replicas", []),
  change("table.replicas", [
    { region: "eu-west-1", kmsKeyArn: "arn:aws:kms:eu-west-1:123456789012:key/next" },
  ]),
  change("table.warmThroughput", { readUnits: 14_000, writeUnits: 5_000 }),
  change("table.backups.vaultLock.changeableForDays", 5),
  change("table.backups.vaultLock.state", "closed"),
  change("table.backups.vaultLock", { mode: "governance", minRetentionDays: 30 }),
  change("documents.objectLock.mode", "compliance"),
  change("auth.passkeys.userVerification", "preferred"),
  change("auth.passkeys", "off", { "auth.signInFlows": ["user-srp"] }),
  change("auth.managedLogin.domain.name", "enter.full.example", {
    "auth.passkeys.relyingPartyId": "enter.full.example",
  }),
  change("auth.managedLogin.domain.certificateArn", regional("acm", "certificate/next")),
  change("auth.managedLogin.domain", { prefix: "full-chat" }),
  change("api.domain.certificateArn", regional("acm", "certificate/next")),
  change("api.models", ["amazon.nova-lite-v1:0", "amazon.nova-pro-v1:0"]),
  change("api.models", "embedded"),
  change("api.modelProfiles", "off"),
  change("api.modelLimits", {
    "amazon.nova-lite-v1:0": { contextTokens: 16_000, maxOutputTokens: 1_000 },
  }),
  change("api.guardrails", { strict: { id: "abc123def456", version: "1" } }),
  change("api.release.newestPercent", 50),
  change("api.release.stableVersion", "13"),
  change("api.release", "versions"),
];

/** Of `egressTenant`. */
export const egressChanges: readonly SettingChange[] = [
  change("network.egress", "none", {
    "network.natGateways": undefined,
    "network.outbound": undefined,
  }),
  change("network.natGateways", "single"),
  change("network.outbound", [{ cidr: "198.51.100.0/24" }]),
  change("network.outbound", [{ cidr: "0.0.0.0/0" }, { cidr: "203.0.113.0/24", port: 9443 }]),
  // The preview knows nothing of it, and AWS refuses it: the new subnets lie over the old ones.
  change("network.zones", 3),
  change("network.cidrBlock", "10.30.0.0/16"),
  change("network.interfaceEndpoints", ["kms"]),
  change("network", "off"),
];

/** `table.backups → off` */
export const titleOf = ({ path, to, also }: SettingChange): string =>
  `${path} → ${to === undefined ? "nothing" : JSON.stringify(to)}` +
  (also ? ` (with ${Object.keys(also).join(", ")})` : "");

/** The tenant with the change made. */
export function tenantWith(
  base: Readonly<Record<string, unknown>>,
  { path, to, also = {} }: SettingChange,
): Record<string, unknown> {
  const tenant = structuredClone({ ...base });
  for (const [where, value] of [[path, to], ...Object.entries(also)] as const) {
    place(tenant, String(where).split("."), value);
  }
  return tenant;
}

function place(into: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [key = "", ...rest] = path;
  if (rest.length === 0) {
    if (value === undefined) delete into[key];
    else into[key] = value;
    return;
  }
  const held = into[key];
  const inner = typeof held === "object" && held !== null ? { ...held } : {};
  place(inner, rest, value);
  into[key] = inner;
}
