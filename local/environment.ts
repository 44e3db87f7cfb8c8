import { randomBytes } from "node:crypto";
import { once } from "node:events";
import type { RequestListener, Server } from "node:http";
import { basename } from "node:path";
import { projectRoot } from "../offline/files/project-root.ts";
import { readProject, readStackFile } from "../offline/project.ts";
import { UsageError } from "../offline/usage-error.ts";
import { DataDir } from "./data-dir.ts";
import { type Deployment, deploy, reloadGraceMs, type Tenant } from "./deployment.ts";
import { type Engines, startEngines } from "./engines.ts";
import { gatewayServer } from "./gateway/server.ts";
import { Principals } from "./iam/principals.ts";
import { startModels } from "./models/front.ts";
import { type LocalModel, openModels } from "./models/models.ts";
import { buildPage, servePage } from "./page/page.ts";
import type { Provisioned } from "./provider/provider.ts";
import { watchSources } from "./watch.ts";

export type { Tenant } from "./deployment.ts";

export interface EnvironmentOptions {
  /** Pulumi stack whose tenants to run. */
  readonly stack: string;
  /** Folder of `Pulumi.yaml`. Default: `projectRoot()`. */
  readonly root?: string;
  readonly dataDir: string;
  /** Forget everything that earlier runs kept in the data folder. Default false. */
  readonly reset?: boolean;
  /** Real models in the place of those that the stack names; see `modelForms`. Default: the stack's. */
  readonly models?: string | undefined;
  /** TCP port of 127.0.0.1; 0 for any. */
  readonly port: number;
  /** Milliseconds from the start to the first run of the tenants' maintenance. Default 5,000. */
  readonly firstRunMs?: number;
  /** Told what is being done, in words for people. */
  readonly onProgress?: (message: string) => void;
  /** Told of each request that a function did not answer, and of each scheduled run that failed. */
  readonly onRequestFailure?: (message: string) => void;
  /** Watches the stack's file and the sources, and is told of each change. Default: nothing is watched. */
  readonly onChange?: (line: string, outcome: "applied" | "failed") => void;
  /** The environment cannot go on; `stop` is still to be called. */
  readonly onCrash: (error: Error) => void;
}

export interface Environment {
  /** Address of the chat page, with the key that lets it sign test users in. */
  readonly page: string;
  readonly tenants: readonly Tenant[];
  /** Every resource of the program and how it exists here. */
  readonly resources: readonly Provisioned[];
  readonly embedded: Engines["embedded"];
  readonly endpoints: Engines["endpoints"];
  /** Those of `EnvironmentOptions.models`. */
  readonly models: readonly LocalModel[];
  stop(): Promise<void>;
}

/**
 * Runs a stack's tenants on this machine: the program that `pulumi up` runs is evaluated, what it
 * describes is created on emulators, and the bundle that would be deployed answers HTTP requests.
 *
 * @throws UsageError for what the user can put right; whatever was started is stopped again.
 */
