/** Where the data goes: a PostgreSQL server, or an embedded PostgreSQL in a folder. */
import { postgresTarget, resultOf, type Sql, type Target } from "../../app/sql/target.ts";
import { UsageError } from "../../offline/usage-error.ts";

/** @param url `postgres://…`; what it leaves out comes from PGHOST, PGUSER, PGPASSWORD and so on. */
export async function openPostgres(url: string): Promise<Target> {
  const target = await postgresTarget(url);
  try {
    await target.transaction((sql) => sql("SELECT 1"));
  } catch (error) {
    await target.close();
    // The driver's message holds neither URL nor password.
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`PostgreSQL cannot be reached: ${reason}`);
  }
  return target;
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
