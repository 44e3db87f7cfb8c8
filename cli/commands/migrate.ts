/** `chatstack migrate`: a tenant's data into PostgreSQL. */
import type { Command } from "commander";
import type { ObjectStore } from "../../app/objects/object-store.ts";
import { UsageError } from "../../offline/usage-error.ts";
import { connectDynamoDB, type Place } from "../../operations/aws/place.ts";
import type { Migration } from "../../operations/migrate/migrate.ts";
import type { Progress } from "../../operations/migrate/source.ts";
import type { Target } from "../../operations/migrate/target.ts";
import { findPlace } from "../place.ts";
import { dataDirOption } from "./options.ts";

interface Flags {
  readonly to?: string;
  readonly pglite?: string;
  readonly schema?: string;
  readonly table?: string;
  readonly bucket?: string;
  readonly region?: string;
  readonly dataDir: string;
  readonly reset?: true;
  readonly json?: true;
}

export function registerMigrate(program: Command) {
  program
    .command("migrate")
    .description("copy a tenant's data into PostgreSQL and compare every row")
    .argument("<tenant>", "id of the tenant, e.g. acme")
    .option("--to <url>", "PostgreSQL server: postgres://user@host/database (PGPASSWORD is read)")
    .option("--pglite <folder>", "embedded PostgreSQL in a folder, instead of a server")
    .option("--schema <name>", "schema that the data gets for itself (default: the tenant's id)")
    .option("--region <name>", "AWS region to read from (default: the environment running here)")
    .option("--table <name>", "table to read (default: the one tagged with the tenant)")
    .option("--bucket <name>", "bucket of messages that no item can hold, if there are any")
    .addOption(dataDirOption("data folder of the environment running here"))
    .option("--reset", "drop the schema first")
    .option("--json", "print one JSON object a line, the last one with the result")
    .addHelpText(
      "after",
      `
Reads the table and changes nothing in it. A run that was stopped goes on where it was; a repeated
one brings the copy up to date. With AWS, credentials need dynamodb:Scan on the table, and
dynamodb:ListTables, DescribeTable and ListTagsOfResource unless --table names it.

Example:
  $ chatstack migrate acme --pglite ./acme-postgres

Exit code: 0 copied and verified, 1 something broke or differs, 2 wrong options.`,
    )
    .action(run);
  return { example: "migrate acme --to …", does: "copy a tenant's data into PostgreSQL" };
}

async function run(tenant: string, flags: Flags): Promise<void> {
  const { DynamoDBDocumentClient } = await import("@aws-sdk/lib-dynamodb");
  const { findTable } = await import("../../operations/aws/find-table.ts");
  const { migrate } = await import("../../operations/migrate/migrate.ts");
  const where = await findPlace(flags);
  const client = await connectDynamoDB(where);
  const tableName = flags.table ?? (await findTable(client, tenant));
  const objects = await bucketOf(flags, where);
  if (objects !== undefined) await refuseHistoryInBucket(objects, tenant);
  const target = await openTarget(flags);
  try {
    const migration = await migrate({
      source: {
        client: DynamoDBDocumentClient.from(client),
        tableName,
        now: () => new Date(),
        objects,
      },
      target,
      schema: flags.schema ?? tenant,
      reset: flags.reset ?? false,
      onProgress: flags.json ? printLine : progressPrinter(),
    });
    process.stdout.write(
      flags.json ? `${JSON.stringify({ event: "result", ...migration })}\n` : report(migration),
    );
    process.exitCode = migration.verified ? 0 : 1;
  } finally {
    await target.close();
    client.destroy();
  }
}

async function bucketOf({ bucket }: Flags, { region, credentials, s3Endpoint }: Place) {
  if (bucket === undefined) return undefined;
  const { S3ObjectStore, s3Client } = await import("../../app/objects/s3.ts");
  const client = s3Client({
    region,
    ...(credentials !== undefined && { credentials }),
    ...(s3Endpoint !== undefined && { endpoint: s3Endpoint, forcePathStyle: true }),
  });
  return new S3ObjectStore({ client, bucketName: bucket, now: () => new Date() });
}

/** With `history: s3` the table has no conversations: an empty copy would be verified as complete. */
async function refuseHistoryInBucket(objects: ObjectStore, tenant: string): Promise<void> {
  const { bucketFolders } = await import("../../app/resources/bucket.ts");
  const { prefix } = bucketFolders.history;
  for await (const { key } of objects.list(prefix)) {
    throw new UsageError(
      `Tenant ${tenant} keeps its history in the bucket (${key.slice(0, prefix.length)}…), which is not read: ` +
        "it is one JSON object per conversation already. Without --bucket the table alone is copied.",
    );
  }
}

async function openTarget({ to, pglite }: Flags): Promise<Target> {
  const { openPglite, openPostgres } = await import("../../operations/migrate/target.ts");
  if (to !== undefined && pglite === undefined) {
    if (!/^postgres(ql)?:\/\//.test(to)) {
      throw new UsageError("--to: a URL that begins with postgres:// or postgresql://");
    }
    return openPostgres(to);
  }
  if (pglite !== undefined && to === undefined) return openPglite(pglite);
  throw new UsageError("Say where the data goes: either --to <url> or --pglite <folder>.");
}

function printLine(progress: Progress): void {
  process.stdout.write(`${JSON.stringify({ event: "progress", ...progress })}\n`);
}

const betweenLinesMilliseconds = 1000;

function progressPrinter() {
  let last = Date.now();
  return ({ step, items }: Progress) => {
    if (Date.now() - last < betweenLinesMilliseconds) return;
    last = Date.now();
    process.stderr.write(`${step}: ${items.toLocaleString("en")} items …\n`);
  };
}

function report({ tables, leftOut, verified, resumed }: Migration): string {
  const lines = tables
    .filter(({ source, target }) => source + target > 0)
    .map(({ table, source, target, sourceChecksum, targetChecksum }) => {
      const same = sourceChecksum === targetChecksum ? sourceChecksum : "differs";
      return `  ${table.padEnd(16)}${String(source).padStart(10)}${String(target).padStart(12)}  ${same}`;
    });
  const different = tables.flatMap(({ table, different }) =>
    different.map((key) => `  ${table} ${key}`),
  );
  return [
    resumed ? "Went on where an earlier run had stopped." : "",
    `  ${"table".padEnd(16)}${"rows".padStart(10)}${"PostgreSQL".padStart(12)}  checksum`,
    ...lines,
    ...(tables.some(({ table, source }) => table === "conversations" && source > 0)
      ? []
      : [
          "  no conversations: with `history: s3` they are in the tenant's bucket, which is not read",
        ]),
    ...Object.entries(leftOut).map(([why, count]) => `  left out: ${count} ${why}`),
    ...(different.length > 0 ? ["", "Missing or different:", ...different] : []),
    "",
    verified
      ? "Verified: every row is in PostgreSQL as it is in the table."
      : "Not the same. While users write, it never is: stop them, and run the command again. Rows that " +
        "the table no longer has go with --reset.",
    "",
  ]
    .join("\n")
    .trimStart();
}
