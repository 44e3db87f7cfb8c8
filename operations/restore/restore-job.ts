/** Restores of AWS Backup: a job that makes the table. */
import { createHash } from "node:crypto";
import {
  type BackupClient,
  DescribeRestoreJobCommand,
  paginateListRestoreJobsByProtectedResource,
  type RestoreJobsListMember,
  StartRestoreJobCommand,
} from "@aws-sdk/client-backup";
import { type OnProgress, pause } from "../aws/tables.ts";
import type { VaultPoint } from "./vault-point.ts";

export interface RestoreJobRequest {
  readonly point: VaultPoint;
  /** Name of the table to make. */
  readonly target: string;
  /** ARN of the key to encrypt it with; undefined for DynamoDB's own. */
  readonly kmsKeyArn: string | undefined;
}

const endedBadly = ["ABORTED", "FAILED"];

/**
 * Starts the job unless it was started before, and waits until it is done.
 *
 * @throws Error with AWS Backup's message when the job fails.
 */
export async function runRestoreJob(
  client: BackupClient,
  { point, target, kmsKeyArn }: RestoreJobRequest,
  onProgress: OnProgress,
): Promise<void> {
  const earlier = await jobsOf(client, point);
  const failed = earlier.filter(({ Status }) => endedBadly.includes(Status ?? "")).length;
  const { RestoreJobId } = await client.send(
    new StartRestoreJobCommand({
      RecoveryPointArn: point.backupArn,
      IamRoleArn: point.roleArn,
      ResourceType: "DynamoDB",
      Metadata: {
        targetTableName: target,
        ...(kmsKeyArn === undefined
          ? { encryptionType: "Default" }
          : { encryptionType: "KMS", kmsMasterKeyArn: kmsKeyArn }),
      },
      // A rerun finds the job that was begun; a new one begins only where the last one failed.
      IdempotencyToken: createHash("sha256")
        .update(`${point.backupArn} ${target} ${failed}`)
        .digest("hex"),
    }),
  );
  await waitForJob(client, RestoreJobId, onProgress);
}

/** Whether a table was made from this point. Waits for jobs under way: they do not say what they make. */
export async function isMadeFrom(
  client: BackupClient,
  point: VaultPoint,
  tableArn: string,
  onProgress: OnProgress,
): Promise<boolean> {
  for (const { Status, RestoreJobId } of await jobsOf(client, point)) {
    if (Status === "PENDING" || Status === "RUNNING") {
      await waitForJob(client, RestoreJobId, onProgress);
    }
  }
  const jobs = await jobsOf(client, point);
  return jobs.some((job) => job.Status === "COMPLETED" && job.CreatedResourceArn === tableArn);
}

async function waitForJob(
  client: BackupClient,
  RestoreJobId: string | undefined,
  onProgress: OnProgress,
): Promise<void> {
  for (let looks = 0; ; looks++) {
    const job = await client.send(new DescribeRestoreJobCommand({ RestoreJobId }));
    if (job.Status === "COMPLETED") return;
    if (job.Status !== "PENDING" && job.Status !== "RUNNING") {
      throw new Error(
        `Restore job ${RestoreJobId} is ${job.Status}: ${job.StatusMessage ?? "AWS Backup says no more"}`,
      );
    }
    onProgress(`restore job ${RestoreJobId}: ${job.Status} ${job.PercentDone ?? ""}`.trimEnd());
    await pause(looks);
  }
}

async function jobsOf(client: BackupClient, point: VaultPoint): Promise<RestoreJobsListMember[]> {
  const found: RestoreJobsListMember[] = [];
  const pages = paginateListRestoreJobsByProtectedResource(
    { client },
    { ResourceArn: point.sourceArn },
  );
  for await (const { RestoreJobs = [] } of pages) {
    found.push(...RestoreJobs.filter((job) => job.RecoveryPointArn === point.backupArn));
  }
  return found;
}
