/** Resource records as the rules see them, without the protocol in between. */
import { createRequire } from "node:module";
import * as pulumi from "@pulumi/pulumi";
import type { StackResource } from "../../../policies/rule.ts";
import type { ResourceRecord } from "../../record.ts";
import { assetIn } from "./assets.ts";
import { outputsOf, type Provided } from "./providers.ts";

interface PolicyProxy {
  unknownCheckingProxy<T>(value: T): T;
}
const { unknownCheckingProxy, ...unknowns }: PolicyProxy & Readonly<Record<string, unknown>> =
  createRequire(import.meta.url)("@pulumi/policy/proxy.js");

/** Texts that the proxy takes for what is not known. */
const unknownTexts = new Set(Object.values(unknowns).filter((value) => typeof value === "string"));

/** As resource rules see them, with inputs, or as stack rules do, with outputs. */
export function viewOf(
  { records, providerOf }: Provided,
  properties: "inputs" | "outputs",
): StackResource[] {
  const providers = new Map<ResourceRecord, View["provider"]>();
  const views = new Map<string, View>();
  for (const record of records) {
    const provider = providerOf(record);
    if (provider && !providers.has(provider)) providers.set(provider, new Shown(provider.inputs));
    const view = new View(
      record,
      properties === "inputs" ? record.inputs : outputsOf(record),
      provider && providers.get(provider),
    );
    views.set(record.urn, view);
  }
  const find = (urns: readonly string[]): readonly View[] =>
    urns.length === 0 ? none : urns.flatMap((urn) => views.get(urn) ?? []);
  for (const record of records) views.get(record.urn)?.join(record, find);
  return [...views.values()];
}

const none: readonly View[] = [];

/** Properties, read when they are asked for: most are never looked at. */
class Shown {
  readonly #properties: Readonly<Record<string, unknown>>;
  #props: Readonly<Record<string, unknown>> | undefined;

  constructor(properties: Readonly<Record<string, unknown>>) {
    this.#properties = properties;
  }

  get props(): Readonly<Record<string, unknown>> {
    this.#props ??= judged(this.#properties);
    return this.#props;
  }
}

class View extends Shown implements StackResource {
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  readonly opts: StackResource["opts"];
  readonly provider?: NonNullable<StackResource["provider"]>;
  readonly source?: NonNullable<StackResource["source"]>;
  parent?: View;
  dependencies: readonly View[] = none;
  propertyDependencies: Readonly<Record<string, readonly View[]>> = {};

  constructor(
    { type, name, urn, options, parent, source }: ResourceRecord,
    properties: Readonly<Record<string, unknown>>,
    provider: View["provider"],
  ) {
    super(properties);
    this.type = type;
    this.name = name;
    this.urn = urn;
    const { protect, ignoreChanges } = options;
    this.opts = { protect, ignoreChanges, ...(parent !== undefined && { parent }) };
    if (provider) this.provider = provider;
    if (source) this.source = source;
  }

  /** To the resources that it names. */
  join(record: ResourceRecord, find: (urns: readonly string[]) => readonly View[]): void {
    const [parent] = record.parent === undefined ? none : find([record.parent]);
    if (parent) this.parent = parent;
    this.dependencies = find(record.options.dependencies);
    const joined: Record<string, readonly View[]> = {};
    for (const key of Object.keys(record.propertyDependencies)) {
      joined[key] = find(record.propertyDependencies[key] ?? []);
    }
    this.propertyDependencies = joined;
  }
}

/** Most properties are data and known: they are read as they are, without a copy and a guard. */
const judged = (
  properties: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> =>
  isData(properties) ? properties : unknownCheckingProxy(plain(properties));

/** Whether the SDK would make of it what it is. */
function isData(value: unknown): boolean {
  if (typeof value === "string") return value.length !== unknownLength || !unknownTexts.has(value);
  if (typeof value === "number" || typeof value === "boolean" || value === null) return true;
  if (typeof value !== "object") return false;
  if (Array.isArray(value)) return value.every(isData);
  if (Object.getPrototypeOf(value) !== Object.prototype) return false;
  if ("asset" in value || "archive" in value) return false;
  for (const key in value) if (!isData(Reflect.get(value, key))) return false;
  return true;
}

const unknownLength = pulumi.runtime.unknownValue.length;

const plain = (properties: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(properties).flatMap(([key, value]) =>
      value === undefined ? [] : [[key, received(value)]],
    ),
  );

/** As the SDK makes it of what the engine sends: unknowns as a text that the proxy recognizes, assets as objects. */
function received(value: unknown): unknown {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") {
    return value;
  }
  if (typeof value !== "object" || value === null) return null;
  if (pulumi.isUnknown(value)) return pulumi.runtime.unknownValue;
  if (Array.isArray(value)) return value.map(received);
  const { asset, archive } = assetIn(value);
  if (asset) return assetOf(asset);
  if (archive) return archiveOf(archive);
  return plain({ ...value });
}

function assetOf(said: object): pulumi.asset.Asset {
  const { path, text, uri } = textsOf(said);
  if (path) return new pulumi.asset.FileAsset(path);
  if (text) return new pulumi.asset.StringAsset(text);
  return new pulumi.asset.RemoteAsset(uri);
}

function archiveOf(said: object): pulumi.asset.Archive {
  const { path, uri } = textsOf(said);
  if (path) return new pulumi.asset.FileArchive(path);
  if (uri) return new pulumi.asset.RemoteArchive(uri);
  const assets: unknown = Reflect.get(said, "assets");
  const named = typeof assets === "object" && assets !== null ? Object.entries(assets) : [];
  return new pulumi.asset.AssetArchive(
    Object.fromEntries(
      named.flatMap(([name, content]) => {
        const { asset, archive } = assetIn(Object(content));
        if (asset) return [[name, assetOf(asset)]];
        return archive ? [[name, archiveOf(archive)]] : [];
      }),
    ),
  );
}

function textsOf(said: object): { path: string; text: string; uri: string } {
  const text = (key: string) => {
    const value: unknown = Reflect.get(said, key);
    return typeof value === "string" ? value : "";
  };
  return { path: text("path"), text: text("text"), uri: text("uri") };
}
