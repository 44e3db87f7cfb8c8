/** `chatstack migrate`: a tenant's data into PostgreSQL. */
import type { DynamoDBStreamsClient } from "@aws-sdk/client-dynamodb-streams";
import type { Command } from "commander";
import type { ObjectStore } from "../../app/objects/object-store.ts";
import type { Target } from "../../app/sql/target.ts";
import { UsageError } from "../../offline/usage-error.ts";
import { connectDynamoDB, connectStreams, type Place } from "../../operations/aws/place.ts";
import type { FollowOptions, FollowProgress } from "../../operations/migrate/follow.ts";
import type { Migration } from "../../operations/migrate/migrate.ts";
import type { Progress } from "../../operations/migrate/source.ts";
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
  readonly follow?: true;
  readonly untilEqual?: true;
  readonly json?: true;
}

export function registerMigrate(program: Command) {
  program
    .command("migrate")
    .description("copy a tenant's data into PostgreSQL and compare every row")
    .argument("<tenant>", "id of the tenant, e.g. acme")
    .option("--to <url>", "PostgreSQL server: postgres://user@host/database (PGPASSWORD is read)")
    .option("--pglite <folder>", "embedded PostgreSQL in a folder, instead of a server")
    .option("--schema <name>", "schema to create for the data (default: the tenant's id)")
    .option("--region <name>", "AWS region to read from (default: the environment running here)")
    .option("--table <name>", "table to read (default: the one tagged with the tenant)")
    .option(
      "--bucket <name>",
      "bucket of the tenant: long messages, and conversations of history: s3",
    )
    .addOption(dataDirOption("data folder of the environment running here"))
    .option("--reset", "drop the schema first")
    .option(
      "--follow",
      "go on with what users change, until Ctrl-C; begins where the last run ended",
    )
    .option("--until-equal", "as --follow, until every row is the same, users writing or not")
    .option("--json", "print one JSON object a line, the last one with the result")
    .addHelpText(
      "after",
      `
The command does not change the table. If a run was stopped, run it again: it continues. Later runs
bring the copy up to date. With AWS, credentials need dynamodb:Scan, Query, GetItem, BatchGetItem
and DescribeTable on the table, DescribeStream, GetShardIterator and GetRecords on its stream for
--follow, s3:ListBucket and GetObject for --bucket, and dynamodb:ListTables and ListTagsOfResource
unless --table names the table.

Example:
  $ chatstack migrate acme --pglite ./acme-postgres

Exit code: 0 copied and verified, or following was ended, 1 failed or different, 2 wrong options.`,
    )
    .action(run);
  return { example: "migrate acme --to …", does: "copy a tenant's data into PostgreSQL" };
}

async function run(tenant: string, flags: Flags): Promise<void> {
  const { DynamoDBDocumentClient } = await import("@aws-sdk/lib-dynamodb");
  const { findTable } = await import("../../operations/aws/find-table.ts");
  const { describeTable } = await import("../../operations/aws/tables.ts");
  const { isFollowed } = await import("../../operations/migrate/follow.ts");
  const { migrate } = await import("../../operations/migrate/migrate.ts");
  const where = await findPlace(flags);
  const client = await connectDynamoDB(where);
  const tableName = flags.table ?? (await findTable(client, tenant));
  const table = await describeTable(client, tableName);
  const isStreamed = table?.StreamSpecification?.StreamEnabled === true;
  const streamArn = isStreamed ? table.LatestStreamArn : undefined;
  const isFollowing = flags.follow === true || flags.untilEqual === true;
  if (isFollowing && streamArn === undefined) {
    throw new UsageError(`Table ${tableName} has no stream to follow: see table.stream.`);
  }
  const objects = await bucketOf(flags, where);
  const target = await openTarget(flags);
  const onProgress = flags.json ? printLine : progressPrinter();
  try {
    const options = {
      source: {
        client: DynamoDBDocumentClient.from(client),
        tableName,
        now: () => new Date(),
        objects,
        ...(objects !== undefined && (await hasHistory(objects)) && { history: objects }),
      },
      target,
      schema: flags.schema ?? tenant,
      onProgress,
    };
    const isGoingOn =
      isFollowing && flags.reset !== true && (await isFollowed(target, options.schema));
    if (!isGoingOn) {
      print(await migrate({ ...options, streamArn, reset: flags.reset ?? false }), flags);
    }
    if (streamArn === undefined || !isFollowing) return;
    const streams = await connectStreams(where);
    try {
      await following({ ...options, streams, streamArn }, flags);
    } finally {
      streams.destroy();
    }
  } finally {
    await target.close();
    client.destroy();
  }
}

