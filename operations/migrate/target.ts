/** Where the data goes: a PostgreSQL server, or an embedded PostgreSQL in a folder. */
import { UsageError } from "../../offline/usage-error.ts";

/** Runs statements; with parameters exactly one. Parameters are text: cast them in the statement. */
export type Sql = (
  text: string,
  parameters?: readonly string[],
) => Promise<readonly Readonly<Record<string, unknown>>[]>;

export interface Target {
  transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** @param url `postgres://…`; what it leaves out comes from PGHOST, PGUSER, PGPASSWORD and so on. */
export async function openPostgres(url: string): Promise<Target> {
  const { default: postgres } = await import("postgres");
  const sql = postgres(url, {
    max: 1,
    connect_timeout: 15,
    onnotice: () => {},
    connection: { application_name: "chatstack migrate" },
  });
  try {
    await sql`SELECT 1`;
  } catch (error) {
    await sql.end();
    // The driver's message holds neither URL nor password.
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`PostgreSQL cannot be reached: ${reason}`);
  }
  return {
    async transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
      const done: { result: T }[] = [];
      await sql.begin(async (tx) => {
        const result = await work((text, parameters) =>
          parameters === undefined ? tx.unsafe(text) : tx.unsafe(text, [...parameters]),
        );
        done.push({ result });
      });
      return resultOf(done);
    },
    close: () => sql.end(),
  };
}

/** @param folder created when missing; undefined keeps the data in memory. */
export async function openPglite(folder?: string): Promise<Target> {
  const { PGlite } = await import("@electric-sql/pglite").catch(() => {
    throw new UsageError(
      "The embedded PostgreSQL is not installed: npm install @electric-sql/pglite",
    );
  });
  const database = new PGlite(folder);
  await database.waitReady;
  return {
    async transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
      const done: { result: T }[] = [];
      await database.transaction(async (tx) => {
        const result = await work(async (text, parameters) => {
          if (parameters === undefined) return (await tx.exec(text)).at(-1)?.rows ?? [];
          return (await tx.query<Record<string, unknown>>(text, [...parameters])).rows;
        });
        done.push({ result });
      });
      return resultOf(done);
    },
    close: () => database.close(),
  };
}

/** Both drivers type a transaction's result as something else than what was returned in it. */
function resultOf<T>([done]: readonly { result: T }[]): T {
  if (done === undefined) throw new Error("the transaction did not run");
  return done.result;
}
