/** Properties between the SDK's messages and the records. */
import * as pulumi from "@pulumi/pulumi";
import struct from "google-protobuf/google/protobuf/struct_pb.js";

export interface ReadProperties {
  readonly inputs: Record<string, unknown>;
  /** Names of those that are, or contain, secrets. */
  readonly secrets: string[];
}

/** A message's properties, as the SDK sent them. */
export const fieldsOf = (properties: struct.Struct | undefined): Record<string, unknown> =>
  properties?.toJavaScript() ?? {};

/** Most hold no asset, no secret and nothing unknown: they are what they say, without copies and promises. */
export function readProperties(
  sent: Readonly<Record<string, unknown>>,
): ReadProperties | Promise<ReadProperties> {
  return isSpecial(sent) ? readSpecial(sent) : { inputs: { ...sent }, secrets: [] };
}

async function readSpecial(sent: Readonly<Record<string, unknown>>): Promise<ReadProperties> {
  const secrets: string[] = [];
  const inputs: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(sent)) {
    if (!isSpecial(value)) {
      inputs[key] = value;
      continue;
    }
    // A program may preview in a process of its own, where this one does not.
    const raw: unknown = pulumi.runtime.deserializeProperty(value, true);
    if (pulumi.runtime.isRpcSecret(raw)) secrets.push(key);
    inputs[key] = await plainly(pulumi.runtime.unwrapRpcSecret(raw));
  }
  return { inputs, secrets };
}

function isSpecial(value: unknown): boolean {
  if (typeof value === "string") return isOfUnknown(value);
  if (typeof value !== "object" || value === null) return false;
  if (Array.isArray(value)) return value.some(isSpecial);
  if (pulumi.runtime.specialSigKey in value) return true;
  for (const key in value) if (isSpecial(Reflect.get(value, key))) return true;
  return false;
}

/** A text that a program made of an unknown one. */
const isOfUnknown = (text: string): boolean => text.includes(pulumi.runtime.unknownValue);

/** Assets hold promises; records hold what they say: `{ archive: { path } }`, `{ asset: { text } }`. */
async function plainly(value: unknown): Promise<unknown> {
  const { asset } = pulumi;
  if (typeof value === "string" && isOfUnknown(value)) return pulumi.unknown;
  if (value instanceof asset.FileArchive) return { archive: { path: await value.path } };
  if (value instanceof asset.AssetArchive) {
    return { archive: { assets: await plainly(await value.assets) } };
  }
  if (value instanceof asset.FileAsset) return { asset: { path: await value.path } };
  if (value instanceof asset.StringAsset) return { asset: { text: await value.text } };
  if (pulumi.isUnknown(value)) return value;
  if (Array.isArray(value)) return Promise.all(value.map(plainly));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(async ([k, v]) => [k, await plainly(v)]);
  return Object.fromEntries(await Promise.all(entries));
}

export function toStruct(
  properties: Readonly<Record<string, unknown>>,
  secrets: readonly string[],
  special?: Special,
): struct.Struct {
  const sent = wireFields(properties, special);
  for (const key of secrets) {
    const value = sent[key];
    if (value === undefined) continue;
    sent[key] = { [pulumi.runtime.specialSigKey]: pulumi.runtime.specialSecretSig, value };
  }
  return struct.Struct.fromJavaScript(sent);
}

/** Objects that are more than their fields. */
type Special = (value: object) => struct.JavaScriptValue | undefined;

/** What a provider returns is data, but for what is unknown in a preview. */
export function wire(value: unknown, special?: Special): struct.JavaScriptValue {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") {
    return value;
  }
  if (typeof value !== "object" || value === null) return null;
  if (pulumi.isUnknown(value)) return pulumi.runtime.unknownValue;
  if (Array.isArray(value)) return value.map((one) => wire(one, special));
  return special?.(value) ?? wireFields(value, special);
}

export function wireFields(
  value: object,
  special?: Special,
): Record<string, struct.JavaScriptValue> {
  const fields: Record<string, struct.JavaScriptValue> = {};
  for (const [key, field] of Object.entries(value)) {
    if (field !== undefined) fields[key] = wire(field, special);
  }
  return fields;
}

export const holdsUnknown = (value: unknown): boolean =>
  pulumi.isUnknown(value) ||
  (typeof value === "object" && value !== null && Object.values(value).some(holdsUnknown));
