/**
 * Tags of a backup vault that name the roles AWS Backup works as, by ARN: `chatstack backup` and
 * `chatstack restore` read them there, and ask nobody.
 */
export const vaultTags = {
  backupRole: "chatstack:backup-role",
  restoreRole: "chatstack:restore-role",
} as const;
