import { startCognito } from "./cognito/server.ts";
import type { DataDir } from "./data-dir.ts";
import { startDynamoDB } from "./dynamodb.ts";
import type { Engine } from "./engine.ts";
import { type Endpoints, foreignEndpoints } from "./provider/clients.ts";
import { startS3 } from "./s3.ts";

export interface Engines {
  readonly endpoints: Endpoints;
  /** Services that run in or under this process; the others are the user's own. */
  readonly embedded: readonly (keyof Endpoints)[];
  stop(): Promise<void>;
}

/**
 * Starts the emulators of AWS, except where `AWS_ENDPOINT_URL` or `AWS_ENDPOINT_URL_<service>` names
 * another place.
 */
export async function startEngines(
  dataDir: DataDir,
  onCrash: (error: Error) => void,
): Promise<Engines> {
  const foreign = foreignEndpoints(process.env);
  const starts: Record<keyof Endpoints, () => Promise<Engine>> = {
    dynamodb: () => startDynamoDB({ dataDir: dataDir.folder("dynamodb"), onCrash }),
    s3: () => startS3({ dataDir: dataDir.folder("s3") }),
    cognito: () => startCognito({ dataDir: dataDir.folder("cognito") }),
  };
  const embedded: (keyof Endpoints)[] = [];
  const running: Engine[] = [];
  const place = async (service: keyof Endpoints): Promise<string> => {
    const elsewhere = foreign[service];
    if (elsewhere !== undefined) return elsewhere;
    const engine = await starts[service]();
    embedded.push(service);
    running.push(engine);
    return engine.endpoint;
  };
  const stop = async () => {
    await Promise.all(running.map((engine) => engine.stop()));
  };
  const [dynamodb, s3, cognito] = await Promise.allSettled([
    place("dynamodb"),
    place("s3"),
    place("cognito"),
  ]);
  if (dynamodb.status === "rejected" || s3.status === "rejected" || cognito.status === "rejected") {
    await stop();
    throw [dynamodb, s3, cognito].find((result) => result.status === "rejected")?.reason;
  }
  const endpoints = { dynamodb: dynamodb.value, s3: s3.value, cognito: cognito.value };
  return { endpoints, embedded, stop };
}
