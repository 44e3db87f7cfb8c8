import { once } from "node:events";
import { connect } from "node:net";
import { UsageError } from "../offline/usage-error.ts";
import { startCognito } from "./cognito/server.ts";
import type { DataDir } from "./data-dir.ts";
import { startDynamoDB } from "./dynamodb.ts";
import type { Engine } from "./engine.ts";
import type { Principals } from "./iam/principals.ts";
import { type Endpoints, foreignEndpoints } from "./provider/clients.ts";
import { startS3 } from "./s3.ts";

const variables: Readonly<Record<keyof Endpoints, string>> = {
  dynamodb: "AWS_ENDPOINT_URL_DYNAMODB",
  s3: "AWS_ENDPOINT_URL_S3",
  cognito: "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER",
};

/** @throws UsageError where nothing listens at an endpoint that the environment names. */
async function refuseSilence(service: keyof Endpoints, endpoint: string): Promise<void> {
  const own = variables[service];
  const named = process.env[own] === undefined ? "AWS_ENDPOINT_URL" : own;
  const { hostname, port, protocol } = urlOf(named, endpoint);
  const socket = connect(Number(port || (protocol === "https:" ? 443 : 80)), hostname);
  try {
    await once(socket, "connect", { signal: AbortSignal.timeout(connectMilliseconds) });
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : "no answer";
    throw new UsageError(
      `${named}: nothing answers at ${endpoint} (${code}). Start the emulator there, or unset ${named} for the embedded one.`,
    );
  } finally {
    socket.destroy();
  }
}

const connectMilliseconds = 3_000;

function urlOf(variable: string, text: string): URL {
  if (URL.canParse(text) && /^https?:/.test(text)) return new URL(text);
  throw new UsageError(
    `${variable}: found "${text}"; allowed: a URL such as http://127.0.0.1:4566`,
  );
}

export interface Engines {
  readonly endpoints: Endpoints;
  /** Services that run in or under this process; the others are the user's own. */
  readonly embedded: readonly (keyof Endpoints)[];
  stop(): Promise<void>;
}

export interface EnginesOptions {
  readonly dataDir: DataDir;
  readonly onCrash: (error: Error) => void;
  /** TCP port that the embedded Cognito takes if it is free. Default: any. */
  readonly cognitoPort?: number | undefined;
  /** Origin of the local chat page, which uploads to the embedded S3. */
  readonly pageOrigin: string;
  /** Who the functions are, whose calls the embedded S3 judges by their roles. */
  readonly principals: Principals;
}

/**
 * Starts the emulators of AWS, except where `AWS_ENDPOINT_URL` or `AWS_ENDPOINT_URL_<service>` names
 * another place.
 */
export async function startEngines(options: EnginesOptions): Promise<Engines> {
  const { dataDir, onCrash, cognitoPort, pageOrigin, principals } = options;
  const foreign = foreignEndpoints(process.env);
  const starts: Record<keyof Endpoints, () => Promise<Engine>> = {
    dynamodb: () => startDynamoDB({ dataDir: dataDir.folder("dynamodb"), onCrash }),
    s3: () => startS3({ dataDir: dataDir.folder("s3"), pageOrigin, principals }),
    cognito: () =>
      startCognito({
        dataDir: dataDir.folder("cognito"),
        ...(cognitoPort !== undefined && { port: cognitoPort }),
      }),
  };
  const embedded: (keyof Endpoints)[] = [];
  const running: Engine[] = [];
  const place = async (service: keyof Endpoints): Promise<string> => {
    const elsewhere = foreign[service];
    if (elsewhere !== undefined) {
      await refuseSilence(service, elsewhere);
      return elsewhere;
    }
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
