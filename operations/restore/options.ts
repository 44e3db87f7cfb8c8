/** Options of a restore. */
export interface RestoreOptions {
  readonly tenant: string;
  /** Folder of `Pulumi.yaml`. */
  readonly root: string;
  /** Name of the stack that has the tenant. */
  readonly stack: string;
  /** What to restore: a time in ISO 8601 or `"latest"`, or the ARN of a backup of DynamoDB or AWS Backup. */
  readonly point: { readonly at: string } | { readonly backupArn: string };
  /** Table whose earlier state is restored. Default: the tenant's. */
  readonly source?: string | undefined;
  /** Name of the new table. Default: the source's name with the time. */
  readonly target?: string | undefined;
  /** Role with which AWS Backup restores. Default: the role that a tag of the vault names. */
  readonly roleArn?: string | undefined;
  /** Vault of the recovery point. Default: the tenant's. */
  readonly vault?: string | undefined;
  /** Bucket of the tenant's documents. Default: the one tagged with the tenant. */
  readonly bucket?: string | undefined;
  /** Whether to read both tables, in order to compare them and to find what was written after the time restored to. */
  readonly compare: boolean;
  /** What to do with what was written after that time. Default: it is listed. See `SinceRequest`. */
  readonly since?: SinceOptions | undefined;
  /** What to do with objects that the restored table refers to and that have changed since. Default: they are listed. */
  readonly documents?: "list" | "restore" | undefined;
  /** Whether to change the stack's file. It is changed only if no message differs and nothing would be lost. */
  readonly write: boolean;
}

export interface SinceOptions {
  readonly mode: "list" | "bring-over";
  readonly deletions: "deleted" | "restored";
  /** Ids of users and conversations that stay as they were restored. */
  readonly leave: readonly string[];
}
