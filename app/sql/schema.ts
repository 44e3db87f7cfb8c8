/** The PostgreSQL schema that a tenant's data is moved into. All SQL is made from this one description. */
export type ColumnType = "text" | "bigint" | "boolean" | "timestamptz" | "jsonb";

export interface RelationalTable {
  readonly name: string;
  readonly columns: Readonly<Record<string, ColumnType>>;
  /** Columns of the primary key; all others may be null. */
  readonly key: readonly string[];
}

export type Row = Readonly<Record<string, unknown>>;

/** The column `attributes` holds the fields that a later version stores and for which this version has no column. */
export const tables = {
  profiles: {
    name: "profiles",
    key: ["user_id"],
    columns: {
      user_id: "text",
      name: "text",
      email: "text",
      preferences: "jsonb",
      created_at: "timestamptz",
      updated_at: "timestamptz",
      version: "bigint",
    },
  },
  conversations: {
    name: "conversations",
    key: ["user_id", "id"],
    columns: {
      user_id: "text",
      id: "text",
      title: "text",
      model_id: "text",
      state: "text",
      created_at: "timestamptz",
      updated_at: "timestamptz",
      purge_at: "timestamptz",
      message_count: "bigint",
      last_read_sequence: "bigint",
      version: "bigint",
      attributes: "jsonb",
    },
  },
  messages: {
    name: "messages",
    key: ["user_id", "conversation_id", "sequence"],
    columns: {
      user_id: "text",
      conversation_id: "text",
      sequence: "bigint",
      role: "text",
      content: "text",
      type: "text",
      created_at: "timestamptz",
      model_id: "text",
      is_error: "boolean",
      error_message: "text",
      citations: "jsonb",
      llm_response_id: "text",
      stop_reason: "text",
      input_tokens: "bigint",
      output_tokens: "bigint",
      feedback: "jsonb",
      attributes: "jsonb",
    },
  },
  documents: {
    name: "documents",
    key: ["user_id", "id"],
    columns: {
      user_id: "text",
      id: "text",
      name: "text",
      type: "text",
      size_bytes: "bigint",
      status: "text",
      created_at: "timestamptz",
      attributes: "jsonb",
    },
  },
  records: {
    name: "records",
    key: ["user_id", "kind", "name"],
    columns: {
      user_id: "text",
      kind: "text",
      name: "text",
      value: "jsonb",
      created_at: "timestamptz",
      updated_at: "timestamptz",
      expires_at: "timestamptz",
      version: "bigint",
    },
  },
  usage: {
    name: "usage",
    key: ["user_id", "period"],
    columns: { user_id: "text", period: "text", input_tokens: "bigint", output_tokens: "bigint" },
  },
  audit_log: {
    name: "audit_log",
    key: ["id"],
    columns: {
      id: "text",
      created_at: "timestamptz",
      admin_id: "text",
      action: "text",
      target: "text",
      request_id: "text",
    },
  },
  /** Items of kinds that this version does not know, unchanged, so that no item is lost silently. */
  other_items: {
    name: "other_items",
    key: ["pk", "sk"],
    columns: { pk: "text", sk: "text", item: "jsonb" },
  },
} as const satisfies Record<string, RelationalTable>;

export type TableName = keyof typeof tables;

/** Quotes a name: PostgreSQL turns unquoted names into lower case, and a tenant's id may have hyphens. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

export function createStatements(schema: string): string {
  const within = (name: string) => `${quoted(schema)}.${quoted(name)}`;
  const created = Object.values(tables).map(({ name, columns, key }) => {
    const lines = Object.entries(columns).map(([column, type]) => `${quoted(column)} ${type}`);
    const primary = `PRIMARY KEY (${key.map(quoted).join(", ")})`;
    return `CREATE TABLE IF NOT EXISTS ${within(name)} (${[...lines, primary].join(", ")});`;
  });
  return [
    `CREATE SCHEMA IF NOT EXISTS ${quoted(schema)};`,
    ...created,
    `CREATE TABLE IF NOT EXISTS ${within("migration_progress")} (
      segment bigint PRIMARY KEY, source text NOT NULL, next jsonb, done boolean NOT NULL, items bigint NOT NULL
    );`,
    // How far the table's stream is applied, since when it is, and which objects are as PostgreSQL has them.
    `CREATE TABLE IF NOT EXISTS ${within("migration_stream")} (
      arn text PRIMARY KEY, since timestamptz NOT NULL, read_at timestamptz NOT NULL
    );`,
    `CREATE TABLE IF NOT EXISTS ${within("migration_shards")} (
      shard text PRIMARY KEY, sequence text, done boolean NOT NULL
    );`,
    `CREATE TABLE IF NOT EXISTS ${within("migration_objects")} (key text PRIMARY KEY, etag text);`,
    // Messages may be copied before their conversation. `finishStatements` adds the constraint again.
    `ALTER TABLE ${within("messages")} DROP CONSTRAINT IF EXISTS messages_conversation;`,
  ].join("\n");
}

/** To run after the copy: the foreign key of messages, the indexes for the app's own queries, and the view of users. */
export function finishStatements(schema: string): string {
  const within = (name: string) => `${quoted(schema)}.${quoted(name)}`;
  return [
    `ALTER TABLE ${within("messages")} ADD CONSTRAINT messages_conversation
      FOREIGN KEY (user_id, conversation_id) REFERENCES ${within("conversations")} ON DELETE CASCADE;`,
    `CREATE INDEX IF NOT EXISTS conversations_by_recency
      ON ${within("conversations")} (user_id, state, updated_at DESC);`,
    `CREATE INDEX IF NOT EXISTS conversations_by_creation ON ${within("conversations")} (created_at);`,
    `CREATE OR REPLACE VIEW ${within("users")} AS
      SELECT user_id FROM ${within("profiles")} UNION SELECT user_id FROM ${within("conversations")};`,
  ].join("\n");
}
