/** Where the rows stand: PostgreSQL, as far as they need to know it. */
import type { Options } from "postgres";

/** Runs statements; with parameters exactly one. Parameters are text: cast them in the statement. */
export type Sql = (
  text: string,
  parameters?: readonly string[],
) => Promise<readonly Readonly<Record<string, unknown>>[]>;

export interface Target {
  transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/**
 * Connects at the first transaction, with one connection.
 *
 * @param url `postgres://…`, or the settings of the driver.
 */
export async function postgresTarget(to: string | Options<never>): Promise<Target> {
  const { default: postgres } = await import("postgres");
  const common = {
    max: 1,
    connect_timeout: 15,
    onnotice: () => {},
    connection: { application_name: "chatstack migrate" },
  };
  const sql = typeof to === "string" ? postgres(to, common) : postgres({ ...to, ...common });
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

/** Both drivers type a transaction's result as something else than what was returned in it. */
export function resultOf<T>([done]: readonly { result: T }[]): T {
  if (done === undefined) throw new Error("the transaction did not run");
  return done.result;
}
