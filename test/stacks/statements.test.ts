import { beforeAll, expect, test } from "vitest";
import type { ResourceRecord } from "../../offline/record.ts";
import { evaluateFullest, fullestSettings } from "../../testing/stacks/fullest-tenant.ts";

interface Statement {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Principal?: unknown;
  readonly Action: string | string[];
  readonly Resource?: string | string[];
}

interface Found {
  readonly record: ResourceRecord;
  readonly statement: Statement;
}

let records: readonly ResourceRecord[];
let found: Found[];

beforeAll(async () => {
  ({ records } = await evaluateFullest(fullestSettings));
  found = records.flatMap((record) =>
    documentsIn(record.inputs).flatMap((statements) =>
      statements.map((statement) => ({ record, statement })),
    ),
  );
  const documents = new Set(found.map(({ record }) => record.urn)).size;
  process.stdout.write(`${found.length} statements in the policies of ${documents} resources\n`);
});

test("statements of every kind of policy are walked", () => {
  const kinds = new Set(found.map(({ record }) => record.type.split(":").at(-1)));
  expect([...kinds].sort()).toEqual(["BucketPolicy", "Key", "Policy", "QueuePolicy", "Role"]);
  expect(found.length).toBeGreaterThan(20);
});

test("every action that is allowed is named in full, but for the key's own administrators", () => {
  const wide = found.filter(
    ({ statement }) =>
      statement.Effect === "Allow" &&
      listOf(statement.Action).some((action) => !/^[a-z0-9-]+:[A-Za-z]+$/.test(action)),
  );
  expect(wide.map(({ statement }) => statement.Sid)).toEqual(["AccountAdministers"]);
});

test("every ARN that is allowed is the tenant's own", () => {
  const owned = records
    .filter(({ inputs, parent }) => tagsOf(inputs) === "full" || parent?.includes("TenantStack"))
    .map(({ outputs }) => outputs.arn)
    .filter((arn) => typeof arn === "string");
  // The copies and their key: the tenant's as well, in another region.
  const away = ["arn:aws:s3:::full-copies", "arn:aws:kms:us-west-2:123456789012:key/full-copies"];
  // Tables that AWS Backup makes for a restore test, and deletes again: their names are its own.
  const tests = "arn:aws:dynamodb:us-east-1:123456789012:table/awsbackup-restore-test-*";
  const own = [...owned, ...away, tests];
  const isOwn = (arn: string) =>
    own.some(
      (one) =>
        arn === one ||
        arn.startsWith(`${one}/`) ||
        arn === `${one}:*` ||
        // What is restored from the tenant's table.
        (one.includes(":table/") && arn === `${one}-at-*`),
    );
  for (const { record, statement } of found) {
    if (statement.Effect !== "Allow" || record.type.endsWith(":Role")) continue;
    for (const arn of listOf(statement.Resource)) {
      // "*" is the key itself in its own policy, and all there is to say of traces.
      const isAnything =
        record.type.endsWith(":Key") ||
        listOf(statement.Action).every((action) => action.startsWith("xray:"));
      expect({ arn, isOwn: isAnything ? arn === "*" : isOwn(arn) }).toEqual({ arn, isOwn: true });
    }
  }
});

test("roles are assumed by AWS's services by name, each with one trust and a boundary", () => {
  const trusts = found.filter(({ record }) => record.type.endsWith(":Role"));
  for (const { record, statement } of trusts) {
    expect(statement).toEqual({
      Effect: "Allow",
      Principal: { Service: expect.stringMatching(/^[a-z0-9]+\.amazonaws\.com$/) },
      Action: "sts:AssumeRole",
      ...onBehalfOf(record, statement.Principal),
    });
    expect(record.inputs.permissionsBoundary).toContain(":policy/chatstack-boundary");
  }
  expect(trusts.length).toBe(records.filter(({ type }) => type.endsWith(":Role")).length);
});

/** For whom a service may assume the role, of those services that say it. */
function onBehalfOf(role: ResourceRecord, principal: unknown) {
  const { Service: service } = Object(principal);
  if (service === "scheduler.amazonaws.com") return { Condition: ofItsGroup(role) };
  return ["lambda.amazonaws.com", "pipes.amazonaws.com"].includes(service)
    ? { Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } } }
    : {};
}

function ofItsGroup({ name }: ResourceRecord) {
  const group = records.find(
    (record) => record.type.endsWith(":ScheduleGroup") && record.name === name,
  );
  const arn = String(group?.outputs.arn);
  return { StringEquals: { "aws:SourceAccount": arn.split(":")[4], "aws:SourceArn": arn } };
}

test("outside of roles nobody is named but AWS's services, and the account on its own key", () => {
  const named = found
    .filter(({ statement, record }) => statement.Effect === "Allow" && !isIdentity(record))
    .map(({ statement }) => statement.Principal);
  for (const principal of named) {
    expect([
      { Service: expect.stringMatching(/^[a-z0-9.-]+\.amazonaws\.com$/) },
      { AWS: "arn:aws:iam::123456789012:root" },
    ]).toContainEqual(principal);
  }
});

const isIdentity = ({ type }: ResourceRecord) => /:(Policy|Role)$/.test(type);

const tagsOf = (inputs: Readonly<Record<string, unknown>>): unknown =>
  (inputs.tags as Record<string, unknown> | undefined)?.["chatstack:tenant"];

const listOf = (value: string | string[] | undefined): string[] => [value ?? []].flat();

/** Statements of each policy document among a resource's inputs. */
function documentsIn(value: unknown): Statement[][] {
  if (typeof value === "string") {
    return value.startsWith("{") && value.includes('"Statement"')
      ? [[JSON.parse(value).Statement].flat()]
      : [];
  }
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(documentsIn);
}
