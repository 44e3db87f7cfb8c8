import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import { EvaluationError } from "../offline/evaluate.ts";
import { fakeAccountId } from "../offline/fake-provider.ts";
import { evaluateStack, readProject, readStackFile } from "../offline/project.ts";
import { UsageError } from "../offline/usage-error.ts";
import { type Accounts, DataDir } from "./data-dir.ts";
import { type Engines, startEngines } from "./engines.ts";
import { createFunctions } from "./functions.ts";
import { readApis } from "./gateway/api.ts";
import { cognitoAuthorizer } from "./gateway/authorizer.ts";
import { createGateway } from "./gateway/server.ts";
import { buildPage, servePage } from "./page/page.ts";
import { connect } from "./provider/clients.ts";
import { LocalProvider, type Provisioned } from "./provider/provider.ts";
import { startSchedules } from "./schedules.ts";
import { seedUsers } from "./seed.ts";
import { readTenants } from "./tenants.ts";

export interface EnvironmentOptions {
  /** Pulumi stack whose tenants to run. */
  readonly stack: string;
  /** Folder of `Pulumi.yaml`. Default: the working directory. */
  readonly root?: string;
  readonly dataDir: string;
  /** Forget everything that earlier runs kept in the data folder. Default false. */
  readonly reset?: boolean;
  /** TCP port of 127.0.0.1; 0 for any. */
  readonly port: number;
  /** Milliseconds from the start to the first run of the tenants' maintenance. Default 5,000. */
  readonly firstRunMs?: number;
  /** Told what is being done, in words for people. */
  readonly onProgress?: (message: string) => void;
  /** Told of each request that a function did not answer, and of each scheduled run that failed. */
  readonly onRequestFailure?: (message: string) => void;
  /** The environment cannot go on; `stop` is still to be called. */
  readonly onCrash: (error: Error) => void;
}

export interface Tenant {
  readonly id: string;
  readonly url: string;
  readonly region: string;
  readonly userPoolId: string;
  readonly clientId: string;
  readonly users: Accounts[string]["users"];
}

export interface Environment {
  /** Address of the chat page. */
  readonly page: string;
  readonly tenants: readonly Tenant[];
  /** Every resource of the program and how it exists here. */
  readonly resources: readonly Provisioned[];
  readonly embedded: Engines["embedded"];
  readonly endpoints: Engines["endpoints"];
  stop(): Promise<void>;
}

/**
 * Runs a stack's tenants on this machine: the program that `pulumi up` runs is evaluated, what it
 * describes is created on emulators, and the bundle that would be deployed answers HTTP requests.
 *
 * @throws UsageError for what the user can put right; whatever was started is stopped again.
 */
