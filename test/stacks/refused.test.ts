/** What AWS refuses is refused by the stack's config, with file, path, what was found and the reason. */
import { describe, expect, test } from "vitest";
import { regions } from "../../components/region.ts";
import { parseStackConfig } from "../../stacks/config.ts";
import type { Settings } from "../../stacks/settings.ts";

const account = "123456789012";
const topic = (region: string, partition = "aws") =>
  `arn:${partition}:sns:${region}:${account}:operators`;
const key = (region: string) => `arn:aws:kms:${region}:${account}:key/full`;
const certificate = (region: string) => `arn:aws:acm:${region}:${account}:certificate/full`;

const read = (settings: object, config: Record<string, string> = {}) =>
  parseStackConfig(
    {
      "aws:region": "us-east-1",
      "chatstack:environment": "development",
      "chatstack:tenants": JSON.stringify([{ id: "acme", tier: "basic", ...settings }]),
      ...config,
    },
    "chatstack",
    "Pulumi.prod.yaml",
  );

interface Refusal {
  readonly refused: Settings;
  /** Path below the tenant, and what the message says of it. */
  readonly at: string;
  readonly says: string;
  /** The same as it should be. */
  readonly right: Settings;
}

const units = { min: 1, max: 5 };
const provisioned = { mode: "provisioned", read: units, write: units } as const;
const replicas = [{ region: "eu-west-1" }];
const redirects = { callbackUrls: ["https://app.acme.example/in"] };
const prefix = { domain: { prefix: "acme-chat" } };
const provider = {
  kind: "oidc",
  issuer: "https://login.acme.example",
  clientId: "chat",
  clientSecretKey: "secret",
} as const;
/** A host name of so many characters. */
const host = (length: number) => `${`${"a".repeat(20)}.`.repeat(13)}acme.example`.slice(-length);
const cron = (schedule: `cron(${string})`) => ({ table: { backups: { schedule } } });
const nova = "amazon.nova-lite-v1:0";
const models = [nova];
const canary = { stableVersion: "12", newestPercent: 5 };
const busy = { ...provisioned, read: { min: 20_000, max: 30_000 } };
const webAcl = (region: string) =>
  `arn:aws:wafv2:${region}:${account}:regional/webacl/users/1234abcd-12ab`;
const profile = (region: string) =>
  `arn:aws:bedrock:${region}:${account}:application-inference-profile/abc123`;
const sender = (from: string, region: string, identity: string) => ({
  from,
  sesIdentityArn: `arn:aws:ses:${region}:${account}:identity/${identity}`,
});

