/** Resource records as the rules see them, without the protocol in between. */
import { createRequire } from "node:module";
import * as pulumi from "@pulumi/pulumi";
import type { StackResource } from "../../../policies/rule.ts";
import type { ResourceRecord } from "../../record.ts";
import { assetIn } from "./assets.ts";
import { outputsOf, type Provided } from "./providers.ts";

const { unknownCheckingProxy }: { unknownCheckingProxy<T>(value: T): T } = createRequire(
  import.meta.url,
)("@pulumi/policy/proxy.js");

/** As resource rules see them, with inputs, or as stack rules do, with outputs. */
export function viewOf(
  { records, providerOf }: Provided,
  properties: "inputs" | "outputs",
): StackResource[] {
  const views = new Map(
    records.map((record) => {
      const provider = providerOf(record);
      const props = once(() => judged(properties === "inputs" ? record.inputs : outputsOf(record)));
      const view: Mutable<StackResource> = {
        type: record.type,
        name: record.name,
        urn: record.urn,
        get props() {
          return props();
        },
        opts: {
          protect: record.options.protect,
          ignoreChanges: record.options.ignoreChanges,
          parent: record.parent,
        },
        ...(provider && { provider: providerView(provider) }),
        ...(record.source && { source: record.source }),
        dependencies: [],
        propertyDependencies: {},
      };
      return [record.urn, view];
    }),
  );
  const find = (urns: readonly string[]) => urns.flatMap((urn) => views.get(urn) ?? []);
  for (const record of records) {
    const view = views.get(record.urn);
    if (!view) continue;
    view.parent = record.parent === undefined ? undefined : views.get(record.parent);
    view.dependencies = find(record.options.dependencies);
    view.propertyDependencies = Object.fromEntries(
      Object.entries(record.propertyDependencies).map(([key, urns]) => [key, find(urns)]),
    );
  }
  return [...views.values()];
}

const providerView = ({ inputs }: ResourceRecord): NonNullable<StackResource["provider"]> => ({
  get props() {
    return judged(inputs);
  },
});

/** Made when asked for: most are never looked at, and copies of all are most of a large stack's memory. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

const judged = (properties: Readonly<Record<string, unknown>>) =>
  unknownCheckingProxy(plain(properties));

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
