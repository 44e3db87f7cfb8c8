/** `chatstack restore`: a tenant's table as it was, in a new table. */
import type { Command } from "commander";
import { projectRoot } from "../../offline/files/project-root.ts";
import { UsageError } from "../../offline/usage-error.ts";
import { connectBackup, connectDynamoDB, connectS3 } from "../../operations/aws/place.ts";
import type { SinceOptions } from "../../operations/restore/options.ts";
import { findPlace } from "../place.ts";
import { dataDirOption } from "./options.ts";

interface Flags {
  readonly stack: string;
  readonly at?: string;
  readonly backup?: string;
  readonly to?: string;
  readonly table?: string;
  readonly role?: string;
  readonly vault?: string;
  readonly bucket?: string;
  readonly compare: boolean;
  readonly bringOver?: true;
  readonly undelete?: true;
  readonly leave?: string[];
  readonly restoreDocuments?: true;
  readonly write?: true;
  readonly region?: string;
  readonly dataDir: string;
  readonly json?: true;
}

export function registerRestore(program: Command) {
  program
    .command("restore")
    .description("restore a tenant's table to a new one, compare both, and show how to adopt it")
    .argument("<tenant>", "id of the tenant, e.g. acme")
    .requiredOption("-s, --stack <name>", "stack that has the tenant: Pulumi.<name>.yaml")
    .option("--at <time>", 'time to go back to, e.g. 2026-11-20T08:30:00Z, or "latest"')
    .option("--backup <arn>", "a backup, instead of a time: DynamoDB's or AWS Backup's")
    .option("--to <name>", "name of the new table (default: the old one's, with the time)")
    .option("--table <name>", "table to restore (default: the one tagged with the tenant)")
    .option(
      "--role <arn>",
      "role that AWS Backup restores as (default: the one that its vault names)",
    )
    .option("--vault <name>", "vault of the recovery point (default: those of the tenant)")
    .option("--bucket <name>", "bucket of the documents (default: the one tagged with the tenant)")
    .option("--no-compare", "do not read and compare the tables")
    .option("--bring-over", "copy later writes of the old table to the restored one")
    .option("--undelete", "keep what users deleted later; erased users stay erased")
    .option("--leave <id...>", "users and conversations whose later changes are not copied")
    .option(
      "--restore-documents",
      "copy the documents' versions of that time over the present ones",
    )
    .option(
      "--write",
      "write table.adopt into the stack's file, if nothing differs and nothing would be lost",
    )
    .option("--region <name>", "AWS region of the table (default: the environment running here)")
    .addOption(dataDirOption("data folder of the environment running here"))
    .option("--json", "print the result as JSON")
    .addHelpText(
      "after",
      `
The command never changes the old table. The restored table stays beside it until \`pulumi up\` adopts it. If a
run was stopped, run it again: it continues. After --at latest, name the new table with --to and its time
with --at. The report lists later writes by user and conversation. --bring-over copies them to the restored
table; it may be repeated, and users may write meanwhile. docs/operations/runbooks/restore.md has
the whole procedure and the permissions.

Examples:
  $ chatstack restore acme --stack prod --region us-east-1 --at 2026-11-20T08:30:00Z
  $ chatstack restore acme --stack prod --region us-east-1 --backup arn:aws:backup:… --bring-over

Exit code: 0 restored, and nothing differs or would be lost; 1 something differs, would be lost or failed; 2 wrong
options, a time out of reach, or not possible on this engine.`,
    )
    .action(run);
  return { example: "restore acme --stack …", does: "a tenant's table as it was, in a new one" };
}

async function run(tenant: string, flags: Flags): Promise<void> {
  const { at, backup } = flags;
  if ((at === undefined) === (backup === undefined)) {
    throw new UsageError("Name what to restore: either --at <time> or --backup <arn>.");
  }
  const reading = flags.bringOver ?? flags.restoreDocuments;
  if (!flags.compare && reading) {
    throw new UsageError(
      "--no-compare cannot be combined with --bring-over or --restore-documents: they need the comparison.",
    );
  }
  const { restore } = await import("../../operations/restore/restore.ts");
  const { restoreReport } = await import("../../operations/restore/report.ts");
  const { startProgress } = await import("../terminal/progress.ts");
  const { stdoutText } = await import("../terminal/stdout.ts");
  const place = await findPlace(flags);
  const clients = {
    dynamodb: await connectDynamoDB(place),
    backup: await connectBackup(place),
    s3: flags.compare ? await connectS3(place) : undefined,
  };
  const since: SinceOptions = {
    mode: flags.bringOver ? "bring-over" : "list",
    deletions: flags.undelete ? "restored" : "deleted",
    leave: flags.leave ?? [],
  };
  const progress = startProgress(process.stderr, `restoring ${tenant}`);
  try {
    const result = await restore(
      clients,
      {
        tenant,
        root: projectRoot(),
        stack: flags.stack,
        point: backup === undefined ? { at: at ?? "latest" } : { backupArn: backup },
        source: flags.table,
        target: flags.to,
        roleArn: flags.role,
        vault: flags.vault,
        bucket: flags.bucket,
        compare: flags.compare,
        since,
        documents: flags.restoreDocuments ? "restore" : "list",
        write: flags.write ?? false,
      },
      progress.update,
    );
    progress.end();
    process.stdout.write(
      flags.json ? `${JSON.stringify(result)}\n` : restoreReport(result, flags.stack, stdoutText()),
    );
    const isFine = result.doubts.length === 0 && result.adoption.losses.length === 0;
    process.exitCode = isFine ? 0 : 1;
  } finally {
    progress.end();
    for (const client of Object.values(clients)) client?.destroy();
  }
}