const refusals: Record<string, Refusal> = {
  "replicas of a table with provisioned capacity": {
    refused: { table: { capacity: provisioned, replicas } },
    at: "table.capacity.mode",
    says: 'found "provisioned"; allowed: "on-demand" with replicas (DynamoDB Developer Guide',
    right: { table: { replicas } },
  },
  "capacity that scales to less than it begins with": {
    refused: { table: { capacity: { ...provisioned, write: { min: 5, max: 4 } } } },
    at: "table.capacity.write.max",
    says: "found 4; allowed: at least min, which is 5 (Application Auto Scaling API reference",
    right: { table: { capacity: { ...provisioned, write: { min: 5, max: 5 } } } },
  },
  "a replica in the table's own region": {
    refused: { table: { replicas: [{ region: "us-east-1" }] } },
    at: "table.replicas[0].region",
    says: 'found "us-east-1"; allowed: another region than the table\'s own',
    right: { table: { replicas: [{ region: "us-east-2" }] } },
  },
  "two replicas in one region": {
    refused: { table: { replicas: [...replicas, ...replicas] } },
    at: "table.replicas[1].region",
    says: 'found "eu-west-1"; allowed: a region that no other replica has',
    right: { table: { replicas: [...replicas, { region: "eu-west-2" }] } },
  },
  "a replica with another region's key": {
    refused: {
      encryption: { kmsKeyArn: key("us-east-1") },
      table: { replicas: [{ region: "eu-west-1", kmsKeyArn: key("us-east-1") }] },
    },
    at: "table.replicas[0].kmsKeyArn",
    says: `found "${key("us-east-1")}"; allowed: an ARN in eu-west-1`,
    right: {
      encryption: { kmsKeyArn: key("us-east-1") },
      table: { replicas: [{ region: "eu-west-1", kmsKeyArn: key("eu-west-1") }] },
    },
  },
  "a tenant's key of another region": {
    refused: { encryption: { kmsKeyArn: key("us-west-2") } },
    at: "encryption.kmsKeyArn",
    says: "allowed: an ARN in us-east-1",
    right: { encryption: { kmsKeyArn: key("us-east-1") } },
  },
  "an alarm that tells a topic of another region": {
    refused: { table: { alarms: { topicArn: topic("eu-west-1") } } },
    at: "table.alarms.topicArn",
    says: "allowed: an ARN in us-east-1 (CloudWatch API reference, PutMetricAlarm",
    right: { table: { alarms: { topicArn: topic("us-east-1") } } },
  },
  "an alarm of the API that tells another partition's topic": {
    refused: { api: { alarms: { topicArn: topic("us-east-1", "aws-us-gov") } } },
    at: "api.alarms.topicArn",
    says: "allowed: an ARN that begins with arn:aws:, as in us-east-1",
    right: { api: { alarms: { topicArn: topic("us-east-1") } } },
  },
  "monitoring that tells a topic of another region": {
    refused: { monitoring: { topicArn: topic("eu-west-1") } },
    at: "monitoring.topicArn",
    says: "allowed: an ARN in us-east-1",
    right: { monitoring: { topicArn: topic("us-east-1") } },
  },
  "a budget that nobody is told of": {
    refused: { monitoring: { monthlyBudget: 100 } },
    at: "monitoring.monthlyBudget",
    says: "found 100; allowed: one with `notify` or `topicArn`",
    right: { monitoring: { monthlyBudget: 100, notify: ["ops@acme.example"] } },
  },
  "an address that is told twice": {
    refused: { monitoring: { notify: ["ops@acme.example", "ops@acme.example"] } },
    at: "monitoring.notify[1]",
    says: "allowed: each only once",
    right: { monitoring: { notify: ["ops@acme.example", "on-call@acme.example"] } },
  },
  "an origin that is longer than the firewall's header may be": {
    refused: { api: { firewall: "on", corsOrigins: [`https://${host(253)}`] } },
    at: "api.corsOrigins[0]",
    says: "allowed: at most 255 characters (AWS WAF API reference, CustomHTTPHeader, Value)",
    right: { api: { firewall: "on", corsOrigins: [`https://${host(247)}`] } },
  },
  "backups at two kinds of day": {
    refused: cron("cron(0 5 * * * *)"),
    at: "table.backups.schedule",
    says: 'found "cron(0 5 * * * *)"; allowed: "cron(…)" with minutes, hours, day of month',
    right: cron("cron(0 5 * * ? *)"),
  },
  "backups at an hour that no day has": {
    refused: cron("cron(0 24 * * ? *)"),
    at: "table.backups.schedule",
    says: "(Amazon EventBridge User Guide",
    right: cron("cron(30 8-18/2 ? JAN-MAR MON-FRI 2026-2030)"),
  },
  "backups on a day that no month has": {
    refused: cron("cron(0 5 31 2 ? *)"),
    at: "table.backups.schedule",
    says: 'found "cron(0 5 31 2 ? *)"; allowed: a day that comes: no month has that one (Amazon',
    right: cron("cron(0 5 31 2,3 ? *)"),
  },
  "backups on the 31st of months that end before": {
    refused: cron("cron(0 5 31 APR/5 ? *)"),
    at: "table.backups.schedule",
    says: "allowed: a day that comes",
    right: cron("cron(0 5 30,31 APR/5 ? *)"),
  },
  "backups on 29 February of years that have none": {
    refused: cron("cron(0 5 29W FEB ? 2027)"),
    at: "table.backups.schedule",
    says: "allowed: a day that comes",
    right: cron("cron(0 5 29 FEB ? 2026-2028)"),
  },
  "a backup that must be done before it may begin": {
    refused: { table: { backups: { startWindowMinutes: 480, completionWindowMinutes: 480 } } },
    at: "table.backups.completionWindowMinutes",
    says: "found 480; allowed: a whole number from 540",
    right: { table: { backups: { startWindowMinutes: 480, completionWindowMinutes: 540 } } },
  },
  "a vault that keeps backups longer than the plan does": {
    refused: {
      table: {
        backups: { retentionDays: 30, vaultLock: { mode: "governance", minRetentionDays: 31 } },
      },
    },
    at: "table.backups.vaultLock.minRetentionDays",
    says: "found 31; allowed: a whole number from 1 to 30",
    right: {
      table: {
        backups: { retentionDays: 30, vaultLock: { mode: "governance", minRetentionDays: 30 } },
      },
    },
  },
  "locked objects without versions": {
    refused: { documents: { versioning: "off", objectLock: { mode: "governance", days: 1 } } },
    at: "documents.versioning",
    says: 'found "off"; allowed: "on" where objects are locked',
    right: { documents: { versioning: "on", objectLock: { mode: "governance", days: 1 } } },
  },
  "copies in no region": {
    refused: {
      documents: { replication: { bucketArn: "arn:aws:s3:::copies", region: "eu-wst-1" } },
    },
    at: "documents.replication.region",
    says: 'found "eu-wst-1"; allowed: an AWS region',
    right: {
      documents: { replication: { bucketArn: "arn:aws:s3:::copies", region: "eu-west-1" } },
    },
  },
  "copies in another partition": {
    refused: {
      documents: { replication: { bucketArn: "arn:aws-cn:s3:::copies", region: "eu-west-1" } },
    },
    at: "documents.replication.bucketArn",
    says: "allowed: an ARN that begins with arn:aws:",
    right: {
      documents: { replication: { bucketArn: "arn:aws:s3:::copies", region: "eu-west-1" } },
    },
  },
  "a canary with processes that are kept started": {
    refused: { api: { release: canary, provisionedConcurrency: 2 } },
    at: "api.provisionedConcurrency",
    says: 'found 2; allowed: "off" while a canary runs (AWS Lambda API reference',
    right: { api: { release: "versions", provisionedConcurrency: 2 } },
  },
  "more started processes than the function may have": {
    refused: { api: { release: "versions", provisionedConcurrency: 3, reservedConcurrency: 2 } },
    at: "api.provisionedConcurrency",
    says: "found 3; allowed: a whole number from 1 to 2",
    right: { api: { release: "versions", provisionedConcurrency: 2, reservedConcurrency: 2 } },
  },
  "a domain too long for the certificate that is made": {
    refused: { api: { domain: { name: host(65), hostedZoneId: "Z1" } } },
    at: "api.domain.name",
    says: "allowed: at most 64 characters (ACM API reference, RequestCertificate",
    right: { api: { domain: { name: host(64), hostedZoneId: "Z1" } } },
  },
  "a domain's certificate of another region": {
    refused: { api: { domain: { name: host(80), certificateArn: certificate("eu-west-1") } } },
    at: "api.domain.certificateArn",
    says: "allowed: an ARN in us-east-1 (API Gateway API reference",
    right: { api: { domain: { name: host(80), certificateArn: certificate("us-east-1") } } },
  },
  "a zone's id that is none": {
    refused: { api: { domain: { name: "chat.acme.example", hostedZoneId: "Z".repeat(33) } } },
    at: "api.domain.hostedZoneId",
    says: "allowed: at most 32 characters (Route 53",
    right: { api: { domain: { name: "chat.acme.example", hostedZoneId: "Z".repeat(32) } } },
  },
  "a login page's certificate outside us-east-1": {
    refused: {
      auth: {
        managedLogin: { domain: { name: host(63), certificateArn: certificate("eu-west-1") } },
      },
    },
    at: "auth.managedLogin.domain.certificateArn",
    says: "allowed: an ARN in us-east-1 (Cognito API reference",
    right: {
      auth: {
        managedLogin: { domain: { name: host(63), certificateArn: certificate("us-east-1") } },
      },
    },
  },
  "a login domain that is too long": {
    refused: {
      auth: {
        managedLogin: { domain: { name: host(64), certificateArn: certificate("us-east-1") } },
      },
    },
    at: "auth.managedLogin.domain.name",
    says: "allowed: a host name, at most 63 characters (Cognito API reference",
    right: {
      auth: {
        managedLogin: { domain: { name: host(63), certificateArn: certificate("us-east-1") } },
      },
    },
  },
  "a login domain right below a top-level domain": {
    refused: loginAt("acme.example"),
    at: "auth.managedLogin.domain.name",
    says: 'found "acme.example"; allowed: a name below one that has an address (Amazon Cognito',
    right: loginAt("login.acme.example"),
  },
  "passkeys of a parent of the login page's own domain": {
    refused: passkeysAt("acme.example"),
    at: "auth.passkeys.relyingPartyId",
    says: 'found "acme.example"; allowed: "login.acme.example", managedLogin\'s own domain',
    right: passkeysAt("login.acme.example"),
  },
  "more addresses to be sent back to than Cognito takes": {
    refused: withCallbacks(101),
    at: "auth.managedLogin.redirects.callbackUrls",
    says: 'found "101 of them"; allowed: at most 100',
    right: withCallbacks(100),
  },
  "an address that is too long": {
    refused: withCallback(`https://app.acme.example/${"a".repeat(1_000)}`),
    at: "auth.managedLogin.redirects.callbackUrls[0]",
    says: "at most 1024 characters (Cognito API reference",
    right: withCallback(`https://app.acme.example/${"a".repeat(999)}`),
  },
  "a provider with an underscore in its name": {
    refused: { auth: { managedLogin: prefix, identityProviders: { Acme_Login: provider } } },
    at: "auth.identityProviders.Acme_Login",
    says: "allowed: 3 or more letters, digits and hyphens",
    right: { auth: { managedLogin: prefix, identityProviders: { "Acme-Login": provider } } },
  },
  "a provider whose name is too short": {
    refused: { auth: { managedLogin: prefix, identityProviders: { AD: provider } } },
    at: "auth.identityProviders.AD",
    says: "(Cognito API reference, CreateIdentityProvider, ProviderName)",
    right: { auth: { managedLogin: prefix, identityProviders: { ADS: provider } } },
  },
  "a provider on a port that Cognito does not call": {
    refused: withProvider({ issuer: "https://login.acme.example:8443" }),
    at: "auth.identityProviders.Acme.issuer",
    says: "allowed: an https:// address on port 443 or 80",
    right: withProvider({ issuer: "https://login.acme.example:443/realms/acme" }),
  },
  "a provider that is not asked for an ID token": {
    refused: withProvider({ scopes: ["email"] }),
    at: "auth.identityProviders.Acme.scopes",
    says: '"openid" among them (OpenID Connect Core',
    right: withProvider({ scopes: ["email", "openid"] }),
  },
  "a choice of ways to sign in on the lite plan": {
    refused: { auth: { featurePlan: "lite", signInFlows: ["user-auth"] } },
    at: "auth.signInFlows",
    says: 'no "user-auth" where featurePlan is "lite" (Amazon Cognito Developer Guide',
    right: { auth: { featurePlan: "essentials", signInFlows: ["user-auth"] } },
  },
  "a group that is there twice": {
    refused: { auth: { groups: ["admins", "admins"] } },
    at: "auth.groups[1]",
    says: 'found "admins"; allowed: each only once',
    right: { auth: { groups: ["admins", "readers"] } },
  },
  "a client and a machine that would be one resource": {
    refused: {
      auth: { managedLogin: prefix, clients: { "machine-crm": {} }, machineClients: ["crm"] },
    },
    at: "auth.clients.machine-crm",
    says: 'allowed: another name, as machineClients has "crm"',
    right: { auth: { managedLogin: prefix, clients: { crm: {} }, machineClients: ["crm"] } },
  },
  "models that a network does not lead to": {
    refused: { api: { models }, network: { interfaceEndpoints: ["sts"] } },
    at: "network.interfaceEndpoints",
    says: 'found ["sts"]; allowed: "bedrock-runtime" among them, for api.models (Amazon Bedrock',
    right: { api: { models }, network: { interfaceEndpoints: ["bedrock-runtime"] } },
  },
  "events whose bus a network does not lead to": {
    refused: { events: "on", network: {} },
    at: "network.interfaceEndpoints",
    says: 'found []; allowed: "events" among them, for events: "on" (Amazon EventBridge',
    right: { events: "on", network: { interfaceEndpoints: ["com.amazonaws.us-east-1.events"] } },
  },
  "a second endpoint of S3": {
    refused: { network: { interfaceEndpoints: ["s3"] } },
    at: "network.interfaceEndpoints[0]",
    says: 'found "s3"; allowed: services beside DynamoDB and S3',
    right: { network: { interfaceEndpoints: ["sts"] } },
  },
  "backups more often than every hour": {
    refused: cron("cron(0,30 8-18 * * ? *)"),
    at: "table.backups.schedule",
    says: 'found "cron(0,30 8-18 * * ? *)"; allowed: one minute of an hour',
    right: cron("cron(30 * * * ? *)"),
  },
  "backups every few minutes": {
    refused: cron("cron(0/15 * * * ? *)"),
    at: "table.backups.schedule",
    says: "allowed: one minute of an hour: AWS Backup",
    right: cron("cron(0 0/2 * * ? *)"),
  },
  "a replica in another partition": {
    refused: { table: { replicas: [{ region: "cn-north-1" }] } },
    at: "table.replicas[0].region",
    says: 'found "cn-north-1"; allowed: a region of the partition aws, as us-east-1 is',
    right: { table: { replicas: [{ region: "ap-east-1" }] } },
  },
  "copies in a region of another partition": {
    refused: {
      documents: { replication: { bucketArn: "arn:aws:s3:::copies", region: "us-gov-west-1" } },
    },
    at: "documents.replication.region",
    says: 'found "us-gov-west-1"; allowed: a region of the partition aws',
    right: {
      documents: { replication: { bucketArn: "arn:aws:s3:::copies", region: "us-east-1" } },
    },
  },
  "copies in a folder of a bucket": {
    refused: {
      documents: { replication: { bucketArn: "arn:aws:s3:::copies/acme", region: "eu-west-1" } },
    },
    at: "documents.replication.bucketArn",
    says: "allowed: an ARN of an S3 bucket, not of objects or an access point",
    right: {
      documents: { replication: { bucketArn: "arn:aws:s3:::copies.acme", region: "eu-west-1" } },
    },
  },
  "less warm throughput than is provisioned": {
    refused: {
      table: { capacity: busy, warmThroughput: { readUnits: 12_000, writeUnits: 4_000 } },
    },
    at: "table.warmThroughput.readUnits",
    says: "found 12000; allowed: at least what is provisioned, 20000 (DynamoDB Developer Guide",
    right: { table: { capacity: busy, warmThroughput: { readUnits: 20_000, writeUnits: 4_000 } } },
  },
  "a key by its alias": {
    refused: { encryption: { kmsKeyArn: `arn:aws:kms:us-east-1:${account}:alias/acme` } },
    at: "encryption.kmsKeyArn",
    says: "allowed: an ARN of a KMS key by its id: a policy that names an alias allows nothing",
    right: { encryption: { kmsKeyArn: `arn:aws:kms:us-east-1:${account}:key/mrk-1234abcd` } },
  },
  "a replica's key by its alias": {
    refused: {
      encryption: { kmsKeyArn: key("us-east-1") },
      table: {
        replicas: [
          { region: "eu-west-1", kmsKeyArn: `arn:aws:kms:eu-west-1:${account}:alias/acme` },
        ],
      },
    },
    at: "table.replicas[0].kmsKeyArn",
    says: "an ARN of a KMS key by its id",
    right: {
      encryption: { kmsKeyArn: key("us-east-1") },
      table: { replicas: [{ region: "eu-west-1", kmsKeyArn: key("eu-west-1") }] },
    },
  },
  "a topic's subscription": {
    refused: { monitoring: { topicArn: `${topic("us-east-1")}:1234abcd-12ab` } },
    at: "monitoring.topicArn",
    says: "allowed: an ARN of an SNS topic, not of a subscription",
    right: { monitoring: { topicArn: topic("us-east-1") } },
  },
  "a web ACL for CloudFront": {
    refused: { auth: { webAclArn: `arn:aws:wafv2:us-east-1:${account}:global/webacl/users/1` } },
    at: "auth.webAclArn",
    says: "allowed: an ARN of a regional web ACL",
    right: { auth: { webAclArn: webAcl("us-east-1") } },
  },
  "a web ACL of another region": {
    refused: { auth: { webAclArn: webAcl("eu-west-1") } },
    at: "auth.webAclArn",
    says: "allowed: an ARN in us-east-1 (AWS WAF API reference, AssociateWebACL)",
    right: { auth: { webAclArn: webAcl("us-east-1") } },
  },
  "a sender in a region that Cognito does not send from": {
    refused: { auth: { email: sender("chat@acme.example", "ap-south-1", "acme.example") } },
    at: "auth.email.sesIdentityArn",
    says: "allowed: an ARN in us-east-1, us-west-2, eu-west-1 (Amazon Cognito Developer Guide",
    right: { auth: { email: sender("chat@acme.example", "eu-west-1", "acme.example") } },
  },
  "a sender in another domain than the verified one": {
    refused: { auth: { email: sender("chat@notacme.example", "us-east-1", "acme.example") } },
    at: "auth.email.from",
    says: "allowed: an address of acme.example, as sesIdentityArn has it (Amazon SES",
    right: {
      auth: { email: sender("Acme <chat@mail.acme.example>", "us-east-1", "acme.example") },
    },
  },
  "another address than the verified one": {
    refused: { auth: { email: sender("no@acme.example", "us-east-1", "chat@acme.example") } },
    at: "auth.email.from",
    says: "allowed: an address of chat@acme.example",
    right: {
      auth: { email: sender("Acme <chat@acme.example>", "us-east-1", "chat@acme.example") },
    },
  },
  "a profile of another area's regions": {
    refused: { api: { models: ["eu.amazon.nova-lite-v1:0"] } },
    at: "api.models[0]",
    says: 'allowed: a profile that us-east-1 has, which "eu." is not (Amazon Bedrock User Guide',
    right: { api: { models: ["us.amazon.nova-lite-v1:0", "global.amazon.nova-2-lite-v1:0"] } },
  },
  "an application's profile in another region": {
    refused: { api: { models: [profile("eu-west-1")] } },
    at: "api.models[0]",
    says: "allowed: an ARN in us-east-1 (Amazon Bedrock User Guide",
    right: { api: { models: [profile("us-east-1")] } },
  },
  "a model that is there twice": {
    refused: { api: { models: [...models, ...models] } },
    at: "api.models[1]",
    says: "allowed: each only once",
    right: { api: { models: [...models, "amazon.nova-pro-v1:0"] } },
  },
  "limits of a model that is not asked": {
    refused: { api: { models, modelLimits: { "amazon.nova-pro-v1:0": { maxOutputTokens: 100 } } } },
    at: "api.modelLimits",
    says: 'found "amazon.nova-pro-v1:0"; allowed: an id that `models` names',
    right: { api: { models, modelLimits: { [nova]: { maxOutputTokens: 100 } } } },
  },
  "an answer as long as its context": {
    refused: {
      api: { models, modelLimits: { [nova]: { contextTokens: 2_000, maxOutputTokens: 2_000 } } },
    },
    at: `api.modelLimits.${nova}.maxOutputTokens`,
    says: "found 2000; allowed: a whole number from 1 to 1999",
    right: {
      api: { models, modelLimits: { [nova]: { contextTokens: 2_000, maxOutputTokens: 1_999 } } },
    },
  },
  "zones of another region": {
    refused: { network: { zones: ["us-west-1a", "us-west-1c"] } },
    at: "network.zones",
    says: "allowed: two or three different zones of us-east-1 (Amazon EC2 API reference",
    right: { network: { zones: ["us-east-1a", "us-east-1c"] } },
  },
  "a zone that is there twice": {
    refused: { network: { zones: ["us-east-1a", "us-east-1a"] } },
    at: "network.zones",
    says: "two or three different zones",
    right: { network: { zones: ["us-east-1a", "us-east-1f"] } },
  },
  "a network of addresses that are others'": {
    refused: { network: { cidrBlock: "8.8.0.0/16" } },
    at: "network.cidrBlock",
    says: 'found "8.8.0.0/16"; allowed: a private range from /16 to /24',
    right: { network: { cidrBlock: "172.16.0.0/16" } },
  },
  "an endpoint of another region's service": {
    refused: { network: { interfaceEndpoints: ["com.amazonaws.eu-west-1.sts"] } },
    at: "network.interfaceEndpoints[0]",
    says: "allowed: a service of us-east-1 (Amazon EC2 API reference, CreateVpcEndpoint",
    right: { network: { interfaceEndpoints: ["com.amazonaws.us-east-1.sts"] } },
  },
  "one service's endpoint under two names": {
    refused: { network: { interfaceEndpoints: ["sts", "com.amazonaws.us-east-1.sts"] } },
    at: "network.interfaceEndpoints[1]",
    says: "allowed: each only once",
    right: { network: { interfaceEndpoints: ["sts", "com.amazonaws.us-east-1.kms"] } },
  },
  "an archive of a stream without images": {
    refused: { archive: {}, table: { stream: "keys-only" } },
    at: "table.stream",
    says: 'found "keys-only"; allowed: "new-image" or "new-and-old-images"',
    right: { archive: {}, table: { stream: "new-image" } },
  },
};

