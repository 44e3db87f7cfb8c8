/** Which AWS a command talks to: the account, or the environment running on this machine. */
import { UsageError } from "../offline/usage-error.ts";
import type { Place } from "../operations/aws/place.ts";

/** Options that say where, as the commands' flags hold them. */
export interface PlaceFlags {
  readonly region?: string;
  readonly dataDir: string;
}

/**
 * AWS if a region is named, else what runs on this machine.
 *
 * @throws UsageError when nothing does, or AWS has no such region.
 */
export async function findPlace({ region, dataDir }: PlaceFlags): Promise<Place> {
  if (region !== undefined) {
    const { isRegion } = await import("../components/region.ts");
    const { regionsLike } = await import("../stacks/config.ts");
    if (isRegion(region)) return { region };
    throw new UsageError(`--region: found "${region}"; allowed: ${regionsLike(region)}`);
  }
  const { DataDir } = await import("../local/data-dir.ts");
  const { localCredentials } = await import("../local/provider/clients.ts");
  const running = new DataDir(dataDir).running();
  if (running === undefined) {
    throw new UsageError(
      `No environment is running on data folder ${dataDir}. Start one with \`chatstack start\`, ` +
        "name its folder with --data-dir, or go to AWS with --region.",
    );
  }
  return { ...running, credentials: localCredentials() };
}
