/**
 * `cli/commands/`: the commands, a file each: arguments, options and help.
 *
 * `chatstack backup`: a full copy of a tenant's table, now.
 */
import type { BackupClient } from "@aws-sdk/client-backup";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { Command } from "commander";
import { UsageError } from "../../offline/usage-error.ts";
import { connectBackup, connectDynamoDB } from "../../operations/aws/place.ts";
import type { OnProgress } from "../../operations/aws/tables.ts";
import type { Backup } from "../../operations/backup/backup.ts";
import { findPlace } from "../place.ts";
import { dataDirOption } from "./options.ts";

interface Flags {
  readonly list?: true;
  readonly vault?: true;
  readonly keepDays?: number;
  readonly table?: string;
  readonly region?: string;
  readonly dataDir: string;
  readonly json?: true;
}

export function registerBackup(program: Command) {
  program
    .command("backup")
    .description("make an on-demand backup of a tenant's table, or list its backups")
    .argument("<tenant>", "id of the tenant, e.g. acme")
    .option("-l, --list", "list the backups of the table, newest first, instead of making one")
    .option("--vault", "let AWS Backup make it in the tenant's vault, like scheduled backups")
    .option(
      "--keep-days <days>",
      "days that the vault keeps it (default: what its lock requires)",
      Number,
    )
    .option("--table <name>", "the table (default: the one tagged with the tenant)")
    .option("--region <name>", "AWS region of the table (default: the environment running here)")
    .addOption(dataDirOption("data folder of the environment running here"))
    .option("--json", "print the result as JSON")
    .addHelpText(
      "after",
      `
The backup is named <tenant>-<time in UTC>, is billed by the GB-month, and stays until somebody deletes
it. With --vault it is a recovery point of AWS Backup, locked and deleted as the vault says. The list
has both kinds. docs/operations/runbooks/restore.md names the permissions.

Examples:
  $ chatstack backup acme --region us-east-1
  $ chatstack backup acme --region us-east-1 --list

Exit code: 0 available or listed, 1 failed, 2 wrong options, or not possible on this engine.`,
    )
    .action(run);
  return { example: "backup acme --region …", does: "make a full copy of a tenant's table" };
}

async function run(tenant: string, flags: Flags): Promise<void> {
  if (flags.keepDays !== undefined && !flags.vault) {
    throw new UsageError(
      "--keep-days needs --vault: DynamoDB keeps its own backups until somebody deletes them.",
    );
  }
  const { keepDays = 1 } = flags;
  if (!Number.isInteger(keepDays) || keepDays < 1 || keepDays > 36_500) {
    throw new UsageError(`--keep-days ${keepDays}: allowed is a whole number from 1 to 36500.`);
  }
  const { findTable } = await import("../../operations/aws/find-table.ts");
  const { describeTable } = await import("../../operations/aws/tables.ts");
  const { startProgress } = await import("../terminal/progress.ts");
  const place = await findPlace(flags);
  const dynamodb = await connectDynamoDB(place);
  const backup = await connectBackup(place);
  const progress = startProgress(process.stderr, `backing up ${tenant}`);
  try {
    const tableName = flags.table ?? (await findTable(dynamodb, tenant));
    const tableArn = (await describeTable(dynamodb, tableName))?.TableArn;
    const table = { tenant, tableName, tableArn };
    const backups = flags.list
      ? await list(dynamodb, backup, table)
      : [await create(dynamodb, backup, table, flags, progress.update)];
    progress.end();
    const result = flags.list
      ? { table: tableName, backups }
      : { table: tableName, backup: backups[0] };
    process.stdout.write(flags.json ? `${JSON.stringify(result)}\n` : report(tableName, backups));
  } finally {
    progress.end();
    dynamodb.destroy();
    backup?.destroy();
  }
}

interface Table {
  readonly tenant: string;
  readonly tableName: string;
  /** Undefined of a table that is gone. */
  readonly tableArn: string | undefined;
}

/** Newest first. AWS Backup's older kind is listed by both services, once here: as its vault has it. */
async function list(
  dynamodb: DynamoDBClient,
  backup: BackupClient | undefined,
  { tenant, tableName, tableArn }: Table,
): Promise<Backup[]> {
  const { listBackups } = await import("../../operations/backup/backup.ts");
  const { listRecoveryPoints } = await import("../../operations/backup/recovery-points.ts");
  const own = await listBackups(dynamodb, tableName);
  const points = backup ? await listRecoveryPoints(backup, tenant, tableName, tableArn) : [];
  const inVaults = new Set(points.map(({ arn }) => arn));
  return [...own.filter(({ arn }) => !inVaults.has(arn)), ...points].sort((one, other) =>
    one.createdAt < other.createdAt ? 1 : -1,
  );
}

async function create(
  dynamodb: DynamoDBClient,
  backup: BackupClient | undefined,
  { tenant, tableName, tableArn }: Table,
  { vault, keepDays }: Flags,
  onProgress: OnProgress,
): Promise<Backup> {
  if (!vault) {
    const { createBackup } = await import("../../operations/backup/backup.ts");
    return createBackup(dynamodb, { tenant, tableName, now: new Date() }, onProgress);
  }
  if (backup === undefined) {
    throw new UsageError(
      "Not possible here: this engine has no AWS Backup. Use --region to work on AWS.",
    );
  }
  if (tableArn === undefined) throw new UsageError(`There is no table ${tableName} to back up.`);
  const { createRecoveryPoint } = await import("../../operations/backup/recovery-points.ts");
  return createRecoveryPoint(backup, { tenant, tableArn, keepDays }, onProgress);
}

/** Plain columns: an ARN is there to be copied, so nothing cuts it. */
function report(tableName: string, backups: readonly Backup[]): string {
  if (backups.length === 0) return `Table ${tableName} has no backups.\n`;
  const rows = [
    ["kind", "state", "created", "expires", "bytes", "vault", "ARN"],
    ...backups.map(({ kind, status, createdAt, expiresAt, vault, bytes, arn }) => [
      kind === "dynamodb" ? "DynamoDB" : "AWS Backup",
      status,
      second(createdAt),
      expiresAt === null ? "never" : second(expiresAt),
      bytes.toLocaleString("en"),
      vault ?? "—",
      arn,
    ]),
  ];
  const widths = rows[0]?.map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  const lines = rows.map((row) =>
    row
      .map((text, column) => text.padEnd(widths?.[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  return `Table ${tableName}\n${lines.join("\n")}\n`;
}

const second = (time: string): string => time.replace(/\.\d+/, "");
