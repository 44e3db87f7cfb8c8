/**
 * The resource monitor: what the SDK talks to instead of the engine. It keeps whole registration
 * requests, options included, applies the engine's own rules (URNs, inheritance of retainOnDelete
 * and deletedWith) and refuses what it cannot honour.
 */
import { fileURLToPath } from "node:url";
import * as pulumi from "@pulumi/pulumi";
import type { Alias } from "@pulumi/pulumi/proto/alias_pb.js";
import type { CallResponse, InvokeResponse } from "@pulumi/pulumi/proto/provider_pb.js";
import provider from "@pulumi/pulumi/proto/provider_pb.js";
import type * as wire from "@pulumi/pulumi/proto/resource_pb.js";
import resources from "@pulumi/pulumi/proto/resource_pb.js";
import type { Empty } from "google-protobuf/google/protobuf/empty_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import {
  plainOptions,
  type ResourceAlias,
  type ResourceRecord,
  type SourcePlace,
} from "./record.ts";
import { type Child, resolved } from "./remote/component.ts";
import { constructOf } from "./remote/components.ts";
import type { Registration } from "./sdk/registrations.ts";
import { fieldsOf, holdsUnknown, readProperties, toStruct } from "./sdk/values.ts";

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

/** An output that is not among `outputs`, or an absent id, is unknown to a program that previews. */
export interface Created {
  readonly id?: string;
  readonly outputs: Record<string, unknown>;
}

/** Answers registrations, as a resource provider answers the engine. */
export interface Provider {
  /** True where a program may be run again without harm. */
  readonly touchesNothing?: true;
  create(request: ProviderRequest): Promise<Created>;
  /**
   * Answers a function call such as `aws:index/getCallerIdentity:getCallerIdentity`; `undefined` where
   * only AWS could.
   */
  invoke(
    token: string,
    args: Record<string, unknown>,
  ): Promise<Record<string, unknown> | undefined>;
  /** Names the fields that a function returns, for one that stays unknown. */
  fieldsOf?(token: string): ReadonlyMap<string, "value" | "list">;
}

export interface MonitorOptions {
  /** True where the program previews: what is not known stays unknown, and fails it otherwise. */
  readonly preview?: boolean;
  /** Called with every answer. */
  readonly onProgress?: () => void;
}

/** Nothing has happened for too long. */
export class Stalled extends Error {
  override readonly name = "Stalled";
}

type Reply<T> = (error: Error | null, response?: T) => void;
type Mutable<T> = { -readonly [K in keyof T]: T[K] };

const rootType = "pulumi:pulumi:Stack";

/** How the SDK asks for a resource that another one returned. */
const getResource = "pulumi:pulumi:getResource";

/** One unknown field makes an output unknown as a whole, whatever fields its type has. */
const unknownAnswer = { unknown: pulumi.unknown };

export class RecordingMonitor {
  readonly failures: string[] = [];
  /** Tokens of the functions that stay unknown, one for each call. */
  readonly unanswered: string[] = [];
  /** True where the provider could not tell what something returns. */
  hasUnknowns = false;
  readonly #project: string;
  readonly #stack: string;
  readonly #provider: Provider;
  readonly #options: MonitorOptions;
  readonly #urns = new Set<string>();
  readonly #records = new Map<string, Mutable<ResourceRecord>>();
  #lastProgress = Date.now();
  #inFlight = 0;
  #hasBegun = false;
  #watch: NodeJS.Timeout | undefined;

