/**
 * `components/companions/`: components that a tenant may have beside table, API, bucket and users:
 * key, monitoring, archive, network, audit trail.
 *
 * The archive as SQL sees it: one description of its columns, for the pipe, Firehose, Glue and Athena.
 */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { DescribeResource } from "../component.ts";

export interface ArchiveColumn {
  readonly name: string;
  readonly type: "string" | "bigint";
  /** Where it stands in a record of the table's stream. */
  readonly path: string;
  readonly comment: string;
}

const newImage = (attribute: string, type = "S") => `dynamodb.NewImage.${attribute}.${type}`;

const columns: readonly ArchiveColumn[] = [
  { name: "event", type: "string", path: "eventName", comment: "INSERT, MODIFY or REMOVE" },
  {
    name: "changed_at",
    type: "bigint",
    path: "dynamodb.ApproximateCreationDateTime",
    comment: "epoch seconds",
  },
  {
    name: "partition",
    type: "string",
    path: "dynamodb.Keys.pk.S",
    comment: "USER#<sub>#CONV#<conversation>",
  },
  { name: "message", type: "string", path: "dynamodb.Keys.sk.S", comment: "MSG#<sequence>" },
  { name: "role", type: "string", path: newImage("role"), comment: "user or assistant" },
  { name: "type", type: "string", path: newImage("type"), comment: "kind of message" },
  { name: "sent_at", type: "string", path: newImage("timestamp"), comment: "ISO 8601" },
  { name: "model_id", type: "string", path: newImage("modelId"), comment: "empty for users" },
  {
    name: "input_tokens",
    type: "string",
    path: `dynamodb.NewImage.usage.M.inputTokens.N`,
    comment: "a number, or empty",
  },
  {
    name: "output_tokens",
    type: "string",
    path: `dynamodb.NewImage.usage.M.outputTokens.N`,
    comment: "a number, or empty",
  },
];

/**
 * A row has one of these; the others are empty. SQL knows no zstd: a program decodes the second, e.g.
 * Node's `zstdDecompressSync(Buffer.from(text, "base64"))`. A pipe copies, and could unpack only by a
 * function of its own, whose answers end at 6 MB for a whole batch.
 */
const contentColumns: readonly ArchiveColumn[] = [
  {
    name: "content",
    type: "string",
    path: newImage("content"),
    comment: "what was written, up to 32 KB; empty for longer messages",
  },
  {
    name: "content_zstd",
    type: "string",
    path: newImage("packed", "B"),
    comment: "what was written, above 32 KB: compressed with zstd, in base64",
  },
  {
    name: "content_object",
    type: "string",
    path: newImage("object"),
    comment:
      "above 300 KB compressed: object <user>/<conversation>/<this> in messages/ of the documents' bucket, zstd",
  },
];

export const archiveColumns = (content: "omit" | "include"): readonly ArchiveColumn[] =>
  content === "include" ? [...columns, ...contentColumns] : columns;

/** What the pipe makes of a stream record; text is quoted, and an absent path leaves it empty. */
export const pipeTemplate = (all: readonly ArchiveColumn[]): string =>
  `{${all
    .map(({ name, type, path }) =>
      type === "string" ? `"${name}": "<$.${path}>"` : `"${name}": <$.${path}>`,
    )
    .join(", ")}}`;

export interface Catalog {
  readonly database: aws.glue.CatalogDatabase;
  readonly table: aws.glue.CatalogTable;
  readonly workgroup: aws.athena.Workgroup;
  readonly queries: readonly aws.athena.NamedQuery[];
}

export interface CatalogArgs {
  readonly bucketName: pulumi.Output<string>;
  readonly columns: readonly ArchiveColumn[];
  readonly tags: Record<string, pulumi.Input<string>>;
}

/** Folder of the bucket, and name of the table. */
export const messagesFolder = "messages";