test.each([
  "com.acme.chat:/signed-in",
  "myapp://callback",
  "https://app.acme.example/in?from=chat",
  "http://localhost:5173/in",
])("the callback %s is taken", (url) => {
  expect(read(withCallback(url)).tenants).toHaveLength(1);
});

test.each([
  "javascript:/alert(1)",
  "data:/text",
  "file:///etc/passwd",
  "myapp://call*",
  "myapp://callback#in",
  "http://app.acme.example/in",
  "http://127.0.0.1/in",
])("the callback %s is refused", (url) => {
  expect(() => read(withCallback(url))).toThrow(
    `auth.managedLogin.redirects.callbackUrls[0]: found "${url}"; allowed: an exact https:// address`,
  );
});

test.each([
  "Google",
  "Facebook",
  "LoginWithAmazon",
  "SignInWithApple",
  "COGNITO",
])("a provider of OIDC called %s is refused", (name) => {
  const named = (key: string) => ({
    auth: { managedLogin: prefix, identityProviders: { [key]: provider } },
  });
  const secret = { "chatstack:secret": "s3cret" };
  expect(() => read(named(name), secret)).toThrow(
    `tenants[0].auth.identityProviders.${name}: found "${name}"; allowed: 3 or more letters`,
  );
  expect(read(named(`Acme${name}`), secret).tenants).toHaveLength(1);
});

