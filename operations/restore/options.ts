/** What a restore is asked for. */
export interface RestoreOptions {
  readonly tenant: string;
  /** Folder of `Pulumi.yaml`. */
  readonly root: string;
  /** Stack that has the tenant. */
  readonly stack: string;
  /** A time in ISO 8601, or `"latest"`; or the ARN of a backup, DynamoDB's or AWS Backup's. */
  readonly point: { readonly at: string } | { readonly backupArn: string };
  /** Table to go back with. Default: the tenant's. */
  readonly source?: string | undefined;
  /** Name of the table to make. Default: the source's, with the time. */
  readonly target?: string | undefined;
  /** Role that AWS Backup restores as. Default: the one that the vault's tag names. */
  readonly roleArn?: string | undefined;
  /** Vault of the recovery point. Default: the tenant's. */
  readonly vault?: string | undefined;
  /** Bucket of the tenant's documents. Default: the one tagged with the tenant. */
  readonly bucket?: string | undefined;
  /** Whether to read both tables: to compare them, and to find what was written since. */
  readonly compare: boolean;
  /** What is done with what was written since; see `SinceRequest`. */
  readonly since?: SinceOptions | undefined;
  /** Whether objects that the restored table refers to become again what they were. Default: listed. */
  readonly documents?: "list" | "restore" | undefined;
  /** Whether to write the stack's file, provided that nothing differs and nothing would be lost. */
  readonly write: boolean;
}

export interface SinceOptions {
  readonly mode: "list" | "bring-over";
  readonly deletions: "deleted" | "restored";
  /** Ids of users and conversations that stay as they were restored. */
  readonly leave: readonly string[];
}