export function createCatalog(
  name: string,
  { bucketName, columns: all, tags }: CatalogArgs,
  resource: DescribeResource,
): Catalog {
  const database = new aws.glue.CatalogDatabase(
    name,
    // Glue takes no hyphens in names that SQL is to write without quotes.
    ...resource({ name: `${pulumi.getStack()}_${name}`.replaceAll(/[^a-z0-9]+/g, "_"), tags }),
  );
  const location = pulumi.interpolate`s3://${bucketName}/${messagesFolder}/`;
  const table = new aws.glue.CatalogTable(
    name,
    ...resource({
      name: messagesFolder,
      databaseName: database.name,
      tableType: "EXTERNAL_TABLE",
      // Days are computed, not listed: nothing has to add a partition every midnight.
      parameters: {
        classification: "parquet",
        "projection.enabled": "true",
        "projection.day.type": "date",
        "projection.day.format": "yyyy-MM-dd",
        "projection.day.range": "2025-01-01,NOW",
        "storage.location.template": pulumi.interpolate`${location}day=\${day}/`,
      },
      partitionKeys: [{ name: "day", type: "string" }],
      storageDescriptor: {
        location,
        inputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
        outputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
        serDeInfo: {
          serializationLibrary: "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
        },
        columns: all.map(({ name: column, type, comment }) => ({ name: column, type, comment })),
      },
    }),
  );
  const workgroup = new aws.athena.Workgroup(
    name,
    ...resource({
      configuration: {
        enforceWorkgroupConfiguration: true,
        // 10 GB, five cents: a query that forgot its day must not read all of them.
        bytesScannedCutoffPerQuery: 10 * 1024 ** 3,
        publishCloudwatchMetricsEnabled: true,
        resultConfiguration: {
          outputLocation: pulumi.interpolate`s3://${bucketName}/results/`,
          encryptionConfiguration: { encryptionOption: "SSE_S3" },
        },
      },
      // Queries leave a history, which AWS counts as content.
      forceDestroy: true,
      tags,
    }),
  );
  const hasContent = all.some(({ name: column }) => column === "content_object");
  const queries = [...namedQueries, ...(hasContent ? [contentQuery] : [])].map(
    ({ suffix, description, sql }) =>
      new aws.athena.NamedQuery(
        `${name}-${suffix}`,
        ...resource({
          database: database.name,
          workgroup: workgroup.name,
          description,
          query: sql,
        }),
      ),
  );
  return { database, table, workgroup, queries };
}

const lastMonth = "day >= date_format(current_date - interval '30' day, '%Y-%m-%d')";

/** Says of each row where its words are. */
const contentQuery = {
  suffix: "where-content-is",
  description: "Messages of the last 30 days with their words, or with where these are.",
  sql: `SELECT day, partition, message, role, content, content_zstd,
  CASE
    WHEN content <> '' THEN 'content'
    WHEN content_zstd <> '' THEN 'content_zstd: base64 of zstd'
    WHEN content_object <> '' THEN 'messages/' || split_part(partition, '#', 2) || '/' || split_part(partition, '#', 4) || '/' || content_object || ' in the bucket of the documents: zstd'
    ELSE 'nowhere: empty, or removed'
  END AS content_is_in
FROM ${messagesFolder}
WHERE event <> 'REMOVE' AND ${lastMonth}`,
} as const;

const namedQueries = [
  {
    suffix: "messages-per-day",
    description: "Messages of the last 30 days, by day and role.",
    sql: `SELECT day, role, count(*) AS messages FROM ${messagesFolder}\nWHERE event = 'INSERT' AND ${lastMonth}\nGROUP BY day, role ORDER BY day DESC, role`,
  },
  {
    suffix: "active-users",
    description: "Users who wrote something in the last 30 days.",
    sql: `SELECT count(DISTINCT split_part(partition, '#', 2)) AS users FROM ${messagesFolder}\nWHERE event = 'INSERT' AND role = 'user' AND ${lastMonth}`,
  },
  {
    suffix: "tokens-per-model",
    description: "Tokens of the last 30 days, by model.",
    sql: `SELECT model_id, sum(try_cast(input_tokens AS bigint)) AS input_tokens, sum(try_cast(output_tokens AS bigint)) AS output_tokens FROM ${messagesFolder}\nWHERE event = 'INSERT' AND model_id <> '' AND ${lastMonth}\nGROUP BY model_id ORDER BY output_tokens DESC`,
  },
] as const;