export async function startEnvironment(options: EnvironmentOptions): Promise<Environment> {
  const { root = projectRoot(), onProgress = () => {} } = options;
  const undo: (() => unknown)[] = [];
  const stop = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    const project = readProject(root);
    const stackFile = readStackFile(root, project.name, options.stack);
    const region = stackFile.config["aws:region"] ?? "us-east-1";

    const models = options.models === undefined ? [] : await openModels(options.models, region);
    const front = await listen(options.port);
    undo.push(front.close);
    const dataDir = new DataDir(options.dataDir);
    dataDir.claim({ reset: options.reset });
    undo.push(() => dataDir.release());

    onProgress("starting the engines");
    // Meanwhile.
    const files = buildPage();
    files.catch(() => {});
    const principals = new Principals();
    const engines = await startEngines({
      principals,
      dataDir,
      onCrash: options.onCrash,
      // Next to the API's, so that a page in a browser finds it at the same address again.
      cognitoPort: options.port === 0 ? undefined : options.port + 1,
      pageOrigin: front.origin,
    });
    undo.push(() => engines.stop());

    const { onRequestFailure = () => {} } = options;
    const modelsEngine =
      models.length > 0 ? await startModels(models, onRequestFailure) : undefined;
    undo.push(() => modelsEngine?.stop());

    onProgress(`provisioning stack ${options.stack}`);
    const { firstRunMs = 5_000 } = options;
    const deployNow = (progress: typeof onProgress) =>
      deploy({
        stack: options.stack,
        root,
        region,
        endpoints: engines.endpoints,
        dataDir,
        principals: engines.embedded.includes("s3") ? principals : undefined,
        origin: front.origin,
        firstRunMs,
        instead: modelsEngine === undefined ? {} : variablesFor(models, modelsEngine.endpoint),
        onProgress: progress,
        onRequestFailure,
      });
    let current = await deployNow(onProgress);
    const formers: Deployment[] = [];
    undo.push(() => Promise.all([current, ...formers].map((each) => each.stop())));
    const { cognito: cognitoEndpoint, s3: s3Endpoint } = engines.endpoints;
    const key = randomBytes(18).toString("base64url");
    const page = `${front.origin}/#key=${key}`;
    const about = { files: await files, origin: front.origin, key, cognitoEndpoint, s3Endpoint };
    const listenerOf = ({ tenants, listener }: Deployment) =>
      servePage({ ...about, tenants }, listener);
    let listener = listenerOf(current);
    front.serve((request, response) => listener(request, response));
    // Once more, as the first step then: requests finish while there are functions to answer them.
    undo.push(front.close);
    const tell = () =>
      dataDir.saveRunning({
        pid: process.pid,
        page,
        region,
        cognitoEndpoint: engines.endpoints.cognito,
        dynamodbEndpoint: engines.endpoints.dynamodb,
        s3Endpoint: engines.endpoints.s3,
        tenants: [...current.tenants],
      });
    tell();
    if (options.onChange) {
      let applied = JSON.stringify(stackFile.config);
      const stopWatching = watchSources({
        root,
        stackFiles: [basename(stackFile.path), "Pulumi.yaml"],
        onChange: options.onChange,
        ownSources: () => current.ownSources,
        onCode: () => current.reloadCode(),
        async onStack() {
          const { config, path } = readStackFile(root, readProject(root).name, options.stack);
          if (JSON.stringify(config) === applied) return undefined;
          if ((config["aws:region"] ?? "us-east-1") !== region) {
            throw new UsageError("aws:region changed; start again to move to another region");
          }
          const former = current;
          current = await deployNow(() => {});
          listener = listenerOf(current);
          applied = JSON.stringify(config);
          tell();
          formers.push(former);
          void former.stop(reloadGraceMs);
          return `${basename(path)}: ${changesOf(former.tenants, current.tenants)}`;
        },
      });
      undo.push(stopWatching);
    }
    const { embedded, endpoints } = engines;
    return {
      page,
      get tenants() {
        return current.tenants;
      },
      get resources() {
        return current.resources;
      },
      embedded,
      endpoints,
      models,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Of a function that asks these models, as it would ask Bedrock's. */
function variablesFor(models: readonly LocalModel[], endpoint: string) {
  const limits = models.map(({ id, contextTokens = "", maxOutputTokens = "", takes }) => {
    const numbers = `${id}=${contextTokens}/${maxOutputTokens}`;
    return takes === undefined ? numbers : `${numbers}/${takes.join("+")}`;
  });
  return {
    MODELS: models.map(({ id }) => id).join(","),
    MODEL_LIMITS: limits.join(","),
    AWS_ENDPOINT_URL_BEDROCK_RUNTIME: endpoint,
  };
}

/** `added initech at http://127.0.0.1:8787/initech/v1, globex is no longer served` */
function changesOf(before: readonly Tenant[], after: readonly Tenant[]): string {
  const without = (all: readonly Tenant[], others: readonly Tenant[]) =>
    all.filter(({ id }) => !others.some((other) => other.id === id));
  const added = without(after, before).map(({ id, url }) => `added ${id} at ${url}`);
  const removed = without(before, after).map(
    ({ id }) => `${id} is no longer served (its data stays)`,
  );
  return [...added, ...removed].join(", ") || "settings applied";
}

/** Takes the port at once, so that a taken one is noticed before anything is started. */
async function listen(port: number) {
  let serve: RequestListener = (_, response) => {
    response.writeHead(503, { "retry-after": "1", "content-type": "application/problem+json" });
    response.end('{"type":"about:blank","title":"Service Unavailable","status":503}');
  };
  const server = gatewayServer((request, response) => serve(request, response));
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