export async function startEnvironment(options: EnvironmentOptions): Promise<Environment> {
  const { root = process.cwd(), onProgress = () => {} } = options;
  const undo: (() => unknown)[] = [];
  const stop = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    const project = readProject(root);
    const stackFile = readStackFile(root, project.name, options.stack);
    const region = stackFile.config["aws:region"] ?? "us-east-1";

    const front = await listen(options.port);
    undo.push(front.close);
    const dataDir = new DataDir(options.dataDir);
    dataDir.claim({ reset: options.reset });
    undo.push(() => dataDir.release());

    onProgress("starting the engines");
    // Meanwhile.
    const files = buildPage();
    files.catch(() => {});
    const engines = await startEngines({
      dataDir,
      onCrash: options.onCrash,
      // Next to the API's, so that a page in a browser finds it at the same address again.
      cognitoPort: options.port === 0 ? undefined : options.port + 1,
      pageOrigin: front.origin,
    });
    undo.push(() => engines.stop());

    onProgress(`provisioning stack ${options.stack}`);
    const resources: Provisioned[] = [];
    const { records } = await provision(options, { root, region, engines, resources });
    const functions = await createFunctions(records, {
      endpoints: engines.endpoints,
      region,
      logDir: dataDir.folder("logs"),
    });
    undo.push(() => functions.stop());

    onProgress("creating test users");
    const apis = readApis(records);
    const described = readTenants(records, apis);
    const { cognito } = connect(engines.endpoints, region);
    const accounts = await seedUsers(cognito, dataDir, described);

    const tenants = described.map(({ id, path, userPoolId, clientId }) => ({
      id,
      url: front.origin + path,
      region,
      userPoolId,
      clientId,
      users: accounts[id]?.users ?? [],
    }));
    const onFailure = (of: string, error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      options.onRequestFailure?.(`${of}: ${reason} (see ${dataDir.folder("logs")})`);
    };
    const gateway = createGateway({
      apis,
      authorize: cognitoAuthorizer(engines.endpoints.cognito),
      invoke: functions.invoke,
      accountId: fakeAccountId,
      onFailure: ({ tenant }, error) => onFailure(tenant, error),
    });
    const { cognito: cognitoEndpoint, s3: s3Endpoint } = engines.endpoints;
    const page = { files: await files, origin: front.origin, tenants, cognitoEndpoint, s3Endpoint };
    front.serve(servePage(page, gateway));
    const { firstRunMs = 5_000 } = options;
    const schedules = startSchedules(records, { invoke: functions.invoke, firstRunMs, onFailure });
    undo.push(schedules.stop);
    for (const schedule of schedules.described) onProgress(`scheduled ${schedule}`);
    // Once more, as the first step then: requests finish while there are functions to answer them.
    undo.push(front.close);
    dataDir.saveRunning({
      pid: process.pid,
      region,
      cognitoEndpoint: engines.endpoints.cognito,
      dynamodbEndpoint: engines.endpoints.dynamodb,
      s3Endpoint: engines.endpoints.s3,
      tenants,
    });
    const { embedded, endpoints } = engines;
    return { page: `${front.origin}/`, tenants, resources, embedded, endpoints, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function provision(
  { stack, onProgress }: EnvironmentOptions,
  context: { root: string; region: string; engines: Engines; resources: Provisioned[] },
) {
  const { root, region, engines, resources } = context;
  const failures: Error[] = [];
  const provider = new LocalProvider({
    endpoints: engines.endpoints,
    region,
    onProvisioned: (resource) => {
      resources.push(resource);
      const kind = resource.type.split(":").at(-1);
      if (resource.how === "created") onProgress?.(`created ${kind} ${resource.name}`);
    },
    onFailure: (error) => failures.push(error),
  });
  try {
    return await evaluateStack(stack, { root, provider, idleSeconds: 60 });
  } catch (error) {
    // The emulator's own words, not what the program made of the resource's absence.
    if (failures[0] !== undefined) throw failures[0];
    if (error instanceof EvaluationError) throw new UsageError(error.message);
    throw error;
  }
}

/** Takes the port at once, so that a taken one is noticed before anything is started. */
async function listen(port: number) {
  let serve: RequestListener = (_, response) => {
    response.writeHead(503, { "retry-after": "1", "content-type": "application/problem+json" });
    response.end('{"type":"about:blank","title":"Service Unavailable","status":503}');
  };
  const server = createServer((request, response) => serve(request, response));
  try {
    await once(server.listen(port, "127.0.0.1"), "listening");
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? error.code : error;
    if (reason !== "EADDRINUSE" && reason !== "EACCES") throw error;
    const why = reason === "EADDRINUSE" ? "is taken" : "is not yours to use";
    throw new UsageError(`Port ${port} ${why}: choose another with --port.`);
  }
  const address = server.address();
  const taken = typeof address === "object" && address ? address.port : port;
  let closed: Promise<void> | undefined;
  return {
    close() {
      closed ??= close(server);
      return closed;
    },
    origin: `http://127.0.0.1:${taken}`,
    serve(listener: RequestListener) {
      serve = listener;
    },
  };
}

/** Milliseconds that requests may take to finish once the environment stops. */
const graceMilliseconds = 2000;

async function close(server: Server): Promise<void> {
  const closed = once(server, "close");
  server.close();
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), graceMilliseconds);
  await closed;
  clearTimeout(timer);
}
