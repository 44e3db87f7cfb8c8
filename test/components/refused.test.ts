/** A component that is used by itself reads the same rules as the stack's config. */
import { expect, test } from "vitest";
import { AuthPool } from "../../components/auth-pool/auth-pool.ts";
import { ChatApi } from "../../components/chat-api/chat-api.ts";
import { ChatTable } from "../../components/chat-table/chat-table.ts";
import { AuditTrail } from "../../components/companions/audit-trail.ts";
import { PrivateNetwork } from "../../components/companions/private-network.ts";
import { TenantMonitoring } from "../../components/companions/tenant-monitoring.ts";
import { DocumentBucket } from "../../components/document-bucket/document-bucket.ts";
import type { Settings } from "../../stacks/settings.ts";
import { TenantStack } from "../../stacks/tenant-stack.ts";
import { recordsOf } from "../../testing/stacks/records.ts";

const acme = { tenant: "acme" };
const units = { min: 1, max: 5 };
const capacity = { mode: "provisioned", read: units, write: units } as const;
const tableArns = ["arn:aws:dynamodb:us-east-1:123456789012:table/chat"];

function api(args: object): ChatApi {
  const table = new ChatTable("chat", acme);
  const documents = new DocumentBucket("documents", acme);
  return new ChatApi("api", {
    ...acme,
    table,
    documents,
    auth: new AuthPool("users", acme),
    ...args,
  });
}

function monitored(): TenantMonitoring {
  const made = api({});
  return new TenantMonitoring("watch", { ...acme, table: new ChatTable("other", acme), api: made });
}

const stack = (settings: Settings) => () => new TenantStack("acme", { ...acme, settings });

const webAcl = (region: string) =>
  `arn:aws:wafv2:${region}:123456789012:regional/webacl/a/1` as const;
const topicArn = "arn:aws:sns:us-east-1:123456789012:ops";
const inEurope = { config: { "aws:region": "eu-west-1" } };

test.each<[string, () => unknown, () => unknown, object?]>([
  [
    'ChatTable "chat": capacity.mode: found "provisioned"',
    () => new ChatTable("chat", { ...acme, capacity, replicas: [{ region: "eu-west-1" }] }),
    () => new ChatTable("chat", { ...acme, capacity }),
  ],
  [
    'ChatTable "chat": replicas[0].region: found "eu-west-1"; allowed: another region',
    () => new ChatTable("chat", { ...acme, replicas: [{ region: "eu-west-1" }] }),
    () => new ChatTable("chat", { ...acme, replicas: [{ region: "eu-west-2" }] }),
    inEurope,
  ],
  [
    'ChatFunction "api": provisionedConcurrency: found 1; allowed: "off" while a canary runs',
    () => api({ release: { stableVersion: "1", newestPercent: 5 }, provisionedConcurrency: 1 }),
    () => api({ release: "versions", provisionedConcurrency: 1 }),
  ],
  [
    'DocumentBucket "documents": replication.region: found "eu-wst-1"',
    () =>
      new DocumentBucket("documents", {
        ...acme,
        replication: { bucketArn: "arn:aws:s3:::copies", region: "eu-wst-1" },
      }),
    () =>
      new DocumentBucket("documents", {
        ...acme,
        replication: { bucketArn: "arn:aws:s3:::copies", region: "eu-west-1" },
      }),
  ],
  [
    'AuthPool "users": groups[1]: found "admins"; allowed: each only once',
    () => new AuthPool("users", { ...acme, groups: ["admins", "admins"] }),
    () => new AuthPool("users", { ...acme, groups: ["admins", "readers"] }),
  ],
  [
    'PrivateNetwork "network": interfaceEndpoints[0]: found "s3"',
    () => new PrivateNetwork("network", { ...acme, interfaceEndpoints: ["s3"] }),
    () => new PrivateNetwork("network", { ...acme, interfaceEndpoints: ["sts"] }),
  ],
  [
    'TenantStack "acme": network.interfaceEndpoints: found []; allowed: "bedrock-runtime"',
    stack({ api: { models: ["amazon.nova-lite-v1:0"] }, network: {} }),
    stack({ api: { models: "embedded" }, network: {} }),
  ],
  [
    'TenantStack "acme": table.stream: found "off"',
    stack({ archive: {}, table: { stream: "off" } }),
    stack({ archive: {}, table: { stream: "new-image" } }),
  ],
  [
    'DocumentBucket "sthree-acme": name: found "sthree-acme"; allowed: a name that does not begin',
    () => new DocumentBucket("sthree-acme", acme),
    () => new DocumentBucket("s3-acme", acme),
  ],
  [
    'AuditTrail "xn--acme": name: found "xn--acme"; allowed: a name that does not begin with xn--',
    () => new AuditTrail("xn--acme", { ...acme, tableArns, bucketArns: [] }),
    () => new AuditTrail("xn-acme", { ...acme, tableArns, bucketArns: [] }),
  ],
  [
    'AuthPool "users": webAclArn: found "arn:aws:wafv2:us-east-1:123456789012:regional/webacl/a/1"; allowed: an ARN in eu-west-1',
    () => new AuthPool("users", { ...acme, webAclArn: webAcl("us-east-1") }),
    () => new AuthPool("users", { ...acme, webAclArn: webAcl("eu-west-1") }),
    inEurope,
  ],
  [
    'ChatTable "chat": alarms.topicArn: found "arn:aws:sns:us-east-1:123456789012:ops:1234"; allowed: an ARN of an SNS topic, not of a subscription',
    () => new ChatTable("chat", { ...acme, alarms: { topicArn: `${topicArn}:1234` } }),
    () => new ChatTable("chat", { ...acme, alarms: { topicArn } }),
  ],
  [
    'ChatApi "api": models[0]: found "us.amazon.nova-lite-v1:0"; allowed: a profile that eu-west-1 has',
    () => api({ models: ["us.amazon.nova-lite-v1:0"] }),
    () => api({ models: ["eu.amazon.nova-lite-v1:0"] }),
    inEurope,
  ],
  [
    'AuthPool "users": webAclArn: found "arn:aws:wafv2:us-east-1:123456789012:regional/webacl/a/1"; allowed: an ARN of the stack\'s own account, 111122223333',
    () => new AuthPool("users", { ...acme, webAclArn: webAcl("us-east-1") }),
    () => new AuthPool("users", acme),
    { config: { "aws:region": "us-east-1", "aws:allowedAccountIds": '["111122223333"]' } },
  ],
  [
    'PrivateNetwork "network": zones: found ["us-east-1a","us-east-1b"]; allowed: two or three different zones of eu-west-1',
    () => new PrivateNetwork("network", { ...acme, zones: ["us-east-1a", "us-east-1b"] }),
    () => new PrivateNetwork("network", { ...acme, zones: ["eu-west-1a", "eu-west-1b"] }),
    inEurope,
  ],
])("%s", async (message, refused, right, options = {}) => {
  await expect(recordsOf(refused, options)).rejects.toThrow(message);
  await recordsOf(right, options);
});

test.each([
  [
    "prod.eu",
    monitored,
    'TenantMonitoring "watch": dashboardName: found "chatstack-prod.eu-watch"',
  ],
  [
    "p".repeat(100),
    () => new AuditTrail(`audit-${"t".repeat(31)}`, { ...acme, tableArns, bucketArns: [] }),
    "at most 128 characters, the stack's name among them (CloudTrail API reference",
  ],
])("what the name of stack %s makes too long or AWS cannot take is refused", async (name, make, message) => {
  await expect(recordsOf(make, { stack: name })).rejects.toThrow(message);
  await recordsOf(make, { stack: "prod-eu" });
});
