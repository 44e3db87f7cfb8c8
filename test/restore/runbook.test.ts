/** The commands of the runbook "Restore a tenant's table", in their order, with what they print. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { DeleteCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, expect, test } from "vitest";
import { headerKey, messageKey } from "../../app/store/dynamodb/table/keys.ts";
import { type AwsBackup, startAwsBackup } from "../../testing/aws/backup/aws-backup.ts";
import { startRecoverableDynamoDB } from "../../testing/aws/backup/recoverable-dynamodb.ts";
import { startVersionedS3, type VersionedS3 } from "../../testing/aws/versioned-s3.ts";
import { chatstackHere } from "../../testing/processes/in-process.ts";
import { callsIn, printedPattern, stepsOf } from "../docs/commands.ts";
import { createTenantTable, nextSecond, temporaryProject } from "./tenant.ts";

const page = readFileSync(
  resolve(import.meta.dirname, "../../docs/operations/runbooks/restore.md"),
  "utf8",
);

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
afterAll(async () => {
  await Promise.all([aws.stop(), backup.stop(), s3.stop(), project.remove()]);
});

test("a script deletes a conversation, and the runbook brings it back", async () => {
  await acme.write("kept", ["one"]);
  await acme.write("lost", ["two", "three"]);
  const at = await nextSecond();
  const lost = [headerKey("ada", "lost"), ...[1, 2].map((n) => messageKey("ada", "lost", n))];
  for (const Key of lost) {
    await acme.documents.send(new DeleteCommand({ TableName: acme.name, Key }));
  }
  await acme.write("later", ["four"], 5);

  const steps = stepsOf(
    page
      .replaceAll("2026-11-20T08:30:00Z", at)
      .replaceAll("20261120T083000Z", at.replace(/[-:]/g, ""))
      .replaceAll(/\bprod\b/g, "test"),
  );
  const shown: unknown[] = [];
  for (const [index, step] of steps.entries()) {
    if (step.kind !== "command") continue;
    if (step.text.startsWith("aws dynamodb untag-resource"))
      await acme.untag(acme.name, "chatstack:tenant");
    for (const args of callsIn(step.text).filter(isRun)) {
      const { code, stdout, stderr } = await run(args);
      expect({ args, code, stderr }).toMatchObject({ code: 0 });
      const next = steps[index + 1];
      if (next?.kind !== "prints") continue;
      expect(stdout).toMatch(printedPattern(next.text));
      shown.push(args[0]);
    }
  }
  expect(shown).toEqual(["backup", "restore", "restore", "restore", "backup"]);
  const restored = `${acme.name}-at-${at.replace(/[-:]/g, "")}`;
  const contents = async (id: string) =>
    (await acme.store(0, restored).messages("ada", id, { limit: 9, order: "asc" })).items.map(
      ({ content }) => content,
    );
  expect(await contents("lost")).toEqual(["two", "three"]);
  expect(await contents("later")).toEqual(["four"]);
});

const run = (args: readonly string[]) =>
  chatstackHere(args, {
    cwd: project.root,
    env: {
      NO_COLOR: "1",
      AWS_ENDPOINT_URL_DYNAMODB: aws.endpoint,
      AWS_ENDPOINT_URL_BACKUP: backup.endpoint,
      AWS_ENDPOINT_URL_S3: s3.endpoint,
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
    },
  });

/** Of the table: `documents.test.ts` has a bucket with versions. */
const isRun = ([command, ...args]: readonly string[]): boolean =>
  (command === "backup" || command === "restore") &&
  !args.includes("--restore-documents") &&
  !args.some((one) => one.includes("…"));
