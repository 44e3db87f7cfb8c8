/**
 * The resource monitor: what the SDK talks to instead of the engine. It keeps whole registration
 * requests, options included, applies the engine's own rules (URNs, inheritance of retainOnDelete
 * and deletedWith) and refuses what it cannot honour.
 */
import * as pulumi from "@pulumi/pulumi";
import type { Alias } from "@pulumi/pulumi/proto/alias_pb.js";
import type * as wire from "@pulumi/pulumi/proto/resource_pb.js";
import resources from "@pulumi/pulumi/proto/resource_pb.js";
import type { Empty } from "google-protobuf/google/protobuf/empty_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";
import type { ResourceAlias, ResourceRecord } from "./record.ts";

export interface ProviderRequest {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Set when the resource is adopted by `import` or read by `X.get`. */
  readonly id?: string;
  /** True where it is only read: nothing of it is to be changed. */
  readonly isRead?: boolean;
}

/** Answers registrations, as a resource provider answers the engine. */
export interface Provider {
  create(request: ProviderRequest): Promise<{ id: string; outputs: Record<string, unknown> }>;
  /** Answers a function call such as `aws:index/getCallerIdentity:getCallerIdentity`. */
  invoke(token: string, args: Record<string, unknown>): Promise<Record<string, unknown>>;
}

type Reply<T> = (error: Error | null, response?: T) => void;
type Mutable<T> = { -readonly [K in keyof T]: T[K] };

const rootType = "pulumi:pulumi:Stack";

export class RecordingMonitor {
  readonly failures: string[] = [];
  readonly #project: string;
  readonly #stack: string;
  readonly #provider: Provider;
  readonly #urns = new Set<string>();
  readonly #records = new Map<string, Mutable<ResourceRecord>>();
  #lastProgress = Date.now();
  #inFlight = 0;
  #watch: NodeJS.Timeout | undefined;

  constructor(project: string, stack: string, provider: Provider) {
    this.#project = project;
    this.#stack = stack;
    this.#provider = provider;
  }

