/**
 * Settings of resources that stay, by which data goes sooner than before, can be restored less far back,
 * or loses what guards it. Growing is none of these.
 */

import { entriesOf, type Fields, fieldsOf } from "../fields.ts";
import type { ResourceRecord } from "../record.ts";
import type { DataLoss } from "../upgrade/data-loss.ts";
import {
  backupRules,
  lifecycleRules,
  objectLockRules,
  replicationRules,
  vaultLockRules,
} from "./weakening-rules.ts";
import { days, type Weakening, weakened } from "./weakening-values.ts";

/** @param after absent where the resource goes and what it was a setting of stays. */
export function weakenings(before: ResourceRecord, after: ResourceRecord | undefined): DataLoss[] {
  const found = rules[before.type]?.(before.inputs, after?.inputs) ?? [];
  return found.map((one) => ({ urn: before.urn, ...one }));
}

type Rule = (before: Fields, after: Fields | undefined) => readonly Weakening[];

const rules: Readonly<Record<string, Rule>> = {
  "aws:backup/plan:Plan": backupRules,
  "aws:backup/selection:Selection": (_, after) =>
    after ? [] : [weakened("resources", "goes: from then on no scheduled backup is made of them")],
  "aws:backup/vaultLockConfiguration:VaultLockConfiguration": vaultLockRules,
  "aws:cloudwatch/logGroup:LogGroup": whileItStays((before, after) =>
    shorter(
      "retentionInDays",
      [Number(before.retentionInDays) || Number.POSITIVE_INFINITY, Number(after.retentionInDays)],
      "older log lines are deleted from then on",
    ),
  ),
  "aws:cognito/userPool:UserPool": whileItStays((before, after) => [
    ...poolGuard(before, after),
    ...passkeys(before, after),
  ]),
  "aws:dynamodb/table:Table": whileItStays((before, after) => [
    ...recovery(before, after),
    ...timeToLive(before, after),
    ...guards(before, after),
    ...stream(before, after),
    ...replicas(before, after),
  ]),
  "aws:kms/key:Key": whileItStays((before, after) =>
    before.isEnabled !== false && after.isEnabled === false
      ? [weakened("isEnabled", "goes off: from then on nothing that it encrypted can be read")]
      : [],
  ),
  "aws:lambda/function:Function": whileItStays(history),
  "aws:s3/bucket:Bucket": whileItStays((before, after) =>
    before.forceDestroy !== true && after.forceDestroy === true
      ? [weakened("forceDestroy", "goes on: from then on deleting the bucket deletes its objects")]
      : [],
  ),
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": whileItStays(lifecycleRules),
  "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration": objectLockRules,
  "aws:s3/bucketReplicationConfig:BucketReplicationConfig": replicationRules,
  "aws:s3/bucketVersioning:BucketVersioning": ({ versioningConfiguration: before }, after) => {
    const status = fieldsOf(after?.versioningConfiguration).status ?? "Suspended";
    const text =
      `would change from Enabled to ${status}: what is overwritten or deleted from then on ` +
      "cannot be brought back";
    return fieldsOf(before).status === "Enabled" && status !== "Enabled"
      ? [weakened("versioningConfiguration.status", text)]
      : [];
  },
  "aws:sqs/queue:Queue": whileItStays((before, after) =>
    shorter(
      "messageRetentionSeconds",
      [before, after].map(({ messageRetentionSeconds: kept }) => Number(kept ?? 345_600)),
      "older messages are deleted from then on",
      "seconds",
    ),
  ),
};

/** What goes as a whole is no weaker setting. */
function whileItStays(rule: (before: Fields, after: Fields) => readonly Weakening[]): Rule {
  return (before, after) => (after ? rule(before, after) : []);
}

function shorter(
  path: string,
  [from = 0, to = 0]: readonly number[],
  lost: string,
  unit: "days" | "seconds" = "days",
): Weakening[] {
  const shown = (value: number) => (unit === "days" ? days(value) : `${value} seconds`);
  return to > 0 && to < from
    ? [weakened(path, `would fall from ${shown(from)} to ${shown(to)}: ${lost}`)]
    : [];
}