const foreign = (arn: string) => arn.replace(account, "999988887777");
const loginCertificate = (certificateArn: string) => ({
  auth: { managedLogin: { domain: { name: "login.acme.example", certificateArn } } },
});
const apiCertificate = (certificateArn: string) => ({
  api: { domain: { name: "chat.acme.example", certificateArn } },
});
const budget = (topicArn: string) => ({ monitoring: { topicArn, monthlyBudget: 100 } });

/** How a stack's config says which account it is of. */
const accounts: Record<string, Record<string, string>> = {
  "aws:allowedAccountIds": { "aws:allowedAccountIds": `["${account}"]` },
  "aws:assumeRoles": {
    "aws:assumeRoles": `[{"roleArn":"arn:aws:iam::999988887777:role/ci"},{"roleArn":"arn:aws:iam::${account}:role/up"}]`,
  },
  permissionsBoundaryArn: {
    "chatstack:permissionsBoundaryArn": `arn:aws:iam::${account}:policy/cap`,
  },
};

describe.each(Object.entries(accounts))("in the account that %s names", (_, config) => {
  test.each<[string, (arn: string) => object, string]>([
    ["auth.managedLogin.domain.certificateArn", loginCertificate, certificate("us-east-1")],
    ["api.domain.certificateArn", apiCertificate, certificate("us-east-1")],
    ["auth.webAclArn", (webAclArn) => ({ auth: { webAclArn } }), webAcl("us-east-1")],
    ["api.models[0]", (id) => ({ api: { models: [id] } }), profile("us-east-1")],
    ["monitoring.topicArn", budget, topic("us-east-1")],
  ])("%s of another account is refused", (path, settings, arn) => {
    expect(() => read(settings(foreign(arn)), config)).toThrow(
      `${path}: found "${foreign(arn)}"; allowed: an ARN of the stack's own account, ${account} (`,
    );
    expect(read(settings(arn), config).tenants).toHaveLength(1);
    // No config says which account it is: AWS decides.
    expect(read(settings(foreign(arn))).tenants).toHaveLength(1);
  });

  test("an alarm may tell a topic of another account", () => {
    const settings = { monitoring: { topicArn: foreign(topic("us-east-1")) } };
    expect(read(settings, config).tenants).toHaveLength(1);
  });
});

