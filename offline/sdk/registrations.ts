/**
 * Registrations of resources with a monitor in this process. The SDK makes messages of them, and hundreds of promises for
 * each; here a resource waits for what it is made of, and is handed over as it is.
 */
import {
  CustomResource,
  type CustomResourceOptions,
  ProviderResource,
  type Resource,
} from "@pulumi/pulumi/resource.js";
import {
  gatherExplicitDependencies,
  getAllTransitivelyReferencedResourceURNs,
} from "@pulumi/pulumi/runtime/dependsOn.js";
import type { SourcePosition } from "@pulumi/pulumi/runtime/resource.js";
import rpc from "@pulumi/pulumi/runtime/rpc.js";
import settings from "@pulumi/pulumi/runtime/settings.js";
import state, { type PendingRegistration } from "@pulumi/pulumi/runtime/state.js";
import type { ResourceAlias, ResourceRecord } from "../record.ts";
import { serializeInputs } from "./inputs.ts";
import { comingOf, hasUnknowns } from "./output.ts";
import {
  type Answer,
  defineOutputs,
  defineProperties,
  ResourceOutputs,
  registeredOutputs,
} from "./outputs.ts";
import { wire } from "./values.ts";

/** What is asked of a monitor, each value as the SDK would send it. */
export interface Registration {
  readonly type: string;
  readonly name: string;
  /** URN. */
  readonly parent: string | undefined;
  readonly custom: boolean;
  readonly remote: boolean;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly protect: boolean | undefined;
  readonly retainOnDelete: boolean | undefined;
  readonly deletedWith: string | undefined;
  readonly dependencies: readonly string[];
  readonly ignoreChanges: readonly string[];
  readonly replaceOnChanges: readonly string[];
  readonly deleteBeforeReplace: boolean;
  readonly additionalSecretOutputs: readonly string[];
  readonly aliases: readonly ResourceAlias[];
  readonly import: string | undefined;
  readonly provider: string | undefined;
  /** Of a component's resources. */
  readonly awsProvider: string | undefined;
  readonly version: string | undefined;
  readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
  /** Where the program makes it, the innermost first. */
  readonly trace: readonly (Pick<SourcePosition, "uri" | "line"> | undefined)[];
}

export interface Registrar {
  register(registration: Registration): Promise<ResourceRecord>;
  registerOutputs(urn: string, outputs: Readonly<Record<string, unknown>>): Promise<void>;
}

type Register = (...args: RegisterArguments) => void;

type RegisterArguments = [
  resource: Resource,
  parent: Resource | undefined,
  type: string,
  name: string,
  isCustom: boolean,
  isRemote: boolean,
  newDependency: unknown,
  inputs: Readonly<Record<string, unknown>>,
  options: CustomResourceOptions,
  position?: SourcePosition,
  trace?: readonly (SourcePosition | undefined)[],
  packageReference?: unknown,
];

export class Registrations {
  readonly #monitor: Registrar;
  /** The client of the run: a program may put another in its place. */
  readonly #client = settings.getMonitor();
  readonly #open = new OpenCalls();

  constructor(monitor: Registrar) {
    this.#monitor = monitor;
  }

  /** In place of `registerResource` in the SDK's `runtime/resource.js`. */
  registerResource(original: (...args: unknown[]) => unknown): Register {
    return (...args) => {
      const [resource, parent, type, name, isCustom, isRemote, , , options, , , reference] = args;
      const isOwn = settings.getMonitor() === this.#client && !settings.isLegacyApplyEnabled();
      if (!isOwn || isRemote || reference !== undefined || hasRare(options, isCustom)) {
        original(...args);
        return;
      }
      const label = `resource:${name}[${type}]`;
      const outputs = new ResourceOutputs(resource);
      defineOutputs(resource, outputs, isCustom);
      const fail = (error: Error) => outputs.fail(error);
      const pending = { res: resource, parent, label, type, name, phase: "dependencies", fail };
      state.getPendingResourceRegistrations?.().set(resource, pending);
      this.#open.begin();
      // What fails here is nobody's to handle, as in the SDK: the run hears of it.
      void this.#register(args, outputs, pending).finally(() => this.#open.end());
    };
  }

  async #register(
    args: RegisterArguments,
    outputs: ResourceOutputs,
    pending: PendingRegistration & { readonly label: string },
  ): Promise<void> {
    const [resource, , type, name, isCustom, , , inputs] = args;
    let registration: Registration;
    try {
      if (isCustom) defineProperties(resource, pending.label, Object.keys(inputs));
      registration = await prepared(args, pending);
    } catch (error) {
      outputs.fail(error instanceof Error ? error : new Error(String(error)));
      throw error;
    } finally {
      state.getPendingResourceRegistrations?.().delete(resource);
    }
    try {
      const record = await this.#monitor.register(registration);
      outputs.settle(record.urn, answerOf(record));
    } catch (error) {
      const said = error instanceof Error ? error.message : String(error);
      outputs.fail(new Error(`failed to register new resource ${name} [${type}]: ${said}`));
    }
  }

  /** In place of `registerResourceOutputs` there. */
  registerResourceOutputs(original: (...args: unknown[]) => unknown) {
    return (resource: Resource, outputs: unknown): void => {
      if (settings.getMonitor() !== this.#client) {
        original(resource, outputs);
        return;
      }
      this.#open.begin();
      void this.#registerOutputs(resource, outputs).finally(() => this.#open.end());
    };
  }

  async #registerOutputs(resource: Resource, outputs: unknown): Promise<void> {
    const urn = await urnOf(resource);
    const { properties } = await serializeInputs({ outputs }, {});
    await this.#monitor.registerOutputs(urn, Object(properties.outputs));
  }
}

