/**
 * Outputs that cost a promise each. One of the SDK's costs fifteen, and an `apply` thirty. What they come to is the same:
 * a value, whether it is known and whether it is secret, and the resources that it came from.
 */
import {
  containsUnknowns,
  getAllResources,
  isSecret,
  isUnknown,
  Output,
  unknown,
} from "@pulumi/pulumi/output.js";
import { Resource } from "@pulumi/pulumi/resource.js";

export interface Outcome {
  readonly value: unknown;
  readonly isKnown: boolean;
  readonly isSecret: boolean;
  readonly resources: ReadonlySet<Resource>;
}

/** An outcome that is there, or that comes. */
export class Coming {
  #outcome: Outcome | undefined;
  #promise: Promise<Outcome> | undefined;

  static now(outcome: Outcome): Coming {
    const coming = new Coming();
    coming.#outcome = outcome;
    return coming;
  }

  static after<T>(source: Promise<T>, make: (from: T) => Outcome | Promise<Outcome>): Coming {
    const coming = new Coming();
    const keep = (outcome: Outcome): Outcome => {
      coming.#outcome = outcome;
      return outcome;
    };
    coming.#promise = source.then((from) => {
      const made = make(from);
      return made instanceof Promise ? made.then(keep) : keep(made);
    });
    return coming;
  }

  /** Undefined until it is there, and where it failed. */
  get outcome(): Outcome | undefined {
    return this.#outcome;
  }

  get promise(): Promise<Outcome> {
    if (this.#promise) return this.#promise;
    if (!this.#outcome) throw new Error("an outcome that never comes");
    this.#promise = Promise.resolve(this.#outcome);
    return this.#promise;
  }
}

const coming = Symbol("coming");
const sources = Symbol("sources");
const nothing: ReadonlySet<Resource> = new Set();

/** The SDK declares neither its constructor nor its prototype. */
const outputClass: unknown = Output;
if (typeof outputClass !== "function") throw new TypeError("Output is no class");
const outputPrototype: unknown = outputClass.prototype;
if (typeof outputPrototype !== "object") throw new TypeError("Output has no prototype");

/** The SDK's own output, for the texts of its refusals. */
const sample: object = Output.create("");

class LeanOutput {
  readonly __pulumiOutput = true;
  readonly [coming]: Coming;
  readonly [sources]: ReadonlySet<Resource>;

  constructor(from: ReadonlySet<Resource>, what: Coming) {
    this[coming] = what;
    this[sources] = from;
  }

  resources(): ReadonlySet<Resource> {
    return this[sources];
  }

  /** A set of its own: the SDK adds to it. */
  allResources(): Promise<Set<Resource>> {
    return this[coming].promise.then(({ resources }) => new Set(resources));
  }

  get isKnown(): Promise<boolean> {
    return this[coming].promise.then(({ isKnown }) => isKnown);
  }

  get isSecret(): Promise<boolean> {
    return this[coming].promise.then((outcome) => outcome.isSecret);
  }

  promise(withUnknowns?: boolean): Promise<unknown> {
    return this[coming].promise.then(({ value }) =>
      !withUnknowns && hasUnknowns(value) ? undefined : value,
    );
  }

  toString(): string {
    return sample.toString();
  }

  toJSON(): unknown {
    return "toJSON" in sample && typeof sample.toJSON === "function" ? sample.toJSON() : undefined;
  }
}

Object.setPrototypeOf(LeanOutput.prototype, outputPrototype);

/** What is not an output's own is read of its value, as the SDK's proxy does it. */
const reading: ProxyHandler<LeanOutput> = {
  get(output, property) {
    if (property in output) return Reflect.get(output, property);
    if (typeof property === "symbol" || isNotLifted(property)) return undefined;
    return applied(
      output,
      (value) =>
        value === undefined || value === null
          ? undefined
          : isUnknown(value)
            ? unknown
            : Reflect.get(Object(value), property),
      true,
    );
  },
};

const isNotLifted = (property: string): boolean =>
  property === "then" ||
  property.startsWith("__") ||
  property === "doNotCapture" ||
  property === "deploymentOnlyModule";

export const outputOf = (from: ReadonlySet<Resource>, what: Coming): object =>
  new Proxy(new LeanOutput(from, what), reading);

/** Of any output, one of another copy of the SDK as well. */
export function comingOf(output: object): Coming {
  const own: unknown = Reflect.get(output, coming);
  if (own instanceof Coming) return own;
  if (!Output.isInstance<unknown>(output)) throw new TypeError("no output");
  const parts = [
    getAllResources(output),
    Reflect.apply(Reflect.get(output, "promise"), output, [true]),
    Reflect.get(output, "isKnown"),
    isSecret(output),
  ] as const;
  return Coming.after(Promise.all(parts), ([resources, value, isKnown, secret]) =>
    lifted(resources, value, isKnown, secret),
  );
}

/** In place of `apply` of all outputs. */
export function apply(this: object, func: (value: unknown) => unknown, withUnknowns = false) {
  return applied(this, func, withUnknowns);
}

function applied(output: object, func: (value: unknown) => unknown, withUnknowns: boolean): object {
  const result = Coming.after(comingOf(output).promise, (outcome) => {
    const { resources, isKnown, isSecret: secret } = outcome;
    if (!isKnown && !withUnknowns) {
      return { value: undefined, isKnown: false, isSecret: secret, resources };
    }
    // Whoever asks for what is unknown is given the unknown value, and nothing else.
    const isHidden = !isKnown && !hasUnknowns(outcome.value);
    const made = func(isHidden ? unknown : outcome.value);
    return isThenable(made)
      ? Promise.resolve(made).then((value) => lifted(resources, value, true, secret))
      : lifted(resources, made, true, secret);
  });
  return outputOf(sourcesOf(output), result);
}

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === "object" &&
  value !== null &&
  (value instanceof Promise || ("then" in value && typeof value.then === "function"));

/** A value that is an output itself is that output's. */
function lifted(
  resources: ReadonlySet<Resource>,
  value: unknown,
  isKnown: boolean,
  secret: boolean,
): Outcome | Promise<Outcome> {
  if (!isOutput(value)) {
    return { value, isKnown: isKnown && !hasUnknowns(value), isSecret: secret, resources };
  }
  const inner = comingOf(value);
  const merged = (outcome: Outcome): Outcome => ({
    value: outcome.value,
    isKnown: outcome.isKnown,
    isSecret: secret || outcome.isSecret,
    resources: union(resources, outcome.resources),
  });
  return inner.outcome ? merged(inner.outcome) : inner.promise.then(merged);
}

/** In place of the SDK's `output`. */
export function output(value: unknown): object {
  const made = flattened(value, undefined);
  return isOutput(made) ? made : simple(Coming.now(outcomeOf(made)));
}

/** In place of the SDK's functions of these names. */
export const functions = {
  output,
  all: output,
  concat: (...parts: unknown[]) =>
    applied(output(parts), (all) => (Array.isArray(all) ? all.join("") : ""), false),
  interpolate: (literals: unknown, ...values: unknown[]) =>
    applied(output(values), (all) => interleaved(literals, all), false),
  jsonStringify: (value: unknown, ...how: unknown[]) =>
    applied(output(value), (all) => Reflect.apply(JSON.stringify, JSON, [all, ...how]), false),
};

function interleaved(literals: unknown, values: unknown): string {
  if (!Array.isArray(literals) || !Array.isArray(values)) return "";
  return literals.map((text, at) => (at < values.length ? `${text}${values[at]}` : text)).join("");
}

const simple = (what: Coming): object => outputOf(nothing, what);

const outcomeOf = (value: unknown): Outcome => ({
  value,
  isKnown: !hasUnknowns(value),
  isSecret: false,
  resources: nothing,
});

interface Holder {
  readonly value: object;
  readonly holder: Holder | undefined;
}

/** A copy of the value, or an output of it where it holds any. */
function flattened(value: unknown, holder: Holder | undefined): unknown {
  if (value === null || typeof value !== "object") return value;
  if (Resource.isInstance(value) || isUnknown(value)) return value;
  if (value instanceof Promise) {
    const read = value.then((one: unknown) => flattened(one, holder));
    return simple(Coming.after(read, (one) => lifted(nothing, one, true, false)));
  }
  if (isOutput(value)) return applied(value, (one) => flattened(one, holder), true);
  for (let above = holder; above; above = above.holder) {
    if (above.value === value) throw new Error("Cannot create an Output from a circular structure");
  }
  const here = { value, holder };
  if (Array.isArray(value)) {
    const items = Array.from(value, (item: unknown) => flattened(item, here));
    return items.some(isOutput) ? joined(items, (all) => all) : items;
  }
  const keys = Object.keys(value);
  const fields = keys.map((key) => flattened(Reflect.get(value, key), here));
  const made = (all: readonly unknown[]) => objectOf(keys, all);
  return fields.some(isOutput) ? joined(fields, made) : made(fields);
}

function objectOf(keys: readonly string[], values: readonly unknown[]): Record<string, unknown> {
  const made: Record<string, unknown> = {};
  for (const [at, key] of keys.entries()) made[key] = values[at];
  return made;
}

/** One output of values of which some are outputs. */
function joined(values: readonly unknown[], make: (values: unknown[]) => unknown): object {
  const outputs = values.filter(isOutput);
  const all = outputs.map(comingOf);
  let from = nothing;
  for (const one of outputs) from = union(from, sourcesOf(one));
  const join = (outcomes: readonly Outcome[]): Outcome => {
    const rest = outcomes.values();
    const value = make(values.map((one) => (isOutput(one) ? rest.next().value?.value : one)));
    let resources = nothing;
    for (const outcome of outcomes) resources = union(resources, outcome.resources);
    return {
      value,
      isKnown: outcomes.every(({ isKnown }) => isKnown) && !hasUnknowns(value),
      isSecret: outcomes.some((outcome) => outcome.isSecret),
      resources: union(resources, from),
    };
  };
  const there = all.map(({ outcome }) => outcome).filter((outcome) => outcome !== undefined);
  return outputOf(
    from,
    there.length === all.length
      ? Coming.now(join(there))
      : Coming.after(Promise.all(all.map(({ promise }) => promise)), join),
  );
}

const sourcesOf = (output: object): ReadonlySet<Resource> => {
  const own: unknown = Reflect.get(output, sources);
  if (own instanceof Set) return own;
  const found: unknown = Reflect.apply(Reflect.get(output, "resources"), output, []);
  return found instanceof Set ? found : nothing;
};

export const isOutput = (value: unknown): value is object => Output.isInstance(value);

/** None of the sets is ever changed: the first is the union where it has all of the second. */
function union(some: ReadonlySet<Resource>, others: ReadonlySet<Resource>): ReadonlySet<Resource> {
  if (some === others || others.size === 0 || others.isSubsetOf(some)) return some;
  return some.size === 0 ? others : some.union(others);
}

/** As `containsUnknowns`, without a set of what has been seen where the value is data. */
export const hasUnknowns = (value: unknown): boolean => holdsUnknowns(value, 0);

const deepest = 20;

function holdsUnknowns(value: unknown, depth: number): boolean {
  if (value === null || typeof value !== "object") return false;
  if (depth > deepest) return containsUnknowns(value);
  if (Array.isArray(value)) return value.some((item) => holdsUnknowns(item, depth + 1));
  if (Object.getPrototypeOf(value) !== Object.prototype) return containsUnknowns(value);
  for (const key of Object.keys(value)) {
    if (holdsUnknowns(Reflect.get(value, key), depth + 1)) return true;
  }
  return isUnknown(value);
}
