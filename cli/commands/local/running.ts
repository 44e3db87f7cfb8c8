import type { DataDir, Running } from "../../../local/data-dir.ts";
import { UsageError } from "../../../offline/usage-error.ts";

/** The environment that runs on a data folder. Throws UsageError where none does. */
export function runningOn(dataDir: DataDir): Running {
  const running = dataDir.running();
  if (running !== undefined) return running;
  throw new UsageError(
    `No environment is running on data folder ${dataDir.path}. Start one with \`chatstack start\`` +
      ", or name its folder with --data-dir.",
  );
}

/** The one of an id. Throws UsageError where there is none. */
export function tenantOf({ tenants }: Running, id: string): Running["tenants"][number] {
  const found = tenants.find((tenant) => tenant.id === id);
  if (found !== undefined) return found;
  throw new UsageError(
    notFound(
      "tenant",
      id,
      tenants.map((tenant) => tenant.id),
    ),
  );
}

export const notFound = (what: string, found: string, known: readonly string[]) =>
  `There is no ${what} "${found}"; there are ${known.join(", ")}.`;
