/**
 * `cli/commands/`: the commands, a file each: arguments, options and help.
 *
 * `chatstack backup`: a full copy of a tenant's table, now.
 */
import type { Command } from "commander";
import { connectDynamoDB } from "../../operations/aws/place.ts";
import type { Backup } from "../../operations/backup/backup.ts";
import { findPlace } from "../place.ts";

interface Flags {
  readonly list?: true;
  readonly table?: string;
  readonly region?: string;
  readonly dataDir: string;
  readonly json?: true;
}

export function registerBackup(program: Command) {
  program
    .command("backup")
    .description("make an on-demand backup of a tenant's table, or list those there are")
    .argument("<tenant>", "id of the tenant, e.g. acme")
    .option("-l, --list", "list the backups of the table, newest first, and make none")
    .option("--table <name>", "the table (default: the one tagged with the tenant)")
    .option("--region <name>", "AWS region of the table (default: the environment running here)")
    .option("--data-dir <folder>", "data folder of the environment running here", ".chatstack")
    .option("--json", "print the result as JSON")
    .addHelpText(
      "after",
      `
The backup is named <tenant>-<time in UTC>, is billed by the GB-month, and stays until somebody deletes
it. On AWS, credentials need dynamodb:CreateBackup, DescribeBackup and ListBackups, and ListTables,
DescribeTable and ListTagsOfResource unless --table names it.

Example:
  $ chatstack backup acme --region us-east-1

Exit code: 0 available or listed, 1 something broke, 2 wrong options, or not possible on this engine.`,
    )
    .action(run);
  return { example: "backup acme --region …", does: "make a full copy of a tenant's table" };
}

async function run(tenant: string, flags: Flags): Promise<void> {
  const { createBackup, listBackups } = await import("../../operations/backup/backup.ts");
  const { findTable } = await import("../../operations/aws/find-table.ts");
  const { startProgress } = await import("../terminal/progress.ts");
  const client = await connectDynamoDB(await findPlace(flags));
  const progress = startProgress(process.stderr, `backing up ${tenant}`);
  try {
    const tableName = flags.table ?? (await findTable(client, tenant));
    const backups = flags.list
      ? await listBackups(client, tableName)
      : [await createBackup(client, { tenant, tableName, now: new Date() }, progress.update)];
    progress.end();
    const { json, list } = flags;
    const result = list ? { table: tableName, backups } : { table: tableName, backup: backups[0] };
    process.stdout.write(json ? `${JSON.stringify(result)}\n` : await report(tableName, backups));
  } finally {
    progress.end();
    client.destroy();
  }
}

async function report(tableName: string, backups: readonly Backup[]): Promise<string> {
  const { table } = await import("../../offline/text.ts");
  const { stdoutText } = await import("../terminal/stdout.ts");
  if (backups.length === 0) return `Table ${tableName} has no backups.\n`;
  const rows = backups.map(({ name, status, createdAt, bytes, arn }) => [
    name,
    status,
    createdAt.replace(/\.\d+/, ""),
    bytes.toLocaleString("en"),
    arn,
  ]);
  const drawn = table(
    ["backup", "status", "created", "bytes", "ARN"],
    [34, 11, 22, 14],
    rows,
    stdoutText(),
  );
  return `Table ${tableName}\n${drawn}\n`;
}