test("a boundary of another account is refused", () => {
  const config = (id: string) => ({
    ...accounts["aws:allowedAccountIds"],
    "chatstack:permissionsBoundaryArn": `arn:aws:iam::${id}:policy/cap`,
  });
  expect(() => read({}, config("999988887777"))).toThrow(
    "Pulumi.prod.yaml: chatstack:permissionsBoundaryArn: found",
  );
  expect(read({}, config(account)).tenants).toHaveLength(1);
});

function passkeysAt(relyingPartyId: string): Settings {
  const domain = { name: "login.acme.example", certificateArn: certificate("us-east-1") };
  return { auth: { mfa: "optional", passkeys: { relyingPartyId }, managedLogin: { domain } } };
}

function loginAt(name: string): Settings {
  const domain = { name, certificateArn: certificate("us-east-1") };
  return { auth: { managedLogin: { domain } } };
}

function withCallbacks(count: number): Settings {
  const callbackUrls = Array.from({ length: count }, (_, at) => `https://app.acme.example/${at}`);
  return { auth: { managedLogin: { ...prefix, redirects: { callbackUrls, logoutUrls: [] } } } };
}

function withCallback(url: string): Settings {
  return {
    auth: { managedLogin: { ...prefix, redirects: { ...redirects, callbackUrls: [url] } } },
  };
}

