import { readFile, writeFile } from "node:fs/promises";
import {
  DeleteTableCommand,
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  ListTagsOfResourceCommand,
} from "@aws-sdk/client-dynamodb";
import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { messageKey } from "../../app/store/dynamodb/table/keys.ts";
import { startDynamoDB } from "../../local/dynamodb.ts";
import { evaluateStack } from "../../offline/project.ts";
import { createBackup } from "../../operations/backup/backup.ts";
import type { RestoreOptions } from "../../operations/restore/options.ts";
import { pointInTime } from "../../operations/restore/recovery-point.ts";
import { restoreReport } from "../../operations/restore/report.ts";
import { restore as restoreTenant } from "../../operations/restore/restore.ts";
import { type AwsBackup, startAwsBackup } from "../../testing/aws/backup/aws-backup.ts";
import { startRecoverableDynamoDB } from "../../testing/aws/backup/recoverable-dynamodb.ts";
import { startVersionedS3, type VersionedS3 } from "../../testing/aws/versioned-s3.ts";
import { chatstack } from "../../testing/processes/chatstack.ts";
import { chatstackHere } from "../../testing/processes/in-process.ts";
import { createTenantTable, nextSecond, temporaryProject } from "./tenant.ts";

let aws: Awaited<ReturnType<typeof startRecoverableDynamoDB>>;
let backup: AwsBackup;
let s3: VersionedS3;
let project: Awaited<ReturnType<typeof temporaryProject>>;
let acme: Awaited<ReturnType<typeof createTenantTable>>;
beforeAll(async () => {
  aws = await startRecoverableDynamoDB();
  backup = await startAwsBackup(aws.tables);
  s3 = await startVersionedS3();
  project = await temporaryProject();
  acme = await createTenantTable(aws.endpoint, "acme");
});
afterEach(() => project.reset());
afterAll(async () => {
  await Promise.all([aws.stop(), backup.stop(), s3.stop()]);
  await project.remove();
});

const restore = (options: Partial<RestoreOptions> & Pick<RestoreOptions, "point">) =>
  restoreTenant(
    { dynamodb: acme.client, backup: undefined, s3: undefined },
    { tenant: "acme", root: project.root, stack: "test", compare: true, write: false, ...options },
    () => {},
  );
/** The project, and AWS where the front is. */
const place = () => ({
  cwd: project.root,
  env: {
    AWS_ENDPOINT_URL_DYNAMODB: aws.endpoint,
    AWS_ENDPOINT_URL_BACKUP: backup.endpoint,
    AWS_ENDPOINT_URL_S3: s3.endpoint,
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
  },
});
const inAws = (args: readonly string[]) => [...args, "--region", "us-east-1"];
const run = (...args: string[]) => chatstackHere(inAws(args), place());
const describe = async (TableName: string) =>
  (await acme.client.send(new DescribeTableCommand({ TableName }))).Table!;

it("a table comes back as it was at a second, as protected as the stack wants it, beside the old one", async () => {
  await acme.write("kept", ["one", "two"]);
  await acme.write("deleted", ["three"]);
  const at = await nextSecond();
  await acme.store(0).delete("ada", "deleted");
  await acme.write("later", ["four"], 5);
  const untouched = await describe(acme.name);

  const { source, target, resumed, protections, comparison, adoption, written } = await restore({
    point: { at },
  });
  expect({ source, resumed, written }).toEqual({
    source: acme.name,
    resumed: false,
    written: false,
  });
  expect(target).toBe(`${acme.name}-at-${at.replace(/[-:]/g, "")}`);
  expect(comparison).toMatchObject({
    compared: 2,
    onlyRestored: 1,
    different: { count: 0 },
    missing: { count: 0 },
    isSame: true,
  });
  expect(comparison!.items).toContainEqual({ kind: "MSG", source: 3, restored: 3 });
  const restoredMessages = await acme
    .store(0, target)
    .messages("ada", "deleted", { limit: 10, order: "asc" });
  expect(restoredMessages.items.map(({ content }) => content)).toEqual(["three"]);

  expect(
    protections.filter(({ outcome }) => outcome === "set").map(({ setting }) => setting),
  ).toEqual(["deletion protection", "point-in-time recovery", "time to live", "stream", "tags"]);
  expect(protections).toContainEqual({ setting: "ceilings", outcome: "as wanted" });
  const table = await describe(target);
  expect(table).toMatchObject({ DeletionProtectionEnabled: true, TableStatus: "ACTIVE" });
  expect(table.StreamSpecification?.StreamEnabled).toBe(true);
  const recovery = new DescribeContinuousBackupsCommand({ TableName: target });
  const { ContinuousBackupsDescription } = await acme.client.send(recovery);
  expect(ContinuousBackupsDescription?.PointInTimeRecoveryDescription).toMatchObject({
    PointInTimeRecoveryStatus: "ENABLED",
    RecoveryPeriodInDays: 14,
  });
  const expiry = await acme.client.send(new DescribeTimeToLiveCommand({ TableName: target }));
  expect(expiry.TimeToLiveDescription).toMatchObject({ AttributeName: "expiresAt" });
  const tags = await acme.client.send(
    new ListTagsOfResourceCommand({ ResourceArn: table.TableArn }),
  );
  expect(tags.Tags).toEqual(
    expect.arrayContaining([
      { Key: "chatstack:tenant", Value: "acme" },
      { Key: "chatstack:restored-from", Value: acme.name },
      { Key: "cost-centre", Value: "42" },
    ]),
  );
  expect({ ...(await describe(acme.name)), ItemCount: 0, TableSizeBytes: 0 }).toEqual({
    ...untouched,
    ItemCount: 0,
    TableSizeBytes: 0,
  });
  const [begun] = aws.calls.filter(({ operation }) => operation === "RestoreTableToPointInTime");
  expect(begun!.body).toMatchObject({
    BillingModeOverride: "PAY_PER_REQUEST",
    OnDemandThroughputOverride: { MaxReadRequestUnits: 200, MaxWriteRequestUnits: 200 },
  });
  expect(adoption.lines.join("\n")).toContain(`adopt: ${target}`);
  expect(await readFile(project.path, "utf8")).toBe(project.text);

  // A second run finds the table and its settings, and this time writes the stack's file.
  const again = await run("restore", "acme", "--stack", "test", "--at", at, "--write");
  expect(again.code).toBe(0);
  expect(again.stdout).toMatch(
    /continuing an earlier run[\s\S]*No compared message differs[\s\S]*Written to/,
  );
  const restores = aws.calls.filter(({ operation }) => operation === "RestoreTableToPointInTime");
  expect(restores).toHaveLength(1);
  const edited = await readFile(project.path, "utf8");
  expect(edited).toBe(
    project.text.replace("{ recoveryDays: 14 }", `{ recoveryDays: 14, adopt: ${target} }`),
  );
  const { records } = await evaluateStack("test", { root: project.root });
  const adopted = records.find(({ id }) => id === target)!;
  expect(adopted).toMatchObject({ name: "acme-chat", options: { import: target } });
});

