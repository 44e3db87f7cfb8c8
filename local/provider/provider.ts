/** Creates the program's resources at embedded engines or at another emulator. */
import { FakeProvider, physicalName } from "../../offline/fake-provider.ts";
import type { Provider, ProviderRequest } from "../../offline/monitor.ts";
import { isNotImplemented } from "../../offline/not-implemented.ts";
import { provisionBucket } from "./bucket.ts";
import { bucketSettings } from "./bucket-settings.ts";
import { connect, type Endpoints } from "./clients.ts";
import type { Provision, ProvisionedResource } from "./resource.ts";
import { provisionTable } from "./table.ts";
import { provisionUserGroup, provisionUserPool } from "./user-pool.ts";
import { provisionUserPoolClient } from "./user-pool-client.ts";

/** How a resource of the program exists in a local run. */
export interface Provisioned {
  readonly type: string;
  readonly name: string;
  /**
   * - `created`, `adopted`: it is there, in the emulator or endpoint.
   * - `gateway`: this process plays its part.
   * - `absent`: it has plausible outputs and nothing behind them.
   */
  readonly how: ProvisionedResource["action"] | "gateway";
  /** Inputs without effect, as `Table.replicas`, and calls that the emulator refused as unknown. */
  readonly omitted: readonly string[];
}

export interface LocalProviderOptions {
  readonly endpoints: Endpoints;
  readonly region: string;
  readonly onProvisioned?: (resource: Provisioned) => void;
  /** Told why a resource could not be provisioned, beside the program's own failure. */
  readonly onFailure?: (error: Error) => void;
}

const provisions: Readonly<Record<string, Provision>> = {
  "aws:dynamodb/table:Table": provisionTable,
  "aws:s3/bucket:Bucket": provisionBucket,
  ...bucketSettings,
  "aws:cognito/userPool:UserPool": provisionUserPool,
  "aws:cognito/userPoolClient:UserPoolClient": provisionUserPoolClient,
  "aws:cognito/userGroup:UserGroup": provisionUserGroup,
};

/** Types whose option `import` names something that is here. */
const adoptable = new Set(["aws:dynamodb/table:Table"]);

/**
 * A provider that really creates tables, buckets and user pools, through the AWS SDK, so that what
 * depends on them gets true ids. Everything else gets plausible ones.
 */
export class LocalProvider implements Provider {
  readonly #options: LocalProviderOptions;
  readonly #clients: ReturnType<typeof connect>;
  readonly #fake: FakeProvider;

  constructor(options: LocalProviderOptions) {
    this.#options = options;
    this.#clients = connect(options.endpoints, options.region);
    this.#fake = new FakeProvider(options.region);
  }

  async create(request: ProviderRequest) {
    const provision = provisions[request.type];
    const { type, name } = request;
    const isElsewhere = request.isRead || (request.id !== undefined && !adoptable.has(type));
    if (provision === undefined || isElsewhere) {
      const how = isPlayedByGateway(type) ? "gateway" : "absent";
      this.#options.onProvisioned?.({ type, name, how, omitted: [] });
      return this.#fake.create(request);
    }
    const omitted: string[] = [];
    const { id, action, outputs } = await this.#provision(provision, request, omitted);
    this.#options.onProvisioned?.({ type, name, how: action, omitted });
    const plausible = await this.#fake.create({ ...request, id });
    return { id, outputs: { ...plausible.outputs, ...outputs } };
  }

  invoke(token: string, args: Record<string, unknown>) {
    return this.#fake.invoke(token, args);
  }

  async #provision(provision: Provision, request: ProviderRequest, omitted: string[]) {
    try {
      return await provision({
        inputs: request.inputs,
        adopts: request.id,
        physicalName: physicalName(request),
        clients: this.#clients,
        isPlainS3: this.#options.endpoints.s3.startsWith("http:"),
        omit: (input) => omitted.push(`${request.type.split(":").at(-1)}.${input}`),
        async optional(call, run) {
          try {
            await run();
            return true;
          } catch (error) {
            if (!isNotImplemented(error)) throw error;
            omitted.push(call);
            return false;
          }
        },
      });
    } catch (error) {
      const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      const failure = new Error(`${request.type} "${request.name}": ${reason}`, { cause: error });
      this.#options.onFailure?.(failure);
      throw failure;
    }
  }
}

const isPlayedByGateway = (type: string) =>
  ["aws:apigateway/", "aws:cloudwatch/eventBus:", "aws:lambda/", "aws:scheduler/"].some((service) =>
    type.startsWith(service),
  );