function withProvider(choices: { issuer?: string; scopes?: string[] }): Settings {
  const Acme = { ...provider, ...choices };
  return { auth: { managedLogin: prefix, identityProviders: { Acme } } };
}

describe.each(Object.entries(refusals))("%s", (_, { refused, at, says, right }) => {
  // Nothing may be said that nobody reads.
  const config = (settings: Settings): Record<string, string> =>
    settings.auth?.identityProviders ? { "chatstack:secret": "s3cret" } : {};

  test("is refused, with its place and AWS's reason", () => {
    expect(() => read(refused, config(refused))).toThrow(
      `Pulumi.prod.yaml: chatstack:tenants[0].${at}: `,
    );
    expect(() => read(refused, config(refused))).toThrow(says);
  });

  test("is taken as it should be", () => {
    expect(read(right, config(right)).tenants).toHaveLength(1);
  });
});

test("what the stack's defaults say wrong is told of the defaults", () => {
  const defaults = { "chatstack:defaults": JSON.stringify({ table: { capacity: provisioned } }) };
  expect(() => read({ table: { replicas } }, defaults)).toThrow(
    "Pulumi.prod.yaml: chatstack:defaults.table.capacity.mode: found",
  );
});

const login = { name: "login.acme.example", certificateArn: certificate("us-gov-west-1") };