/** The SDK lets a run end once no call is under way. */
class OpenCalls {
  #count = 0;
  #done: (() => void) | undefined;

  begin(): void {
    if (this.#count++ === 0) this.#done = settings.rpcKeepAlive();
  }

  end(): void {
    if (--this.#count === 0) this.#done?.();
  }
}

/** Options of which the SDK alone knows what to do. */
const rare: readonly (keyof CustomResourceOptions)[] = [
  ...(["urn", "transforms", "stateMigrations", "hooks"] as const),
  ...(["replaceWith", "replacementTrigger", "envVarMappings"] as const),
];

const hasRare = (options: CustomResourceOptions, isCustom: boolean): boolean =>
  rare.some((name) => options[name] !== undefined) ||
  (!isCustom && (options.provider !== undefined || "providers" in options)) ||
  options.aliases?.every(isPlainAlias) === false;

/** One that says nothing of parents, stacks or projects, and has nothing to wait for. */
const isPlainAlias = (alias: unknown): boolean =>
  typeof alias === "string" ||
  (typeof alias === "object" &&
    alias !== null &&
    Object.getPrototypeOf(alias) === Object.prototype &&
    Object.entries(alias).every(
      ([key, value]) => (key === "name" || key === "type") && typeof value === "string",
    ));

/** Waits for all that the resource is made of, in the SDK's order. */
async function prepared(
  [resource, parent, type, name, custom, , , inputs, options, , trace = []]: RegisterArguments,
  pending: PendingRegistration,
): Promise<Registration> {
  const explicit = await dependenciesIn(options.dependsOn);
  pending.phase = "inputs";
  const { properties, sources } = await serializeInputs(inputs, pending);
  pending.phase = "parent";
  const parentUrn = parent && (registeredOutputs(parent)?.urn ?? (await urnOf(parent)));
  pending.phase = "provider";
  const { provider } = options;
  const reference = custom && provider ? await ProviderResource.register(provider) : undefined;
  pending.phase = "dependency-urns";
  const dependencies = new Set<string>();
  const add = async (of: ReadonlySet<Resource>): Promise<string[]> => {
    const urns = urnsNow(of, resource) ?? (await urnsOf(of, resource));
    for (const urn of urns) dependencies.add(urn);
    return urns;
  };
  if (explicit.size > 0) await add(explicit);
  const propertyDependencies: Record<string, readonly string[]> = {};
  // A message has them in this order.
  for (const key of [...sources.keys()].sort()) propertyDependencies[key] = [];
  for (const [key, of] of sources) if (of.size > 0) propertyDependencies[key] = await add(of);
  const deletedWith = options.deletedWith && (await urnOf(options.deletedWith));
  return {
    ...{ type, name, custom, remote: false, properties, trace, propertyDependencies, deletedWith },
    parent: parentUrn,
    protect: options.protect,
    retainOnDelete: options.retainOnDelete,
    dependencies: [...dependencies],
    ignoreChanges: options.ignoreChanges ?? [],
    replaceOnChanges: options.replaceOnChanges ?? [],
    deleteBeforeReplace: options.deleteBeforeReplace ?? false,
    additionalSecretOutputs: options.additionalSecretOutputs ?? [],
    aliases: aliasesOf(options, parentUrn),
    import: options.import || undefined,
    provider: reference,
    awsProvider: undefined,
    version: options.version || undefined,
  };
}

async function dependenciesIn(
  given: CustomResourceOptions["dependsOn"],
): Promise<ReadonlySet<Resource>> {
  if (given === undefined) return nothing;
  return new Set(await gatherExplicitDependencies(given));
}

const nothing: ReadonlySet<Resource> = new Set();

async function urnOf(resource: Resource): Promise<string> {
  const { value } = await comingOf(resource.urn).promise;
  return String(value);
}

/** Where all of them are registered, and none is a component, which stands for its children. */
function urnsNow(resources: ReadonlySet<Resource>, self: Resource): string[] | undefined {
  const urns: string[] = [];
  for (const resource of resources) {
    if (resource === self) continue;
    const urn = CustomResource.isInstance(resource) && registeredOutputs(resource)?.urn;
    if (!urn) return undefined;
    urns.push(urn);
  }
  return urns;
}

async function urnsOf(resources: ReadonlySet<Resource>, self: Resource): Promise<string[]> {
  return [...(await getAllTransitivelyReferencedResourceURNs(resources, new Set([self])))];
}

function aliasesOf(
  { aliases = [] }: CustomResourceOptions,
  parent: string | undefined,
): ResourceAlias[] {
  const found = aliases.map((alias): ResourceAlias => {
    if (typeof alias === "string") return alias;
    const { name, type }: { name?: string; type?: string } = Object(alias);
    return { name: name || undefined, type: type || undefined, parent, noParent: undefined };
  });
  return [...new Set(found)];
}

/** What the program gets to see of the record, as the SDK would receive it. */
function answerOf({ urn, id, inputs, outputs, secrets }: ResourceRecord): Answer {
  const isDryRun = settings.isDryRun();
  return (key) => {
    if (key === "urn") return { value: urn, isKnown: true, isSecret: false };
    if (key === "id") return { value: id || undefined, isKnown: Boolean(id), isSecret: false };
    const own = (of: Readonly<Record<string, unknown>>) =>
      Object.hasOwn(of, key) ? of[key] : undefined;
    const given = own(outputs);
    const sent = given === undefined && !isDryRun ? own(inputs) : given;
    if (sent === undefined) return { value: undefined, isKnown: !isDryRun, isSecret: false };
    // A copy: a program may change what it is given.
    const value: unknown = rpc.deserializeProperty(wire(sent));
    return { value, isKnown: !hasUnknowns(value), isSecret: secrets.includes(key) };
  };
}