type Following = Omit<FollowOptions, "stream" | "signal"> & {
  readonly streams: DynamoDBStreamsClient;
  readonly streamArn: string;
};

/** The first Ctrl-C ends it after the batch under way, the second one at once. */
async function following({ streams, streamArn, ...options }: Following, flags: Flags) {
  const { follow, followUntilEqual } = await import("../../operations/migrate/follow.ts");
  const { tableStream } = await import("../../operations/migrate/stream.ts");
  const ending = new AbortController();
  const end = () => ending.abort();
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, end);
  const stream = tableStream(streams, streamArn);
  try {
    if (flags.untilEqual !== true) {
      await follow({ ...options, stream, signal: ending.signal });
      process.exitCode = 0;
      if (!flags.json)
        process.stdout.write("Ended. The next run with --follow goes on from here.\n");
      return;
    }
    const proof = await followUntilEqual({ ...options, stream, signal: ending.signal });
    print({ ...proof, resumed: false }, flags);
  } finally {
    for (const signal of ["SIGINT", "SIGTERM"]) process.off(signal, end);
  }
}

function print(migration: Migration, { json }: Flags): void {
  process.stdout.write(
    json ? `${JSON.stringify({ event: "result", ...migration })}\n` : report(migration),
  );
  process.exitCode = migration.verified ? 0 : 1;
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

/** Whether the conversations are in the bucket: `history: s3`. */
async function hasHistory(objects: ObjectStore): Promise<boolean> {
  const { bucketFolders } = await import("../../app/resources/bucket.ts");
  for await (const _ of objects.list(bucketFolders.history.prefix)) return true;
  return false;
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

function printLine(progress: Progress | FollowProgress): void {
  process.stdout.write(`${JSON.stringify({ event: "progress", ...progress })}\n`);
}

const betweenLinesMilliseconds = 1000;

function progressPrinter() {
  let last = Date.now();
  let said = "";
  return (progress: Progress | FollowProgress) => {
    const text =
      progress.step === "following"
        ? `following: ${progress.changes.toLocaleString("en")} changes, ${progress.lagSeconds} s behind`
        : `${progress.step}: ${progress.items.toLocaleString("en")} items …`;
    if (text === said || Date.now() - last < betweenLinesMilliseconds) return;
    [last, said] = [Date.now(), text];
    process.stderr.write(`${text}\n`);
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
    resumed ? "Continued an earlier run." : "",
    `  ${"table".padEnd(16)}${"rows".padStart(10)}${"PostgreSQL".padStart(12)}  checksum`,
    ...lines,
    ...(tables.some(({ table, source }) => table === "conversations" && source > 0)
      ? []
      : [
          "  no conversations: with `history: s3` they are in the tenant's bucket: name it with --bucket",
        ]),
    ...Object.entries(leftOut).map(([why, count]) => `  left out: ${count} ${why}`),
    ...(different.length > 0 ? ["", "Missing or different:", ...different] : []),
    "",
    verified
      ? "Verified: every row in PostgreSQL equals its item in the table."
      : "Different. Run the command again, or with --until-equal where users write without a pause.",
    "",
  ]
    .join("\n")
    .trimStart();
}