test.each<[string, Settings, string]>([
  [
    "us-gov-west-1",
    { monitoring: { monthlyBudget: 100, notify: ["ops@acme.example"] } },
    "monitoring.monthlyBudget: found 100; allowed: in us-gov-west-1: none, as the associated",
  ],
  [
    "us-gov-east-1",
    { auth: { managedLogin: { domain: login } } },
    'auth.managedLogin.domain.name: found "login.acme.example"; allowed: in us-gov-east-1: a prefix',
  ],
  [
    "cn-north-1",
    { api: { models } },
    'api.models: found ["amazon.nova-lite-v1:0"]; allowed: in cn',
  ],
  [
    "cn-north-1",
    { network: { interfaceEndpoints: ["sqs", "bedrock-runtime"] } },
    'network.interfaceEndpoints: found "bedrock-runtime"; allowed: in cn-north-1: endpoints of',
  ],
])("what AWS does not offer in %s is refused there, and taken elsewhere", (region, settings, says) => {
  expect(() => read(settings, { "aws:region": region })).toThrow(says);
  const home = JSON.stringify(settings).replaceAll("us-gov-west-1", "us-east-1");
  expect(read(JSON.parse(home), { "aws:region": "us-east-1" }).tenants).toHaveLength(1);
});

test.each([
  ["us-gov-west-1", "us.amazon.nova-lite-v1:0", "us-gov.amazon.nova-lite-v1:0"],
  ["us-gov-west-1", "global.amazon.nova-2-lite-v1:0", "amazon.nova-lite-v1:0"],
  ["eu-central-1", "apac.amazon.nova-lite-v1:0", "eu.amazon.nova-lite-v1:0"],
  ["ap-northeast-1", "au.anthropic.claude-v1:0", "jp.anthropic.claude-v1:0"],
  ["ap-southeast-2", "jp.anthropic.claude-v1:0", "au.anthropic.claude-v1:0"],
  ["ca-central-1", "eu.amazon.nova-lite-v1:0", "us.amazon.nova-lite-v1:0"],
])("in %s the profile %s is refused, and %s is taken", (region, refused, right) => {
  const readIn = (id: string) => read({ api: { models: [id] } }, { "aws:region": region });
  expect(() => readIn(refused)).toThrow(`api.models[0]: found "${refused}"; allowed: a profile`);
  expect(readIn(right).tenants).toHaveLength(1);
});