it("what differs is named by its key and stops the stack's file from being written", async () => {
  await acme.write("tampered", ["the original words", "others"]);
  const at = await nextSecond();
  await acme.documents.send(
    new UpdateCommand({
      TableName: acme.name,
      Key: messageKey("ada", "tampered", 1),
      UpdateExpression: "SET content = :words",
      ExpressionAttributeValues: { ":words": "words put into a mouth" },
    }),
  );
  const result = await restore({ point: { at }, write: true });
  expect(result).toMatchObject({
    written: false,
    comparison: { isSame: false, missing: { count: 0 } },
  });
  const report = restoreReport(result, "test", { width: 140, paint: (_, text) => text });
  expect(report).toContain("differs: USER#ada#CONV#tampered MSG#0000000001");
  expect(report).toContain("Different: 1 message differs");
  expect(report).not.toMatch(/original words|into a mouth/);
  expect(await readFile(project.path, "utf8")).toBe(project.text);
});

it("a time out of reach, a foreign table, and recovery that is off are refused", async () => {
  const refusal = (options: Parameters<typeof restore>[0]) =>
    restore(options).then(
      () => "restored",
      (error: Error) => `${error.name}: ${error.message}`,
    );
  const latest = { point: { at: "latest" } };
  expect(await refusal({ point: { at: "2020-01-01T00:00:00Z" } })).toMatch(
    /UsageError.*can be restored to any second from 20.*Z to 20.*Z/,
  );
  expect(await refusal({ point: { at: "2026-11-20T08:30:00" } })).toMatch("with its zone");
  expect(await refusal({ ...latest, target: acme.name })).toMatch("nothing is ever overwritten");

  const globex = await createTenantTable(aws.endpoint, "globex");
  expect(await refusal({ ...latest, source: globex.name })).toMatch("is not tenant acme's");
  await globex.recovery(false);
  expect(await refusal({ ...latest, tenant: "globex" })).toMatch("recovery of table globex-chat");
  expect(await refusal({ ...latest, tenant: "initech" })).toMatch("there are acme, globex");
  const neither = await run("restore", "acme", "--stack", "test");
  expect([neither.code, neither.stderr]).toEqual([2, expect.stringContaining("--backup <arn>")]);
});

it("a table that the stack would delete is not given up for a restored one", async () => {
  await writeFile(project.path, project.text.replace("retain: retain", "retain: destroy"));
  const result = await restore({ point: { at: await nextSecond() }, compare: false, write: true });
  expect(result.written).toBe(false);
  expect(restoreReport(result, "test", { width: 140, paint: (_, text) => text })).toMatch(
    /cannot adopt the new table yet:\n.*it is deleted, which loses every item/,
  );
  expect(await readFile(project.path, "utf8")).not.toContain("adopt");
});

it("C: a backup is made, listed, and restored when its table is gone", async () => {
  // As an operator does: in a process of its own.
  const made = await chatstack(inAws(["backup", "globex", "--json"]), place());
  expect(made.code).toBe(0);
  const { backup, table } = JSON.parse(made.stdout);
  expect(backup).toMatchObject({
    name: expect.stringMatching(/^globex-\d{8}T\d{6}Z$/),
    status: "AVAILABLE",
  });
  expect((await run("backup", "globex", "--list")).stdout).toContain(backup.arn);

  await acme.client.send(new DeleteTableCommand({ TableName: table }));
  // Its name says whose it was, now that no tag does.
  const point = { backupArn: backup.arn };
  await expect(restore({ point })).rejects.toThrow("is not tenant acme's");
  const result = await restore({ point, tenant: "globex", write: true });
  expect(result).toMatchObject({ source: "globex-chat-1a2b3c4", written: true });
  expect(result).not.toHaveProperty("comparison");
  expect(await readFile(project.path, "utf8")).toMatch(
    /table:\n +adopt: globex-chat-1a2b3c4-at-\d+T\d+Z/,
  );
});

it("an engine without backups or recovery says so", async () => {
  const engine = await startDynamoDB();
  const { name, client } = await createTenantTable(engine.endpoint, "acme", "without recovery");
  const bare = { tenant: "acme", tableName: name, now: new Date() };
  await expect(createBackup(client, bare, () => {})).rejects.toThrow(
    "Not possible here: this engine has no on-demand backups",
  );
  await expect(pointInTime(client, name, "latest")).rejects.toThrow(
    "Not possible here: this engine has no point-in-time recovery",
  );
  await engine.stop();
});
