/**
 * A resource's inputs for its registration, as the SDK would send them. The SDK awaits every text and number in them; here
 * only what has to be waited for is. Assets, and whatever else has a class, the SDK's own function serializes.
 */
import { ComponentResource, CustomResource, type Resource } from "@pulumi/pulumi/resource.js";
import rpc from "@pulumi/pulumi/runtime/rpc.js";
import type { PendingRegistration } from "@pulumi/pulumi/runtime/state.js";
import { comingOf, isOutput, type Outcome } from "./output.ts";

export interface Serialized {
  readonly properties: Record<string, unknown>;
  /** For each property that is there, where it came from. */
  readonly sources: ReadonlyMap<string, ReadonlySet<Resource>>;
}

/** @param pending told what is waited for. */
export async function serializeInputs(
  inputs: Readonly<Record<string, unknown>>,
  pending: PendingRegistration,
): Promise<Serialized> {
  const properties: Record<string, unknown> = {};
  const sources = new Map<string, ReadonlySet<Resource>>();
  for (const key of Object.keys(inputs)) {
    if (key === "id" || key === "urn") continue;
    const value = inputs[key];
    if (value === undefined || typeof value === "function") continue;
    if (isScalar(value)) {
      properties[key] = value;
      sources.set(key, nothing);
      continue;
    }
    pending.inputProperty = key;
    const own: Sources = [];
    try {
      const made = serialize(value, own, pending);
      const text = made instanceof Promise ? await made : made;
      if (text === undefined) continue;
      properties[key] = text;
      sources.set(key, own.length === 0 ? nothing : new Set(own.flatMap((one) => [...one])));
    } catch (error) {
      throw asErrorOf(key, error);
    }
  }
  pending.inputProperty = undefined;
  return { properties, sources };
}

const nothing: ReadonlySet<Resource> = new Set();

/** The SDK tells errors apart by identity: it stays the same one. */
function asErrorOf(key: string, error: unknown): Error {
  if (!(error instanceof Error)) {
    return new Error(`error serializing property "${key}": ${String(error)}`);
  }
  error.message = `error serializing property "${key}": ${error.message}`;
  return error;
}

/** A set for each part that has any, in the order of the parts and not in that of their settling. */
type Sources = Set<Resource>[];

/** A promise where something has to be waited for. */
function serialize(
  value: unknown,
  sources: Sources,
  pending: PendingRegistration | undefined,
): unknown {
  if (isScalar(value)) return value;
  if (typeof value === "function") return undefined;
  if (Array.isArray(value)) {
    const items = value.map((item) => serialize(item, sources, pending));
    return items.some(isPromise) ? Promise.all(items).then(withNulls) : withNulls(items);
  }
  if (!isPlain(value)) return serializeInstance(value, sources, pending);
  const keys = Object.keys(value);
  const fields = keys.map((key) => serialize(value[key], sources, pending));
  return fields.some(isPromise)
    ? Promise.all(fields).then((all) => objectOf(keys, all))
    : objectOf(keys, fields);
}

function serializeInstance(
  value: unknown,
  sources: Sources,
  pending: PendingRegistration | undefined,
): unknown {
  const own = new Set<Resource>();
  sources.push(own);
  if (isOutput(value)) {
    if (pending) pending.awaitingOutput = value;
    const coming = comingOf(value);
    const written = (outcome: Outcome) => serializeOutcome(outcome, own);
    return coming.outcome ? written(coming.outcome) : coming.promise.then(written);
  }
  // A resource is sent as its id, or its URN: references would make it anew.
  if (CustomResource.isInstance(value)) {
    own.add(value);
    return serialize(value.id, sources, undefined);
  }
  if (ComponentResource.isInstance(value)) {
    return serialize(value.urn, sources, undefined);
  }
  return rpc.serializeProperty("", value, own, { keepOutputValues: false });
}

function serializeOutcome(
  { value, isKnown, isSecret, resources }: Outcome,
  own: Set<Resource>,
): unknown {
  for (const resource of resources) own.add(resource);
  if (!isKnown) return isSecret ? secret(rpc.unknownValue) : rpc.unknownValue;
  const inner: Sources = [];
  const finish = (text: unknown): unknown => {
    for (const resource of inner.flatMap((one) => [...one])) own.add(resource);
    return isSecret ? secret(text) : text;
  };
  const made = serialize(value, inner, undefined);
  return made instanceof Promise ? made.then(finish) : finish(made);
}

const secret = (value: unknown) => ({
  [rpc.specialSigKey]: rpc.specialSecretSig,
  value: value ?? null,
});

const isScalar = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  typeof value === "string" ||
  typeof value === "number" ||
  typeof value === "boolean";

const isPromise = (value: unknown): value is Promise<unknown> => value instanceof Promise;

/** What has a class is told apart: an output, an asset, a resource, also one of another copy of the SDK. */
function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** As JSON has it. */
const withNulls = (items: readonly unknown[]): unknown[] =>
  items.map((item) => (item === undefined ? null : item));

function objectOf(keys: readonly string[], fields: readonly unknown[]): Record<string, unknown> {
  const made: Record<string, unknown> = {};
  for (const [at, key] of keys.entries()) if (fields[at] !== undefined) made[key] = fields[at];
  return made;
}