test.each([
  ["us-est-1", "us-east-1"],
  ["eu-central-11", "eu-central-1"],
  ["Frankfurt", undefined],
])("the region %s is refused", (region, meant) => {
  expect(() => read({}, { "aws:region": region })).toThrow(
    `Pulumi.prod.yaml: aws:region: found "${region}"; allowed: an AWS region`,
  );
  if (meant !== undefined)
    expect(() => read({}, { "aws:region": region })).toThrow(`did you mean ${meant}?`);
});

test("every region of AWS is taken", () => {
  expect(regions.length).toBeGreaterThan(35);
  for (const region of [...regions, "us-gov-west-1", "cn-north-1"])
    expect(read({}, { "aws:region": region }).tenants).toHaveLength(1);
});

test("a boundary of another partition is refused", () => {
  const boundary = (partition: string) => ({
    "aws:region": "us-gov-west-1",
    "chatstack:permissionsBoundaryArn": `arn:${partition}:iam::${account}:policy/boundary`,
  });
  expect(() => read({}, boundary("aws"))).toThrow(
    'chatstack:permissionsBoundaryArn: found "arn:aws:iam::123456789012:policy/boundary"; allowed: an ARN that begins with arn:aws-us-gov:, as in us-gov-west-1',
  );
  expect(read({}, boundary("aws-us-gov")).tenants).toHaveLength(1);
});
