/** One evaluation of a stack's program, running: its resources, functions, gateway and schedules. */
import type { RequestListener } from "node:http";
import type { OwnSources } from "../components/chat-api/function/own-bundle.ts";
import { EvaluationError } from "../offline/evaluate.ts";
import { fakeAccountId } from "../offline/fake-provider.ts";
import { evaluateStack } from "../offline/project.ts";
import { UsageError } from "../offline/usage-error.ts";
import type { Accounts, DataDir } from "./data-dir.ts";
import { createFunctions, type Functions } from "./functions.ts";
import { readApis } from "./gateway/api.ts";
import { cognitoAuthorizer } from "./gateway/authorizer.ts";
import { createGateway } from "./gateway/server.ts";
import type { Principals } from "./iam/principals.ts";
import { ownSourcesOf } from "./lambda/own-code.ts";
import { pumpQueues, startQueues } from "./lambda/queues.ts";
import { connect, type Endpoints } from "./provider/clients.ts";
import { LocalProvider, type Provisioned } from "./provider/provider.ts";
import { startSchedules } from "./schedules.ts";
import { seedUsers } from "./seed.ts";
import { readTenants } from "./tenants.ts";

export interface DeploymentOptions {
  readonly stack: string;
  readonly root: string;
  readonly region: string;
  readonly endpoints: Endpoints;
  readonly dataDir: DataDir;
  /** Learns who the functions are. */
  readonly principals: Principals | undefined;
  /** Where the gateway listens, e.g. `http://127.0.0.1:8787`. */
  readonly origin: string;
  readonly firstRunMs: number;
  /** Variables of the functions that ask models, in the place of their own. */
  readonly instead: Readonly<Record<string, string>>;
  readonly onProgress: (message: string) => void;
  readonly onRequestFailure?: ((message: string) => void) | undefined;
}

export interface Tenant {
  readonly id: string;
  readonly url: string;
  readonly region: string;
  readonly userPoolId: string;
  readonly clientId: string;
  /** Addresses that Cognito's own page may lead back to. */
  readonly callbackUrls: readonly string[];
  readonly users: Accounts[string]["users"];
}

export interface Deployment {
  readonly tenants: readonly Tenant[];
  /** Every resource of the program and how it exists here. */
  readonly resources: readonly Provisioned[];
  readonly listener: RequestListener;
  /** From what functions were bundled whose code is a team's own. */
  readonly ownSources: readonly OwnSources[];
  /** Later requests are answered by the code that is in the functions' folders then. */
  reloadCode(): Promise<void>;
  /** Waits for the answers that are under way, at most `graceMs`. */
  stop(graceMs?: number): Promise<void>;
}

/** @throws UsageError for what the user can put right. Resources that are there already are adopted. */
export async function deploy(options: DeploymentOptions): Promise<Deployment> {
  const { region, endpoints, dataDir, origin, instead, onProgress } = options;
  const resources: Provisioned[] = [];
  const { records } = await provision(options, resources);
  const queues = await startQueues(records, region);
  const start = () =>
    createFunctions(records, {
      ...{ endpoints, region, principals: options.principals, instead, queues },
      logDir: dataDir.folder("logs"),
    });
  let functions = await start();
  const formers: Functions[] = [];

  onProgress("creating test users");
  const apis = readApis(records);
  const described = readTenants(records, apis);
  const accounts = await seedUsers(connect(endpoints, region).cognito, dataDir, described);
  const onFailure = (of: string, error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    options.onRequestFailure?.(`${of}: ${reason} (see ${dataDir.folder("logs")})`);
  };
  const invoke = (urn: string, event: object) => functions.invoke(urn, event);
  const gateway = createGateway({
    apis,
    authorize: cognitoAuthorizer(endpoints.cognito),
    invoke,
    accountId: fakeAccountId,
    onFailure: ({ tenant }, error) => onFailure(tenant, error),
  });
  const { firstRunMs } = options;
  const schedules = startSchedules(records, { invoke, firstRunMs, onFailure });
  const pumps = pumpQueues(records, { queues, invoke, onFailure });
  for (const line of [...schedules.described, ...pumps.described]) onProgress(line);

  const answers = new Answers();
  return {
    tenants: described.map(({ id, path, userPoolId, clientId, callbackUrls }) => ({
      id,
      url: origin + path,
      region,
      userPoolId,
      clientId,
      callbackUrls,
      users: accounts[id]?.users ?? [],
    })),
    resources,
    get ownSources() {
      return ownSourcesOf(records);
    },
    listener: (request, response) => {
      answers.add(new Promise((resolve) => response.once("close", resolve)));
      gateway(request, response);
    },
    async reloadCode() {
      const next = await start();
      const [former, begun] = [functions, answers.begun(reloadGraceMs)];
      functions = next;
      formers.push(former);
      void begun.then(() => former.stop());
    },
    async stop(graceMs = 0) {
      schedules.stop();
      pumps.stop();
      await answers.begun(graceMs);
      await Promise.all([functions, ...formers].map((each) => each.stop()));
      await queues.stop();
    },
  };
}

/** Answers that are under way when code or tenants are replaced may take as long to finish. */
export const reloadGraceMs = 30_000;

class Answers {
  readonly #open = new Set<Promise<unknown>>();

  add(answer: Promise<unknown>): void {
    this.#open.add(answer);
    void answer.then(() => this.#open.delete(answer));
  }

  /** Resolves when those that have begun by now are over, or the time is. */
  async begun(graceMs: number): Promise<void> {
    if (this.#open.size === 0 || graceMs === 0) return;
    const patience = Promise.withResolvers<void>();
    const timer = setTimeout(patience.resolve, graceMs).unref();
    await Promise.race([Promise.all(this.#open), patience.promise]);
    clearTimeout(timer);
  }
}

async function provision(
  { stack, root, region, endpoints, onProgress }: DeploymentOptions,
  resources: Provisioned[],
) {
  const failures: Error[] = [];
  const provider = new LocalProvider({
    endpoints,
    region,
    onProvisioned: (resource) => {
      resources.push(resource);
      const kind = resource.type.split(":").at(-1);
      if (resource.how === "created") onProgress(`created ${kind} ${resource.name}`);
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
