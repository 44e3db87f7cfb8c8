/** Which service keeps a backup, by its ARN. */
import { UsageError } from "../../offline/usage-error.ts";

export interface BackupArn {
  readonly service: "dynamodb" | "aws-backup";
  readonly region: string;
  readonly account: string;
}

const forms = {
  dynamodb: /^arn:[\w-]+:dynamodb:([\w-]+):(\d+):table\/[\w.-]+\/backup\/[\w-]+$/,
  "aws-backup": /^arn:[\w-]+:backup:([\w-]+):(\d+):recovery-point:.+$/,
} as const;

/**
 * @param region where the command works.
 * @throws UsageError when it is neither, or lies in another region.
 */
export function parseBackupArn(arn: string, region: string): BackupArn {
  for (const service of ["dynamodb", "aws-backup"] as const) {
    const [, place, account] = forms[service].exec(arn) ?? [];
    if (place === undefined || account === undefined) continue;
    if (place === region) return { service, region, account };
    throw new UsageError(
      `--backup ${arn}: the backup is in ${place}, and the command works in ${region}. ` +
        `Name --region ${place}, or copy the recovery point to ${region} with AWS Backup first.`,
    );
  }
  throw new UsageError(
    `--backup ${arn}: found no ARN of a backup; allowed: DynamoDB's ` +
      "(arn:aws:dynamodb:<region>:<account>:table/<table>/backup/<id>) and AWS Backup's " +
      "(arn:aws:backup:<region>:<account>:recovery-point:<id>), as `chatstack backup <tenant> --list` shows them.",
  );
}

/** @throws UsageError when the backup is in another account than the table. */
export function requireAccount(arn: string, { account }: BackupArn, found: string): void {
  if (account === found) return;
  throw new UsageError(
    `--backup ${arn}: the backup is in account ${account}, and the credentials are of account ${found}. ` +
      "Copy the recovery point to this account with AWS Backup first.",
  );
}
