/**
 * A resource's outputs, each made when somebody asks for it. The SDK makes all of them at once; most properties of most
 * resources nobody reads.
 */
import type { Resource } from "@pulumi/pulumi/resource.js";
import { Coming, type Outcome, outputOf } from "./output.ts";

/** What a registration brings for a property, `id` and `urn` among them. */
export type Answer = (key: string) => Pick<Outcome, "value" | "isKnown" | "isSecret">;

const outputsOf = Symbol("outputs");

export class ResourceOutputs {
  /** The resource itself: what all its outputs come from. */
  readonly #sources: ReadonlySet<Resource>;
  #made: Map<string, object> | undefined;
  #answer: Answer | undefined;
  #coming: PromiseWithResolvers<Answer> | undefined;
  #error: Error | undefined;
  #urn: string | undefined;

  constructor(resource: Resource) {
    this.#sources = new Set([resource]);
  }

  /** Undefined until it is registered. */
  get urn(): string | undefined {
    return this.#urn;
  }

  get(key: string): object {
    const known = this.#made?.get(key);
    if (known) return known;
    const outcome = (answer: Answer): Outcome => ({ ...answer(key), resources: this.#sources });
    const coming = this.#answer
      ? Coming.now(outcome(this.#answer))
      : Coming.after(this.#answered(), outcome);
    const made = outputOf(this.#sources, coming);
    this.#made ??= new Map();
    this.#made.set(key, made);
    return made;
  }

  settle(urn: string, answer: Answer): void {
    this.#urn = urn;
    this.#answer = answer;
    this.#coming?.resolve(answer);
  }

  /** Whoever handles none of its outputs hears of it: the URN's is always there. */
  fail(error: Error): void {
    if (this.#answer || this.#error) return;
    this.#error = error;
    this.#coming?.reject(error);
    this.get("urn");
  }

  #answered(): Promise<Answer> {
    if (this.#error) return Promise.reject(this.#error);
    this.#coming ??= Promise.withResolvers();
    return this.#coming.promise;
  }
}

/** Of a resource that was registered here. */
export function registeredOutputs(resource: Resource): ResourceOutputs | undefined {
  const found: unknown = Reflect.get(resource, outputsOf);
  return found instanceof ResourceOutputs ? found : undefined;
}

/** Gives a resource its URN, and its id where it has one. */
export function defineOutputs(
  resource: Resource,
  outputs: ResourceOutputs,
  isCustom: boolean,
): void {
  Object.defineProperty(resource, outputsOf, { value: outputs });
  Object.defineProperty(resource, "urn", accessor("urn"));
  if (isCustom) Object.defineProperty(resource, "id", accessor("id"));
}

/** A custom resource has an output for each of its inputs. */
export function defineProperties(resource: Resource, label: string, keys: readonly string[]): void {
  for (const key of keys) {
    if (key === "id" || key === "urn") continue;
    if (Object.hasOwn(resource, key)) {
      throw new Error(`Property '${key}' is already initialized on target '${label}`);
    }
    Object.defineProperty(resource, key, accessor(key));
  }
}

const accessors = new Map<string, PropertyDescriptor>();

/** One for all resources: with accessors of their own V8 would keep a layout for each. */
function accessor(key: string): PropertyDescriptor {
  const known = accessors.get(key);
  if (known) return known;
  const made: PropertyDescriptor = {
    enumerable: true,
    configurable: true,
    get(this: { readonly [outputsOf]?: ResourceOutputs }) {
      return this[outputsOf]?.get(key);
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