  constructor(project: string, stack: string, provider: Provider, options: MonitorOptions = {}) {
    this.#project = project;
    this.#stack = stack;
    this.#provider = provider;
    this.#options = options;
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
      call: this.#handle((request: wire.ResourceCallRequest) => this.#call(request)),
      registerStackTransform: this.#handle(() =>
        this.#refuse("resource transforms are not run offline; use the components' `transform`"),
      ),
      registerStackInvokeTransform: this.#handle(() =>
        this.#refuse("invoke transforms are not run offline"),
      ),
    };
  }

  result() {
    return {
      records: this.records(),
      outputs: this.stackOutputs(),
      unanswered: this.unanswered,
    };
  }

  /** Since the program last asked for something; nothing while it waits for an answer. */
  idleMilliseconds(): number {
    return this.#inFlight > 0 ? 0 : Date.now() - this.#lastProgress;
  }

  /** Whether the program has asked for anything yet. */
  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  /** The resource that was registered last, for a message about what came after it. */
  lastResource(before: string): string {
    const last = [...this.#records.values()].at(-1);
    return last === undefined || last.type === rootType
      ? ""
      : `${before}${last.type} "${last.name}"`;
  }

  records(): ResourceRecord[] {
    return [...this.#records.values()];
  }

  stackOutputs(): Record<string, unknown> {
    return this.#records.values().find((record) => record.type === rootType)?.outputs ?? {};
  }

  /**
   * Rejects once nothing has happened for `seconds` and no provider call is under way.
   *
   * @param pending tells what the program waits for.
   */
  stalled(seconds: number, pending: () => readonly string[]): Promise<never> {
    return new Promise((_, reject) => {
      this.#watch = setInterval(() => {
        if (this.idleMilliseconds() < seconds * 1000) return;
        clearInterval(this.#watch);
        const known =
          pending().join("; ") || `an output never settles${this.lastResource(" after ")}`;
        reject(new Stalled(`no progress for ${seconds} s: ${known}`));
      }, 50);
    });
  }

  close(): void {
    clearInterval(this.#watch);
  }

  /** A resource of a program that runs in this process. */
  register(registration: Registration): Promise<ResourceRecord> {
    return this.#counted(() => this.#registered(registration));
  }

  /** What a component of such a program has to show. */
  registerOutputs(urn: string, outputs: Readonly<Record<string, unknown>>): Promise<void> {
    return this.#counted(() => this.#registeredOutputs(urn, outputs));
  }

  async #register(request: wire.RegisterResourceRequest) {
    if (request.getTransformsList().length > 0) {
      const [type, name] = [request.getType(), request.getName()];
      this.#refuse(`${type} "${name}" has \`transforms\`, which are not run offline`);
    }
    const { urn, id, outputs, secrets } = await this.#registered(registrationIn(request));
    const response = new resources.RegisterResourceResponse().setUrn(urn);
    if (id !== undefined) response.setId(id);
    return response.setObject(toStruct(outputs, secrets));
  }

  async #registered(given: Registration): Promise<ResourceRecord> {
    const { type, name, custom, properties, propertyDependencies } = given;
    const parent = given.parent === undefined ? undefined : this.#records.get(given.parent);
    const urn = this.#claimed(type, name, parent);
    const read = readProperties(properties);
    const { inputs, secrets } = read instanceof Promise ? await read : read;
    const record: Mutable<ResourceRecord> = {
      urn,
      type,
      name,
      parent: parent?.urn,
      custom,
      inputs,
      secrets,
      outputs: {},
      options: {
        protect: given.protect ?? parent?.options.protect ?? false,
        // The SDK passes protect on to children; these two only the engine does.
        retainOnDelete: given.retainOnDelete ?? parent?.options.retainOnDelete ?? false,
        deletedWith: given.deletedWith ?? parent?.options.deletedWith,
        dependencies: given.dependencies,
        ignoreChanges: given.ignoreChanges,
        replaceOnChanges: given.replaceOnChanges,
        deleteBeforeReplace: given.deleteBeforeReplace,
        additionalSecretOutputs: given.additionalSecretOutputs,
        aliases: given.aliases,
        import: given.import,
        provider: given.provider,
        version: given.version,
      },
      propertyDependencies,
      // Made by the SDK, for whoever runs the program.
      ...(type !== rootType && sourceOf(given.trace)),
      ...(given.remote && { remote: true }),
    };
    this.#records.set(urn, record);
    const constructed = record.remote && (await this.#construct(record, given.awsProvider));
    // The engine's state has none of a component that its provider makes.
    if (record.remote) record.inputs = {};
    if (constructed) {
      delete record.remote;
      record.outputs = constructed;
    } else if (record.custom || record.remote) await this.#create(record);
    return record;
  }

  async #create(record: Mutable<ResourceRecord>): Promise<void> {
    const { urn, type, name, inputs } = record;
    const { import: id } = record.options;
    const { id: created, outputs } = await this.#provider.create({ urn, type, name, inputs, id });
    this.hasUnknowns ||= created === undefined;
    if (record.custom && created !== undefined) record.id = created;
    record.outputs = { ...inputs, ...outputs };
  }

  /** As the component's own provider would, where it is known what it makes. */
  async #construct(component: ResourceRecord, provider: string | undefined) {
    const make = async ({ type, name, parent, inputs, dependsOn = [] }: Child) => {
      const urn = this.#claimed(type, name, parent);
      const given = resolved(inputs);
      const of = Object.values(given.propertyDependencies).flat();
      const { protect, retainOnDelete, deletedWith } = component.options;
      const record: Mutable<ResourceRecord> = {
        urn,
        type,
        name,
        parent: parent.urn,
        custom: true,
        ...given,
        secrets: [],
        outputs: {},
        options: {
          ...plainOptions,
          protect,
          retainOnDelete,
          ...(deletedWith !== undefined && { deletedWith }),
          ...(provider !== undefined && { provider }),
          dependencies: [...new Set([...dependsOn.map((one) => one.urn), ...of])],
        },
        ...(component.source && { source: component.source }),
      };
      this.#records.set(urn, record);
      await this.#create(record);
      return record;
    };
    return constructOf(component)?.(component, {
      make,
      ask: (token, args) => this.#provider.invoke(token, args),
    });
  }

  /** @throws Error where another resource has the URN. */
  #claimed(type: string, name: string, parent: ResourceRecord | undefined): string {
    const urn = this.#urn(type, name, parent);
    if (this.#urns.has(urn))
      this.#refuse(`duplicate resource URN ${urn}: give one of the two another name`);
    this.#urns.add(urn);
    return urn;
  }

  async #read(request: wire.ReadResourceRequest) {
    const [type, name] = [request.getType(), request.getName()];
    const urn = this.#urn(type, name, this.#records.get(request.getParent()));
    const { inputs, secrets } = await readProperties(fieldsOf(request.getProperties()));
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
    response.setProperties(toStruct({ ...inputs, ...outputs }, secrets));
    return response;
  }

  async #registerOutputs(request: wire.RegisterResourceOutputsRequest): Promise<Empty> {
    await this.#registeredOutputs(request.getUrn(), fieldsOf(request.getOutputs()));
    return new empty.Empty();
  }

  async #registeredOutputs(urn: string, outputs: Readonly<Record<string, unknown>>): Promise<void> {
    const record = this.#records.get(urn);
    if (!record) return this.#refuse(`outputs registered for unknown ${urn}`);
    record.outputs = (await readProperties(outputs)).inputs;
  }

  async #invoke(request: wire.ResourceInvokeRequest): Promise<InvokeResponse> {
    const token = request.getTok();
    const args = (await readProperties(fieldsOf(request.getArgs()))).inputs;
    // The SDK has a message of the monitor's own since 3.256; the one before has the same shape.
    const { ResourceInvokeResponse = provider.InvokeResponse } = resources;
    const response = new ResourceInvokeResponse();
    const found = token === getResource && this.#records.get(String(args.urn));
    if (found) {
      const { urn, id, outputs: state } = found;
      return response.setReturn(toStruct({ urn, id: id ?? pulumi.unknown, state }, []));
    }
    const result = holdsUnknown(args) ? undefined : await this.#provider.invoke(token, args);
    if (result !== undefined) return response.setReturn(toStruct(result, []));
    this.unanswered.push(token);
    this.hasUnknowns = true;
    if (!this.#options.preview) this.#refuse(`function ${token} cannot be answered offline`);
    const fields = this.#provider.fieldsOf?.(token) ?? new Map();
    // What was asked for comes back as it was given: a name, a list of filters.
    const unknown = [...fields].map(([field, kind]) => [
      field,
      args[field] ?? (kind === "list" ? [pulumi.unknown] : pulumi.unknown),
    ]);
    const fieldsAsTold = Object.fromEntries(unknown);
    return response.setReturn(toStruct({ ...fieldsAsTold, ...unknownAnswer }, []));
  }

  /** Methods of remote components: their provider alone knows what they do. */
  async #call(request: wire.ResourceCallRequest): Promise<CallResponse> {
    const token = request.getTok();
    this.unanswered.push(token);
    this.hasUnknowns = true;
    if (!this.#options.preview) this.#refuse(`method ${token} cannot be called offline`);
    return new provider.CallResponse().setReturn(toStruct(unknownAnswer, []));
  }

  #urn(type: string, name: string, parent: ResourceRecord | undefined): string {
    const parentType = parent?.urn.split("::")[2];
    const chain = parentType && parentType !== rootType ? `${parentType}$${type}` : type;
    return `urn:pulumi:${this.#stack}::${this.#project}::${chain}::${name}`;
  }

  /** Turns a method into one of the gRPC client's. */
  #handle<Request, Response>(method: (request: Request) => Promise<Response> | Response) {
    return async (request: Request, reply: Reply<Response>) => {
      try {
        reply(null, await this.#counted(() => method(request)));
      } catch (error) {
        reply(error instanceof Error ? error : new Error(String(error)));
      }
    };
  }

  /** Counts a call as progress. */
  async #counted<T>(call: () => Promise<T> | T): Promise<T> {
    this.#inFlight++;
    this.#hasBegun = true;
    try {
      return await call();
    } catch (error) {
      this.failures.push(error instanceof Error ? error.message : String(error));
      throw error;
    } finally {
      this.#inFlight--;
      this.#lastProgress = Date.now();
      this.#options.onProgress?.();
    }
  }

  #refuse(message: string): never {
    throw new Error(message);
  }
}

