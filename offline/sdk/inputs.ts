/**
 * A resource's inputs for its registration. The SDK awaits every text and number in them; here only what has to be waited
 * for is: outputs, promises, assets and resources, which the SDK's own function serializes.
 */
import type { Resource } from "@pulumi/pulumi";
import rpc from "@pulumi/pulumi/runtime/rpc.js";

type Options = Parameters<typeof rpc.serializeResourceProperties>[2];

/** In place of the function of this name in the SDK's `runtime/rpc.js`. */
export async function serializeResourceProperties(
  label: string,
  props: Readonly<Record<string, unknown>>,
  options?: Options & { readonly pendingRegistration?: { inputProperty?: string } },
): Promise<[Record<string, unknown>, Map<string, Set<Resource>>]> {
  const serialized: Record<string, unknown> = {};
  const dependencies = new Map<string, Set<Resource>>();
  for (const key of Object.keys(props)) {
    if (key === "id" || key === "urn") continue;
    const value = props[key];
    if (value === undefined || typeof value === "function") continue;
    const sources: Set<Resource>[] = [];
    if (options?.pendingRegistration) options.pendingRegistration.inputProperty = key;
    const text = await awaited(serialize(`${label}.${key}`, value, sources, options), key);
    if (text === undefined) continue;
    serialized[key] = text;
    dependencies.set(key, new Set(sources.flatMap((one) => [...one])));
  }
  return [serialized, dependencies];
}

async function awaited(value: unknown, key: string): Promise<unknown> {
  try {
    return await value;
  } catch (error) {
    // The SDK tells errors apart by identity: it stays the same one.
    if (!(error instanceof Error)) {
      throw new Error(`error serializing property "${key}": ${String(error)}`);
    }
    error.message = `error serializing property "${key}": ${error.message}`;
    throw error;
  }
}

/**
 * A promise where something has to be waited for.
 *
 * @param sources a set for each part that has any, in the order of the parts and not in that of their settling.
 */
function serialize(
  label: string,
  value: unknown,
  sources: Set<Resource>[],
  options: Options,
): unknown {
  if (isScalar(value)) return value;
  if (typeof value === "function") return undefined;
  if (Array.isArray(value)) {
    const items = value.map((item, at) => serialize(`${label}[${at}]`, item, sources, options));
    return items.some(isPromise) ? Promise.all(items).then(withNulls) : withNulls(items);
  }
  if (!isPlain(value)) {
    const resources = new Set<Resource>();
    sources.push(resources);
    return rpc.serializeProperty(label, value, resources, options);
  }
  const keys = Object.keys(value);
  const fields = keys.map((key) => serialize(`${label}.${key}`, value[key], sources, options));
  return fields.some(isPromise)
    ? Promise.all(fields).then((all) => objectOf(keys, all))
    : objectOf(keys, fields);
}

const isScalar = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  typeof value === "string" ||
  typeof value === "number" ||
  typeof value === "boolean";

const isPromise = (value: unknown): value is Promise<unknown> => value instanceof Promise;

/** What has a class is the SDK's to tell: an output, an asset, a resource, also one of another copy of the SDK. */
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
