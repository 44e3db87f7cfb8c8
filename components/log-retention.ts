/** How long log groups keep their entries, and who holds the key. */
import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { type Encryption, kmsKeyArn } from "./encryption.ts";

/** Days that CloudWatch Logs can keep entries (API reference, PutRetentionPolicy). */
export const logRetentions = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288,
  3653,
] as const;

export type LogRetentionDays = (typeof logRetentions)[number];

export const isLogRetention = (days: number): days is LogRetentionDays =>
  logRetentions.some((allowed) => allowed === days);

export interface LogGroupSettings {
  /** Days to keep log entries. Default 365. */
  logRetentionDays?: LogRetentionDays;
  /** Encrypts log entries. Default `"aws-owned"`. */
  encryption?: Encryption;
}

/** Arguments that all log groups of a component share. */
export function logGroupArgs(
  { logRetentionDays = 365, encryption = "aws-owned" }: LogGroupSettings,
  tags: Record<string, pulumi.Input<string>>,
): aws.cloudwatch.LogGroupArgs {
  const key = kmsKeyArn(encryption);
  return {
    retentionInDays: logRetentionDays,
    ...(key !== undefined && { kmsKeyId: key }),
    tags,
  };
}
