/** What uses a permission waits until it is given: AWS refuses, or loses, what comes a moment too early. */
import { expect, test } from "vitest";
import type { ResourceRecord } from "../../offline/record.ts";
import type { Settings } from "../../stacks/settings.ts";
import { everyCompanion } from "../../testing/stacks/full-components.ts";
import {
  evaluateFullest,
  fullestSettings,
  otherSettings,
} from "../../testing/stacks/fullest-tenant.ts";

const recordsOf = async (settings: Settings) => (await evaluateFullest(settings)).records;

const kind = ({ type }: ResourceRecord) => type.split(":").at(-1) ?? type;

/** By a property that came from it, or by its ARN, whoever handed that on. A tag names, and uses nothing. */
const refersTo = (record: ResourceRecord, { urn, outputs }: ResourceRecord) =>
  Object.entries(record.propertyDependencies).some(
    ([property, urns]) => property !== "tags" && urns.includes(urn),
  ) || JSON.stringify({ ...record.inputs, tags: undefined }).includes(`"${outputs.arn}"`);

/** Everything that is there before a resource is made. */
function waitsFor(record: ResourceRecord, byUrn: ReadonlyMap<string, ResourceRecord>): Set<string> {
  const found = new Set<string>();
  const follow = ({ options, propertyDependencies }: ResourceRecord) => {
    for (const urn of [...options.dependencies, ...Object.values(propertyDependencies).flat()]) {
      if (found.has(urn)) continue;
      found.add(urn);
      const next = byUrn.get(urn);
      if (next) follow(next);
    }
  };
  follow(record);
  return found;
}

/** A permission, whom it is for, and which types make it, or set up what it is about, themselves. */
interface Grant {
  readonly grant: ResourceRecord;
  readonly on: string;
  readonly exempt: RegExp;
}

function* grantsIn(records: readonly ResourceRecord[]): Generator<Grant> {
  for (const record of records) {
    const about = (property: string) => record.propertyDependencies[property]?.[0] ?? "";
    switch (kind(record)) {
      case "RolePolicyAttachment":
      case "RolePolicy":
        yield {
          grant: record,
          on: about("role"),
          exempt: /^(RolePolicy|Role$|RolePolicyAttachment)/,
        };
        break;
      case "TopicPolicy":
      case "BucketPolicy":
      case "QueuePolicy": {
        // One that only denies gives nobody anything to wait for.
        if (!String(record.inputs.policy).includes('"Allow"')) break;
        const property = { TopicPolicy: "arn", BucketPolicy: "bucket", QueuePolicy: "queueUrl" };
        const on = about(property[kind(record) as keyof typeof property]);
        yield {
          grant: record,
          on,
          exempt: /^(TopicSubscription|TopicPolicy|BucketPolicy|QueuePolicy)$/,
        };
        break;
      }
    }
  }
}

/** Settings of the bucket itself; logging is one of the bucket that is logged, not of the target. */
const isOwnSetting = (record: ResourceRecord, on: string) =>
  record.type.startsWith("aws:s3/bucket") &&
  record.propertyDependencies.bucket?.includes(on) === true;

const tenants = {
  fullest: {
    ...fullestSettings,
    ...everyCompanion,
    encryption: "tenant-key",
    api: { ...fullestSettings.api, failedEvents: "queue" },
    documents: { ...fullestSettings.documents, accessLogs: "on" },
    table: { ...fullestSettings.table, backups: {} },
  },
  other: { ...otherSettings, ...everyCompanion, archive: { content: "include" } },
} satisfies Record<string, Settings>;

test.each(
  Object.entries(tenants),
)("of the %s tenant, each waits for its permissions", async (_, settings) => {
  const records = await recordsOf(settings);
  const byUrn = new Map(records.map((record) => [record.urn, record]));
  const judged: string[] = [];
  const hasty: string[] = [];
  for (const { grant, on, exempt } of grantsIn(records)) {
    const target = byUrn.get(on);
    if (target === undefined) throw new Error(`${grant.type} ${grant.name}: about nothing here`);
    for (const user of records) {
      if (
        !user.custom ||
        !refersTo(user, target) ||
        exempt.test(kind(user)) ||
        isOwnSetting(user, on)
      )
        continue;
      const sentence = `${kind(user)} ${user.name} waits for ${kind(grant)} ${grant.name}`;
      judged.push(sentence);
      if (!waitsFor(user, byUrn).has(grant.urn)) hasty.push(sentence);
    }
  }
  expect(hasty).toEqual([]);
  const users = new Set(judged.map((sentence) => sentence.split(" ")[0]));
  for (const user of [
    "Function",
    "Account",
    "Pipe",
    "FirehoseDeliveryStream",
    "Selection",
    "Budget",
    "MetricAlarm",
    "Trail",
  ]) {
    expect(users).toContain(user);
  }
});