  /** Methods of the monitor's gRPC client, to lay over the SDK's mock monitor. */
  handlers() {
    return {
      registerResource: this.#handle((request: wire.RegisterResourceRequest) =>
        this.#register(request),
      ),
      readResource: this.#handle((request: wire.ReadResourceRequest) => this.#read(request)),
      registerResourceOutputs: this.#handle((request: wire.RegisterResourceOutputsRequest) =>
        this.#registerOutputs(request),
      ),
      invoke: this.#handle((request: wire.ResourceInvokeRequest) => this.#invoke(request)),
      call: this.#handle((request: wire.ResourceCallRequest) =>
        this.#refuse(`method ${request.getTok()} cannot be called offline`),
      ),
      registerStackTransform: this.#handle(() =>
        this.#refuse("resource transforms are not run offline; use the components' `transform`"),
      ),
      registerStackInvokeTransform: this.#handle(() =>
        this.#refuse("invoke transforms are not run offline"),
      ),
    };
  }

  records(): ResourceRecord[] {
    return [...this.#records.values()];
  }

  stackOutputs(): Record<string, unknown> {
    return this.#records.values().find((record) => record.type === rootType)?.outputs ?? {};
  }

  /** Rejects once nothing has happened for `seconds` and no provider call is under way. */
  stalled(seconds: number): Promise<never> {
    return new Promise((_, reject) => {
      this.#watch = setInterval(() => {
        if (this.#inFlight > 0 || Date.now() - this.#lastProgress < seconds * 1000) return;
        reject(new Error(`no progress for ${seconds} s: an output never settles`));
      }, 50);
    });
  }

  close(): void {
    clearInterval(this.#watch);
  }

  async #register(request: wire.RegisterResourceRequest) {
    const type = request.getType();
    const name = request.getName();
    if (request.getTransformsList().length > 0) {
      this.#refuse(`${type} "${name}" has \`transforms\`, which are not run offline`);
    }
    const parent = this.#records.get(request.getParent());
    const urn = this.#urn(type, name, parent);
    if (this.#urns.has(urn)) {
      this.#refuse(`duplicate resource URN ${urn}: give one of the two another name`);
    }
    this.#urns.add(urn);
    const { inputs, secrets } = await readInputs(request.getObject());
    const record: Mutable<ResourceRecord> = {
      urn,
      type,
      name,
      parent: parent?.urn,
      custom: request.getCustom(),
      inputs,
      secrets,
      outputs: {},
      options: {
        protect: request.getProtect() ?? parent?.options.protect ?? false,
        // The SDK passes protect on to children; these two only the engine does.
        retainOnDelete: request.hasRetainondelete()
          ? (request.getRetainondelete() ?? false)
          : (parent?.options.retainOnDelete ?? false),
        deletedWith: request.getDeletedwith() || parent?.options.deletedWith,
        dependencies: request.getDependenciesList(),
        ignoreChanges: request.getIgnorechangesList(),
        replaceOnChanges: request.getReplaceonchangesList(),
        deleteBeforeReplace: request.getDeletebeforereplace(),
        additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
        aliases: request.getAliasesList().map(readAlias),
        import: request.getImportid() || undefined,
        provider: request.getProvider() || undefined,
        version: request.getVersion() || undefined,
      },
      propertyDependencies: Object.fromEntries(
        [...request.getPropertydependenciesMap().entries()].map(([property, dependencies]) => [
          property,
          dependencies.getUrnsList(),
        ]),
      ),
    };
    this.#records.set(urn, record);
    const response = new resources.RegisterResourceResponse();
    response.setUrn(urn);
    if (record.custom || request.getRemote()) {
      const id = record.options.import;
      const { id: created, outputs } = await this.#provider.create({
        urn,
        type,
        name,
        inputs,
        id,
      });
      if (record.custom) {
        record.id = created;
        response.setId(created);
      }
      record.outputs = { ...inputs, ...outputs };
    }
    response.setObject(await toStruct(record.outputs, secrets));
    return response;
  }

  async #read(request: wire.ReadResourceRequest) {
    const [type, name] = [request.getType(), request.getName()];
    const urn = this.#urn(type, name, this.#records.get(request.getParent()));
    const { inputs, secrets } = await readInputs(request.getProperties());
    const { outputs } = await this.#provider.create({
      urn,
      type,
      name,
      inputs,
      id: request.getId(),
      isRead: true,
    });
    const response = new resources.ReadResourceResponse();
    response.setUrn(urn);
    response.setProperties(await toStruct({ ...inputs, ...outputs }, secrets));
    return response;
  }

  async #registerOutputs(request: wire.RegisterResourceOutputsRequest): Promise<Empty> {
    const record = this.#records.get(request.getUrn());
    if (!record) return this.#refuse(`outputs registered for unknown ${request.getUrn()}`);
    record.outputs = (await readInputs(request.getOutputs())).inputs;
    return new empty.Empty();
  }

  async #invoke(request: wire.ResourceInvokeRequest) {
    const args = (await readInputs(request.getArgs())).inputs;
    const result = await this.#provider.invoke(request.getTok(), args);
    const response = new resources.ResourceInvokeResponse();
    response.setReturn(await toStruct(result, []));
    return response;
  }

  #urn(type: string, name: string, parent: ResourceRecord | undefined): string {
    const parentType = parent?.urn.split("::")[2];
    const chain = parentType && parentType !== rootType ? `${parentType}$${type}` : type;
    return `urn:pulumi:${this.#stack}::${this.#project}::${chain}::${name}`;
  }

  /** Turns an async method into one of the gRPC client's, counting it as progress. */
  #handle<Request, Response>(method: (request: Request) => Promise<Response> | Response) {
    return async (request: Request, reply: Reply<Response>) => {
      this.#inFlight++;
      try {
        reply(null, await method(request));
      } catch (error) {
        this.failures.push(error instanceof Error ? error.message : String(error));
        reply(error instanceof Error ? error : new Error(String(error)));
      } finally {
        this.#inFlight--;
        this.#lastProgress = Date.now();
      }
    };
  }

  #refuse(message: string): never {
    throw new Error(message);
  }
}

async function readInputs(properties: struct.Struct | undefined) {
  const raw = pulumi.runtime.deserializeProperties(properties ?? new struct.Struct());
  const secrets = Object.keys(raw).filter((key) => pulumi.runtime.isRpcSecret(raw[key]));
  const inputs: Record<string, unknown> = {};
  for (const key of Object.keys(raw)) {
    inputs[key] = await withPlainAssets(pulumi.runtime.unwrapRpcSecret(raw[key]));
  }
  return { inputs, secrets };
}

/** Assets hold promises; records hold what they say: `{ archive: { path } }`, `{ asset: { text } }`. */
async function withPlainAssets(value: unknown): Promise<unknown> {
  const { asset } = pulumi;
  if (value instanceof asset.FileArchive) return { archive: { path: await value.path } };
  if (value instanceof asset.AssetArchive) {
    return { archive: { assets: await withPlainAssets(await value.assets) } };
  }
  if (value instanceof asset.FileAsset) return { asset: { path: await value.path } };
  if (value instanceof asset.StringAsset) return { asset: { text: await value.text } };
  if (Array.isArray(value)) return Promise.all(value.map(withPlainAssets));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(async ([k, v]) => [k, await withPlainAssets(v)]);
  return Object.fromEntries(await Promise.all(entries));
}

async function toStruct(properties: Record<string, unknown>, secrets: readonly string[]) {
  const marked = { ...properties };
  for (const key of secrets) if (key in marked) marked[key] = pulumi.secret(marked[key]);
  return struct.Struct.fromJavaScript(await pulumi.runtime.serializeProperties("", marked));
}

function readAlias(alias: Alias): ResourceAlias {
  const spec = alias.getSpec();
  if (!spec) return alias.getUrn();
  return {
    name: spec.getName() || undefined,
    type: spec.getType() || undefined,
    parent: spec.getParenturn() || undefined,
    noParent: spec.getNoparent() || undefined,
  };
}
