/** `chatstack restore`: a tenant's table as it was, in a new table. */
import type { Command } from "commander";
import { UsageError } from "../../offline/usage-error.ts";
import { connectDynamoDB } from "../../operations/aws/place.ts";
import { findPlace } from "../place.ts";

interface Flags {
  readonly stack: string;
  readonly at?: string;
  readonly backup?: string;
  readonly to?: string;
  readonly table?: string;
  readonly compare: boolean;
  readonly write?: true;
  readonly region?: string;
  readonly dataDir: string;
  readonly json?: true;
}

export function registerRestore(program: Command) {
  program
    .command("restore")
    .description("restore a tenant's table to a new one, compare the two, and say how to adopt it")
    .argument("<tenant>", "id of the tenant, e.g. acme")
    .requiredOption("-s, --stack <name>", "stack that has the tenant: Pulumi.<name>.yaml")
    .option("--at <time>", 'a second to go back to, e.g. 2026-11-20T08:30:00Z, or "latest"')
    .option("--backup <arn>", "an on-demand backup, instead of a time")
    .option("--to <name>", "name of the new table (default: the old one's, with the time)")
    .option("--table <name>", "table to go back with (default: the one tagged with the tenant)")
    .option(
      "--no-compare",
      "do not read both tables: of the old one that takes what users may read",
    )
    .option("--write", "write the stack's file, if nothing differs and nothing would be lost")
    .option("--region <name>", "AWS region of the table (default: the environment running here)")
    .option("--data-dir <folder>", "data folder of the environment running here", ".chatstack")
    .option("--json", "print the result as JSON")
    .addHelpText(
      "after",
      `
Overwrites nothing: the restored table stands beside the old one until \`pulumi up\` adopts it. A run that
was stopped goes on when it is repeated; with --at latest, name the table it had begun with --to and its
time with --at. docs/runbooks/restore.md has the whole procedure and the permissions.

Example:
  $ chatstack restore acme --stack prod --region us-east-1 --at 2026-11-20T08:30:00Z

Exit code: 0 restored, and nothing differs or would be lost; 1 something does, or broke; 2 wrong
options, a time out of reach, or not possible on this engine.`,
    )
    .action(run);
  return { example: "restore acme --stack …", does: "a tenant's table as it was, in a new one" };
}

async function run(tenant: string, flags: Flags): Promise<void> {
  const { at, backup } = flags;
  if ((at === undefined) === (backup === undefined)) {
    throw new UsageError("Say what to restore: either --at <time> or --backup <arn>.");
  }
  const { restore } = await import("../../operations/restore/restore.ts");
  const { restoreReport } = await import("../../operations/restore/report.ts");
  const { startProgress } = await import("../terminal/progress.ts");
  const { stdoutText } = await import("../terminal/stdout.ts");
  const client = await connectDynamoDB(await findPlace(flags));
  const progress = startProgress(process.stderr, `restoring ${tenant}`);
  try {
    const result = await restore(
      client,
      {
        tenant,
        root: process.cwd(),
        stack: flags.stack,
        point: backup === undefined ? { at: at ?? "latest" } : { backupArn: backup },
        source: flags.table,
        target: flags.to,
        compare: flags.compare,
        write: flags.write ?? false,
      },
      progress.update,
    );
    progress.end();
    process.stdout.write(
      flags.json ? `${JSON.stringify(result)}\n` : restoreReport(result, flags.stack, stdoutText()),
    );
    const isFine = result.comparison?.isSame !== false && result.adoption.losses.length === 0;
    process.exitCode = isFine ? 0 : 1;
  } finally {
    progress.end();
    client.destroy();
  }
}
