/** Tenants with every option on: one that production takes, and one with the choices that it leaves. */
import { partitionOf } from "../../components/partition.ts";
import { type Evaluation, evaluate } from "../../offline/evaluate.ts";
import program from "../../stacks/index.ts";
import type { Settings } from "../../stacks/settings.ts";

const topicArn = "arn:aws:sns:us-east-1:123456789012:full-operators";
const redirects = {
  callbackUrls: ["https://app.full.example/signed-in"],
  logoutUrls: ["https://app.full.example/bye"],
};

/** Everything that can be on at once, without weakening what the enterprise tier has. */
export const fullestSettings = {
  retain: "protect",
  table: {
    capacity: { mode: "provisioned", read: { min: 5, max: 100 }, write: { min: 5, max: 100 } },
    warmThroughput: { readUnits: 12_000, writeUnits: 4_000 },
    tableClass: "standard-infrequent-access",
    alarms: { topicArn },
    backups: { schedule: "cron(0 5 * * ? *)", retentionDays: 35, restoreTest: "weekly" },
  },
  documents: {
    objectLock: { mode: "compliance", days: 30 },
    replication: {
      bucketArn: "arn:aws:s3:::full-copies",
      region: "us-west-2",
      kmsKeyArn: "arn:aws:kms:us-west-2:123456789012:key/full-copies",
    },
    corsOrigins: ["https://app.full.example"],
  },
  auth: {
    signInFlows: ["user-srp"],
    refreshRotation: { graceSeconds: 10 },
    managedLogin: { domain: { prefix: "full-chat" }, redirects },
    clients: { mobile: { tokens: { accessTokenMinutes: 15 }, redirects } },
    machineClients: ["crm"],
    email: {
      from: "chat@full.example",
      sesIdentityArn: "arn:aws:ses:us-east-1:123456789012:identity/full.example",
    },
    webAclArn: "arn:aws:wafv2:us-east-1:123456789012:regional/webacl/users/1",
    identityProviders: {
      Directory: {
        kind: "oidc",
        issuer: "https://login.full.example",
        clientId: "chat",
        clientSecretKey: "fullDirectorySecret",
      },
      Federation: { kind: "saml", metadataUrl: "https://idp.full.example/metadata.xml" },
    },
  },
  api: {
    quota: { requests: 1_000_000, per: "month" },
    corsOrigins: ["https://app.full.example"],
    domain: { name: "chat.full.example", hostedZoneId: "Z0FULL" },
    addresses: "dualstack",
    minimumTls: "1.3",
    release: "versions",
    provisionedConcurrency: 2,
    alarms: { topicArn, latencySeconds: 20 },
    reference: "public",
  },
} as const satisfies Settings;

/** The other branch of each choice above, and what production forbids. */
export const otherSettings = {
  retain: "retain",
  table: {
    capacity: { mode: "on-demand", maxReadUnits: 1_000, maxWriteUnits: 1_000 },
    replicas: [{ region: "eu-west-1", kmsKeyArn: "arn:aws:kms:eu-west-1:123456789012:key/full" }],
    backups: { vaultLock: { mode: "compliance", changeableForDays: 3 } },
  },
  documents: { objectLock: { mode: "governance", days: 1 } },
  auth: {
    mfa: "optional",
    signInFlows: ["user-srp", "user-auth", "refresh-token"],
    passkeys: { relyingPartyId: "login.full.example" },
    managedLogin: {
      domain: {
        name: "login.full.example",
        certificateArn: "arn:aws:acm:us-east-1:123456789012:certificate/full-login",
      },
      redirects,
    },
  },
  api: {
    corsOrigins: ["https://app.full.example", "https://m.full.example"],
    domain: {
      name: "chat.full.example",
      certificateArn: "arn:aws:acm:us-east-1:123456789012:certificate/full-chat",
    },
    release: { stableVersion: "12", newestPercent: 5 },
  },
} as const satisfies Settings;

/** Config of a production stack with one tenant, `full`, over the enterprise tier. */
export const fullestConfig = (settings: Settings): Record<string, string> => ({
  "aws:region": "us-east-1",
  "chatstack:environment": "production",
  "chatstack:permissionsBoundaryArn": "arn:aws:iam::123456789012:policy/chatstack-boundary",
  // Nothing may be said that nobody reads.
  ...(settings.auth?.identityProviders && { "chatstack:fullDirectorySecret": "s3cret" }),
  "chatstack:tenants": JSON.stringify([{ id: "full", tier: "enterprise", ...settings }]),
});

/** Where copies go to: nothing is copied out of a partition. */
const neighbours: Readonly<Record<string, string>> = {
  "aws-cn": "cn-northwest-1",
  "aws-us-gov": "us-gov-east-1",
};

/** Region of the copies of whoever is in another. */
export const copiesIn = (region: string): string =>
  neighbours[partitionOf(region).partition] ?? "eu-west-1";

/** The same as somebody in another region would write it. */
export function configIn(region: string, settings: Settings): Record<string, string> {
  const { partition } = partitionOf(region);
  const texts = Object.entries(fullestConfig(offeredIn(region, settings))).map(([key, value]) => [
    key,
    value
      .replaceAll("arn:aws:", `arn:${partition}:`)
      // CloudFront shows the login page, with a certificate of its own region.
      .replaceAll(/us-east-1(?!:\d+:certificate\/full-login)/g, region)
      .replaceAll(/us-west-2|eu-west-1/g, copiesIn(region)),
  ]);
  return Object.fromEntries(texts);
}

/** Without what AWS does not offer there. */
function offeredIn(region: string, settings: Settings): Settings {
  const { monitoring = "off", auth = {}, api, network = "off" } = settings;
  if (region.startsWith("cn-"))
    return {
      ...settings,
      api: { ...api, models: "embedded" },
      ...(network !== "off" && { network: { ...network, interfaceEndpoints: [] } }),
    };
  if (!region.startsWith("us-gov-")) return settings;
  const { managedLogin = "off" } = auth;
  return {
    ...settings,
    ...(monitoring !== "off" && { monitoring: { ...monitoring, monthlyBudget: undefined } }),
    ...(managedLogin !== "off" && {
      auth: { ...auth, managedLogin: { ...managedLogin, domain: { prefix: "full-chat" } } },
    }),
  };
}

export const evaluateFullest = (settings: Settings): Promise<Evaluation> =>
  evaluate(program, {
    stack: "full",
    config: fullestConfig(settings),
    secretConfigKeys: ["chatstack:fullDirectorySecret"],
  });
