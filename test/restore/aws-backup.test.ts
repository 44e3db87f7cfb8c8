import { readFile } from "node:fs/promises";
import { BackupClient } from "@aws-sdk/client-backup";
import { DescribeTableCommand, RestoreTableFromBackupCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { evaluateStack } from "../../offline/project.ts";
import { createBackup } from "../../operations/backup/backup.ts";
import { createRecoveryPoint } from "../../operations/backup/recovery-points.ts";
import type { RestoreOptions } from "../../operations/restore/options.ts";
import { restoreReport } from "../../operations/restore/report.ts";
import { restore as restoreTenant } from "../../operations/restore/restore.ts";
import { type AwsBackup, startAwsBackup } from "../../testing/aws/backup/aws-backup.ts";
import { startRecoverableDynamoDB } from "../../testing/aws/backup/recoverable-dynamodb.ts";
import { engineConfig } from "../../testing/aws/table.ts";
import { chatstack } from "../../testing/processes/chatstack.ts";
import { createTenantTable, protectedStack, temporaryProject } from "./tenant.ts";

let aws: Awaited<ReturnType<typeof startRecoverableDynamoDB>>;
let backup: AwsBackup;
let client: BackupClient;
let project: Awaited<ReturnType<typeof temporaryProject>>;
let acme: Awaited<ReturnType<typeof createTenantTable>>;
let tableArn: string;
beforeAll(async () => {
  aws = await startRecoverableDynamoDB();
  backup = await startAwsBackup(aws.tables);
  client = new BackupClient(engineConfig(backup.endpoint));
  project = await temporaryProject(protectedStack);
  const { records } = await evaluateStack("test", { root: project.root });
  backup.deploy(records);
  const table = records.find(({ type, name }) => type.endsWith(":Table") && name === "acme-chat");
  tableArn = String(table!.outputs.arn);
  acme = await createTenantTable(aws.endpoint, "acme", "recoverable", String(table!.outputs.name));
}, 60_000);
afterEach(() => project.reset());
afterAll(async () => {
  client.destroy();
  await Promise.all([aws.stop(), backup.stop()]);
  await project.remove();
});

const restore = (options: Partial<RestoreOptions> & Pick<RestoreOptions, "point">) =>
  restoreTenant(
    { dynamodb: acme.client, backup: client, s3: undefined },
    { tenant: "acme", root: project.root, stack: "test", compare: false, write: false, ...options },
    () => {},
  );
const refusal = (options: Parameters<typeof restore>[0]) =>
  restore(options).then(
    () => "restored",
    (error: Error) => `${error.name}: ${error.message}`,
  );
const restoresStarted = () => backup.calls.filter((call) => call === "PUT /restore-jobs").length;

it("a scheduled backup comes back under protect, and the stack adopts it and backs it up from then on", async () => {
  await acme.write("kept", ["one", "two"]);
  const [backupArn = ""] = await backup.runPlans();
  await acme.write("later", ["three"], 5);

  // What `chatstack` did before: DynamoDB knows nothing of it.
  const asDynamoDB = new RestoreTableFromBackupCommand({
    BackupArn: backupArn,
    TargetTableName: "acme-chat-at",
  });
  await expect(acme.client.send(asDynamoDB)).rejects.toThrow();

  const result = await restore({ point: { backupArn }, compare: true, write: true });
  expect(result).toMatchObject({
    source: acme.name,
    resumed: false,
    comparison: { compared: 2, isSame: true },
    since: { counts: { "conversations new": 1, messages: 1 } },
    adoption: { losses: [] },
    written: true,
  });
  expect(result.target).toMatch(new RegExp(`^${acme.name}-at-\\d{8}T\\d{6}Z$`));
  expect(result.protections.map(({ setting, outcome }) => `${setting}: ${outcome}`)).toEqual([
    "deletion protection: set",
    "point-in-time recovery: set",
    "time to live: set",
    "stream: set",
    "table class: none",
    "ceilings: set",
    "tags: set",
  ]);
  const describe = new DescribeTableCommand({ TableName: result.target });
  expect((await acme.client.send(describe)).Table).toMatchObject({
    DeletionProtectionEnabled: true,
    OnDemandThroughput: { MaxReadRequestUnits: 200, MaxWriteRequestUnits: 200 },
  });

  expect(await readFile(project.path, "utf8")).toContain(`adopt: ${result.target}`);
  const { records } = await evaluateStack("test", { root: project.root });
  const selection = records.find(({ type }) => type === "aws:backup/selection:Selection")!;
  expect(selection.inputs.resources).toEqual([expect.stringMatching(`:table/${result.target}$`)]);
  backup.deploy(records);
  const [next = ""] = await backup.runPlans();
  // From the adopted table's backup, the same role restores the next one.
  const again = await restore({ point: { backupArn: next }, source: result.target });
  expect(again.target).toMatch(new RegExp(`^${acme.name}-at-\\d{8}T\\d{6}Z$`));
});

it("both kinds of backup are in one list, with state, vault and end", async () => {
  const mine = { tenant: "acme", tableArn, keepDays: undefined };
  const point = await createRecoveryPoint(client, mine, () => {});
  expect(point).toMatchObject({ kind: "aws-backup", status: "COMPLETED", name: acme.name });
  const own = await createBackup(
    acme.client,
    { tenant: "acme", tableName: acme.name, now: new Date() },
    () => {},
  );
  const env = {
    AWS_ENDPOINT_URL_DYNAMODB: aws.endpoint,
    AWS_ENDPOINT_URL_BACKUP: backup.endpoint,
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
  };
  const run = (...args: string[]) =>
    chatstack(["backup", "acme", "--table", acme.name, "--region", "us-east-1", ...args], { env });
  const listed = await run("--list");
  expect(listed.stderr).toBe("");
  expect(listed.stdout).toContain(`${own.arn}\n`);
  const line = listed.stdout.split("\n").find((text) => text.endsWith(point.arn));
  const expires = new Date(new Date(point.createdAt).getTime() + 35 * 86_400_000);
  expect(line).toMatch(/^AWS Backup +COMPLETED +\S+Z +\S+Z +[\d,]+ +acme-chat-[0-9a-f]{7} +arn:/);
  expect(line).toContain(expires.toISOString().slice(0, 19));

  const made = await run("--vault", "--keep-days", "40", "--json");
  expect(JSON.parse(made.stdout).backup).toMatchObject({ kind: "aws-backup", vault: point.vault });
  const tooShort = await run("--vault", "--keep-days", "3");
  expect([tooShort.code, tooShort.stderr]).toEqual([1, expect.stringContaining("vault lock")]);
  expect((await run("--keep-days", "3")).code).toBe(2);
}, 60_000);

it("a restore that was stopped goes on with its job, and a job that failed is begun anew", async () => {
  const mine = { tenant: "acme", tableArn, keepDays: undefined };
  const { arn: backupArn } = await createRecoveryPoint(client, mine, () => {});
  const started = restoresStarted();
  const target = `${acme.name}-at-resumed`;
  const [one, other] = await Promise.all([
    restore({ point: { backupArn }, target }),
    new Promise((wait) => setTimeout(wait, 60)).then(() =>
      restore({ point: { backupArn }, target }),
    ),
  ]);
  expect([one.target, other.target]).toEqual([target, target]);
  const third = await restore({ point: { backupArn }, target });
  expect(third.resumed).toBe(true);
  expect(restoresStarted() - started).toBeLessThanOrEqual(2);

  // Another role may not write there: AWS Backup says so in the job.
  const { records } = await evaluateStack("test", { root: project.root });
  const backupRole = records.find(
    ({ type, name }) => type === "aws:iam/role:Role" && name === "acme-chat",
  );
  const roleArn = String(backupRole!.outputs.arn);
  const failed = `${acme.name}-at-failed`;
  expect(await refusal({ point: { backupArn }, target: failed, roleArn })).toMatch(
    /Restore job \S+ is FAILED: Access Denied trying to call dynamodb:RestoreTableFromAwsBackup/,
  );
  expect((await restore({ point: { backupArn }, target: failed })).target).toBe(failed);
});

it("a recovery point that cannot be restored from is refused with its reason", async () => {
  const mine = { tenant: "acme", tableArn, keepDays: undefined };
  const { arn: backupArn } = await createRecoveryPoint(client, mine, () => {});
  const point = { backupArn };
  for (const [state, why] of [
    ["EXPIRED", "its time is over"],
    ["DELETING", "it is being deleted"],
    ["PARTIAL", "ran out of time"],
    ["CREATING", "wait until"],
    ["COPYING", "is COPYING."],
  ] as const) {
    backup.setState(backupArn, state);
    expect(await refusal({ point })).toMatch(`UsageError: --backup ${backupArn}: is ${state}`);
    expect(await refusal({ point })).toContain(why);
  }
  backup.setState(backupArn, "COMPLETED");
  const inText = (from: string, to: string) => ({ backupArn: backupArn.replace(from, to) });
  expect(await refusal({ point: inText("us-east-1", "eu-west-1") })).toMatch(
    /UsageError: .*is in eu-west-1, and the command works in us-east-1/,
  );
  expect(await refusal({ point: inText(":123456789012:", ":210987654321:") })).toMatch(
    /UsageError: .*found in acme-chat-[0-9a-f]{7}: nothing.*--list/,
  );
  expect(await refusal({ point: { backupArn: "acme-20261120" } })).toMatch(
    /UsageError: .*allowed: DynamoDB's \(arn:aws:dynamodb/,
  );
  expect(await refusal({ point, tenant: "globex" })).toMatch(
    /UsageError.*no vault of tenant globex/,
  );
  expect(await refusal({ point, target: "acme-elsewhere" })).toMatch(
    /UsageError: --to acme-elsewhere: .*begin with acme-chat-[0-9a-f]{7}-at-/,
  );
  expect(await refusal({ point, roleArn: "arn:aws:iam::123456789012:role/none" })).toMatch(
    /cannot be assumed by AWS Backup/,
  );
  expect(await refusal({ point, target: acme.name })).toMatch("nothing is ever overwritten");
});

it("an adopted table is no target any more: users write there", async () => {
  const mine = { tenant: "acme", tableArn, keepDays: undefined };
  const { arn: backupArn } = await createRecoveryPoint(client, mine, () => {});
  const { target } = await restore({ point: { backupArn } });
  await acme.untag(target, "chatstack:restored-from");
  expect(await refusal({ point: { backupArn }, source: acme.name })).toMatch(
    /UsageError: .*the stack has adopted it: users write there/,
  );
});

it("the report says where the data came from, and never what it says", async () => {
  const mine = { tenant: "acme", tableArn, keepDays: undefined };
  const { arn: backupArn } = await createRecoveryPoint(client, mine, () => {});
  await acme.write("secret-plans", ["words nobody else may read"], 5);
  const result = await restore({ point: { backupArn }, source: acme.name, compare: true });
  const report = restoreReport(result, "test", { width: 140, paint: (_, text) => text });
  expect(report).toMatch(/ada secret-plans: new, 1 message/);
  expect(report).toContain("`--bring-over` copies them to the restored table.");
  expect(report).not.toContain("words nobody");
});