/** What a message asks for. */
function registrationIn(request: wire.RegisterResourceRequest): Registration {
  return {
    type: request.getType(),
    name: request.getName(),
    parent: request.getParent() || undefined,
    custom: request.getCustom(),
    remote: request.getRemote(),
    properties: fieldsOf(request.getObject()),
    protect: request.getProtect(),
    retainOnDelete: request.hasRetainondelete() ? request.getRetainondelete() : undefined,
    deletedWith: request.getDeletedwith() || undefined,
    dependencies: request.getDependenciesList(),
    ignoreChanges: request.getIgnorechangesList(),
    replaceOnChanges: request.getReplaceonchangesList(),
    deleteBeforeReplace: request.getDeletebeforereplace(),
    additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
    aliases: request.getAliasesList().map(readAlias),
    import: request.getImportid() || undefined,
    provider: request.getProvider() || undefined,
    awsProvider: request.getProvidersMap().get("aws"),
    version: request.getVersion() || undefined,
    propertyDependencies: Object.fromEntries(
      [...request.getPropertydependenciesMap().entries()].map(([property, dependencies]) => [
        property,
        dependencies.getUrnsList(),
      ]),
    ),
    trace: (request.getStacktrace()?.getFramesList() ?? []).map((frame) => {
      const position = frame.getPc();
      return position && { uri: position.getUri(), line: position.getLine() };
    }),
  };
}

/** Where the first frame of the program's own code stands; those of packages say where their authors were. */
function sourceOf(trace: Registration["trace"]): { source?: SourcePlace } {
  for (const position of trace) {
    const file = position && fileOf(position.uri);
    if (!file || file.includes("/node_modules/")) continue;
    return { source: { file, line: position.line } };
  }
  return {};
}

/** The SDK takes the URL of an ES module for a path, and makes a URL of it once more. */
function fileOf(uri: string): string {
  const [, path] = /\/(file:\/.*)$/.exec(uri) ?? [];
  return fileURLToPath(path === undefined ? uri : path.replace(/^file:\/+/, "file:///"));
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