function recovery(before: Fields, after: Fields): Weakening[] {
  const [from, to] = [before, after].map((one) => fieldsOf(one.pointInTimeRecovery));
  if (from?.enabled !== true) return [];
  if (to?.enabled !== true) {
    const text = "goes off: from then on the table cannot be restored to any moment before";
    return [weakened("pointInTimeRecovery.enabled", text)];
  }
  const reach = [from, to].map(({ recoveryPeriodInDays: reached }) => Number(reached ?? 35));
  const lost = "from then on the table cannot be restored to a moment before that";
  return shorter("pointInTimeRecovery.recoveryPeriodInDays", reach, lost);
}

function timeToLive(before: Fields, after: Fields): Weakening[] {
  const [from, to] = [before, after].map((one) => fieldsOf(one.ttl));
  if (to?.enabled !== true) return [];
  if (from?.enabled === true && from.attributeName === to.attributeName) return [];
  const text =
    `would be ${to.attributeName}: from then on DynamoDB deletes every item whose ` +
    `${to.attributeName} has passed, those of today included`;
  return [weakened("ttl", text)];
}

function guards(before: Fields, after: Fields): Weakening[] {
  return before.deletionProtectionEnabled === true && after.deletionProtectionEnabled !== true
    ? [weakened("deletionProtectionEnabled", "goes off: from then on the table can be deleted")]
    : [];
}

function poolGuard(before: Fields, after: Fields): Weakening[] {
  const text = "goes off: from then on the pool and its users can be deleted";
  return before.deletionProtection === "ACTIVE" && after.deletionProtection !== "ACTIVE"
    ? [weakened("deletionProtection", text)]
    : [];
}

/** A passkey is made for one relying party (W3C, Web Authentication, "Public Key Credential Source"). */
function passkeys(before: Fields, after: Fields): Weakening[] {
  const [from, to] = [before, after].map(
    (one) => fieldsOf(one.webAuthnConfiguration).relyingPartyId,
  );
  if (from === undefined || from === to) return [];
  const change = to === undefined ? "goes" : `would change from ${from} to ${to}`;
  const text = `${change}: passkeys that users made for ${from} sign nobody in from then on`;
  return [weakened("webAuthnConfiguration.relyingPartyId", text)];
}

function stream(before: Fields, after: Fields): Weakening[] {
  if (before.streamEnabled !== true) return [];
  const lost = "its records that nothing has read until then are lost";
  if (after.streamEnabled !== true) return [weakened("streamEnabled", `goes off: ${lost}`)];
  return before.streamViewType === after.streamViewType
    ? []
    : [weakened("streamViewType", `would change: the stream is made again, and ${lost}`)];
}

/** A replica that goes as a whole is `dataLosses`' judgement. */
function replicas(before: Fields, after: Fields): Weakening[] {
  const now = new Map(entriesOf(after.replicas).map((one) => [one.regionName, one]));
  return entriesOf(before.replicas).flatMap((replica) => {
    const left = now.get(replica.regionName);
    const at = (field: string) => `replicas[regionName=${replica.regionName}].${field}`;
    const isOff = (field: string) => left && replica[field] === true && left[field] !== true;
    return [
      ...(isOff("pointInTimeRecovery")
        ? [
            weakened(
              at("pointInTimeRecovery"),
              "goes off: from then on the replica cannot be restored to any moment before",
            ),
          ]
        : []),
      ...(isOff("deletionProtectionEnabled")
        ? [
            weakened(
              at("deletionProtectionEnabled"),
              "goes off: from then on the replica can be deleted",
            ),
          ]
        : []),
    ];
  });
}

/** The API's setting `history`, as the function reads it. */
function history(before: Fields, after: Fields): Weakening[] {
  const [from, to] = [before, after].map(
    ({ environment }) => fieldsOf(fieldsOf(environment).variables).HISTORY,
  );
  if (typeof from !== "string" || typeof to !== "string" || from === to) return [];
  const text =
    `would change from ${from} to ${to}: from then on users see none of the conversations that are in ` +
    `${from}; nothing moves them`;
  return [weakened("environment.variables.HISTORY", text)];
}
