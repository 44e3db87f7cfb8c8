/** Resource records as the rules see them, without the protocol in between. */
import { createRequire } from "node:module";
import * as pulumi from "@pulumi/pulumi";
import type { StackResource } from "../../../policies/rule.ts";
import type { ResourceRecord } from "../../record.ts";
import type { Provided } from "./providers.ts";
import { outputsOf } from "./wire.ts";

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
  Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, withSentinel(value)]));

/** Unknowns as the engine sends them, which the proxy recognizes. */
function withSentinel(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (pulumi.isUnknown(value)) return pulumi.runtime.unknownValue;
  if (Array.isArray(value)) return value.map(withSentinel);
  return Object.fromEntries(
    Object.entries(value).map(([key, field]) => [key, withSentinel(field)]),
  );
}
