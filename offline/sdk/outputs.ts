/**
 * A resource's outputs, each made when somebody asks for it. The SDK makes all of them at once, twenty promises for each
 * property; most properties of most resources nobody reads.
 */
import { Output, type Resource } from "@pulumi/pulumi";
import { debuggablePromise } from "./promises.ts";

interface Settled {
  readonly value: unknown;
  readonly isKnown: boolean;
  readonly isSecret: boolean;
  readonly resources: readonly Resource[];
  readonly error?: Error;
}

type Resolve = (
  value: unknown,
  isKnown: boolean,
  isSecret: boolean,
  resources?: Resource[],
  error?: Error,
) => void;

const pendingOf = Symbol("outputs");

class LazyOutput {
  readonly #resource: Resource;
  readonly #label: string;
  #settled: Settled | undefined;
  #settle: ((settled: Settled) => void) | undefined;
  #output: unknown;

  constructor(resource: Resource, label: string) {
    this.#resource = resource;
    this.#label = label;
  }

  settle(settled: Settled): void {
    // A failed resource is told twice.
    if (this.#settled) return;
    this.#settled = settled;
    this.#settle?.(settled);
  }

  get(): unknown {
    this.#output ??= this.#make();
    return this.#output;
  }

  #make(): unknown {
    const settled = this.#settled
      ? settledNow(this.#settled)
      : debuggablePromise(
          new Promise<Settled>((done, fail) => {
            this.#settle = (one) => (one.error ? fail(one.error) : done(one));
          }),
          this.#label,
        );
    // The SDK declares no constructor.
    const outputClass: unknown = Output;
    if (typeof outputClass !== "function") throw new TypeError("Output is no class");
    return Reflect.construct(outputClass, [
      this.#resource,
      settled.then(({ value }) => value),
      settled.then(({ isKnown }) => isKnown),
      settled.then(({ isSecret }) => isSecret),
      settled.then(({ resources }) => resources),
    ]);
  }
}

const settledNow = (settled: Settled): Promise<Settled> =>
  settled.error ? Promise.reject(settled.error) : Promise.resolve(settled);

/** In place of `transferProperties` in the SDK's `runtime/rpc.js`, whose checks and resolvers it keeps. */
export function transferProperties(
  onto: Resource,
  label: string,
  props: Readonly<Record<string, unknown>>,
): Record<string, Resolve> {
  const resolvers: Record<string, Resolve> = {};
  const pending = new Map<string, LazyOutput>();
  Object.defineProperty(onto, pendingOf, { value: pending });
  for (const key of Object.keys(props)) {
    if (key === "id" || key === "urn") continue;
    if (Object.hasOwn(onto, key)) {
      throw new Error(`Property '${key}' is already initialized on target '${label}`);
    }
    const output = new LazyOutput(onto, `transferProperty(${label}, ${key})`);
    pending.set(key, output);
    Object.defineProperty(onto, key, accessor(key));
    resolvers[key] = (value, isKnown, isSecret, resources = [], error) =>
      output.settle({ value, isKnown, isSecret, resources, ...(error && { error }) });
  }
  return resolvers;
}

const accessors = new Map<string, PropertyDescriptor>();

/** One for all resources: with accessors of their own V8 would keep a layout for each. */
function accessor(key: string): PropertyDescriptor {
  const known = accessors.get(key);
  if (known) return known;
  const made: PropertyDescriptor = {
    enumerable: true,
    configurable: true,
    get(this: { readonly [pendingOf]?: ReadonlyMap<string, LazyOutput> }) {
      return this[pendingOf]?.get(key)?.get();
    },
    // A subclass may put another value in its place.
    set(this: object, value: unknown) {
      const field = { value, enumerable: true, configurable: true, writable: true };
      Object.defineProperty(this, key, field);
    },
  };
  accessors.set(key, made);
  return made;
}
