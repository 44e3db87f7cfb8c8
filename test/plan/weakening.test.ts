import { describe, expect, test } from "vitest";
import { compare } from "../../offline/plan/compare.ts";
import { plainOptions, type ResourceRecord } from "../../offline/record.ts";

type Inputs = Record<string, unknown>;

const stack = "urn:pulumi:test::chatstack::pulumi:pulumi:Stack::chatstack-test";

const record = (type: string, inputs: Inputs): ResourceRecord => ({
  urn: `urn:pulumi:test::chatstack::${type}::x`,
  type,
  name: "x",
  parent: stack,
  custom: true,
  id: "x",
  inputs,
  secrets: [],
  outputs: {},
  options: plainOptions,
  propertyDependencies: {},
});

const reasons = (type: string, before: Inputs, after?: Inputs): string =>
  compare([record(type, before)], after ? [record(type, after)] : [])
    .losses.map(({ reason }) => reason)
    .join("\n");

const table = "aws:dynamodb/table:Table";
const lifecycle = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration";
const logs = "aws:cloudwatch/logGroup:LogGroup";
const plan = "aws:backup/plan:Plan";
const lock = "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration";
const vaultLock = "aws:backup/vaultLockConfiguration:VaultLockConfiguration";
const versioning = "aws:s3/bucketVersioning:BucketVersioning";
const replication = "aws:s3/bucketReplicationConfig:BucketReplicationConfig";
const pool = "aws:cognito/userPool:UserPool";
const queue = "aws:sqs/queue:Queue";

const recovery = (recoveryPeriodInDays?: number, enabled = true) => ({
  pointInTimeRecovery: { enabled, recoveryPeriodInDays },
});
const keeps = (days: number) => ({
  rules: [{ id: "old", status: "Enabled", filter: { prefix: "messages/" }, expiration: { days } }],
});
const versions = (noncurrentDays: number) => ({
  rules: [{ id: "v", status: "Enabled", noncurrentVersionExpiration: { noncurrentDays } }],
});
const backups = (deleteAfter?: number) => ({
  rules: [{ ruleName: "daily", lifecycle: { deleteAfter } }],
});
const locked = (days: number, mode = "COMPLIANCE") => ({
  rule: { defaultRetention: { mode, days } },
});
const copies = (repeats: string, status = "Enabled") => ({
  rules: [{ id: "all", status, deleteMarkerReplication: { status: repeats } }],
});
const passkeys = (relyingPartyId: string) => ({ webAuthnConfiguration: { relyingPartyId } });
const fn = (HISTORY: string) => ({ environment: { variables: { HISTORY } } });

/** Each with what is lost, and from when. */
const weaker: [string, Inputs, Inputs | undefined, RegExp][] = [
  [table, recovery(35), recovery(7), /fall from 35 days to 7 days: from then on .* restored/],
  [table, recovery(), recovery(34), /fall from 35 days to 34 days/],
  [table, recovery(35), recovery(35, false), /pointInTimeRecovery.enabled goes off: from then on/],
  [table, { deletionProtectionEnabled: true }, {}, /deletionProtectionEnabled goes off/],
  [table, { streamEnabled: true }, { streamEnabled: false }, /records that nothing has read/],
  [table, {}, { ttl: { enabled: true, attributeName: "expires" } }, /whose expires has passed/],
  [table, { replicas: [{ regionName: "eu-west-1" }] }, { replicas: [] }, /replica in eu-west-1/],
  [
    table,
    { replicas: [{ regionName: "eu-west-1", pointInTimeRecovery: true }] },
    { replicas: [{ regionName: "eu-west-1" }] },
    /replicas\[regionName=eu-west-1\].pointInTimeRecovery goes off/,
  ],
  [lifecycle, keeps(365), keeps(30), /fall from 365 days to 30 days: older objects are deleted/],
  [lifecycle, { rules: [] }, keeps(30), /would be 30 days: older objects are deleted from then on/],
  [lifecycle, versions(30), versions(1), /30 days to 1 day: older versions of overwritten/],
  [logs, {}, { retentionInDays: 30 }, /fall from no end to 30 days: older log lines/],
  [logs, { retentionInDays: 90 }, { retentionInDays: 30 }, /fall from 90 days to 30 days/],
  [plan, backups(90), backups(30), /fall from 90 days to 30 days: backups made from then on/],
  [plan, backups(), backups(30), /fall from no end to 30 days/],
  [plan, backups(90), { rules: [] }, /rules\[ruleName=daily\] goes: from then on/],
  [vaultLock, { minRetentionDays: 90 }, { minRetentionDays: 30 }, /can be deleted sooner/],
  [vaultLock, { minRetentionDays: 90 }, undefined, /minRetentionDays goes: backups/],
  [vaultLock, { changeableForDays: 3 }, {}, /changes from compliance to governance/],
  [replication, copies("Disabled"), copies("Enabled"), /deleted in the copies, too/],
  [replication, copies("Disabled"), { rules: [] }, /rules\[id=all\] goes: .* are not copied/],
  [replication, copies("Disabled"), copies("Disabled", "Disabled"), /rules\[id=all\] goes/],
  [replication, copies("Disabled"), undefined, /rules go: .* are not copied/],
  [pool, passkeys("a.example"), passkeys("b.example"), /made for a.example sign nobody in/],
  [pool, passkeys("a.example"), {}, /relyingPartyId goes: passkeys/],
  [lock, locked(30), locked(1), /fall from 30 days to 1 day: versions written from then on/],
  [lock, locked(30), locked(30, "GOVERNANCE"), /would change from COMPLIANCE/],
  [lock, locked(30), undefined, /rule.defaultRetention goes/],
  [
    versioning,
    { versioningConfiguration: { status: "Enabled" } },
    { versioningConfiguration: { status: "Suspended" } },
    /from Enabled to Suspended: what is overwritten or deleted from then on/,
  ],
  [queue, {}, { messageRetentionSeconds: 60 }, /fall from 345600 seconds to 60 seconds/],
  ["aws:s3/bucket:Bucket", {}, { forceDestroy: true }, /deleting the bucket deletes its objects/],
  [
    pool,
    { deletionProtection: "ACTIVE" },
    { deletionProtection: "INACTIVE" },
    /deletionProtection goes off/,
  ],
  ["aws:kms/key:Key", {}, { isEnabled: false }, /nothing that it encrypted can be read/],
  [
    "aws:lambda/function:Function",
    fn("dynamodb"),
    fn("s3"),
    /from dynamodb to s3: from then on users see none of the conversations that are in dynamodb/,
  ],
];

describe("a loss, with what and from when:", () => {
  test.each(weaker)("%s %j → %j", (type, before, after, reason) => {
    expect(reasons(type, before, after)).toMatch(reason);
  });
});

describe("no loss, since it grows:", () => {
  const grown = weaker.filter(
    (one): one is [string, Inputs, Inputs, RegExp] =>
      one[2] !== undefined && !/Function|replica in|made for/.test(`${one[0]}${one[3].source}`),
  );
  test.each(grown)("%s %j ← %j", (type, before, after) => {
    expect(reasons(type, after, before)).toBe("");
  });
});
