/** Resources of a state and of an evaluation in one form, for a comparison of the two. */

import type { ResourceRecord } from "../../offline/record.ts";
import { isObject, listAt, textAt } from "../../policies/reading/read.ts";

/** By name, with its types: `awsx:ec2:Vpc$aws:ec2/vpc:Vpc::main`. */
export type Described = Readonly<Record<string, string>>;

/** @param state as `pulumi stack export` writes it. */
export const describedState = (state: unknown): Described =>
  described(
    listAt(state, "deployment.resources").map((resource) => ({
      urn: textAt(resource, "urn") ?? "",
      parent: textAt(resource, "parent"),
      id: textAt(resource, "id"),
      type: textAt(resource, "type") ?? "",
      inputs: isObject(resource) ? resource.inputs : {},
      dependencies: listAt(resource, "dependencies").map(String),
      propertyDependencies: isObject(resource) ? resource.propertyDependencies : {},
    })),
  );

export const describedRecords = (records: readonly ResourceRecord[]): Described =>
  described(records.map(({ options, ...rest }) => ({ ...rest, ...options })));

interface Resource {
  readonly urn: string;
  readonly type: string;
  readonly parent?: string | undefined;
  readonly id?: string | undefined;
  readonly inputs: unknown;
  readonly dependencies: readonly string[];
  readonly propertyDependencies: unknown;
}

function described(resources: readonly Resource[]): Described {
  const names = new Map(resources.map(({ id, urn }) => [id, `<${nameOf(urn)}>`]));
  const own = resources.filter(({ type }) => type.startsWith("aws:"));
  const entries = own.map(
    ({ urn, parent = "", inputs, dependencies, propertyDependencies }) =>
      [
        nameOf(urn),
        JSON.stringify({
          parent: nameOf(parent),
          inputs: inOrder(inputs, (text) => names.get(text) ?? text),
          dependencies: dependencies.map(nameOf).toSorted(),
          of: inOrder(propertyDependencies, nameOf),
        }),
      ] as const,
  );
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

const nameOf = (urn: string): string => urn.split("::").slice(2).join("::");

/** What the provider adds when it checks inputs. */
const added = ["__defaults", "region", "tagsAll"];

function inOrder(value: unknown, named: (text: string) => string): unknown {
  if (typeof value === "string") return isOfAddress(value) ? "<an address>" : named(value);
  if (Array.isArray(value)) return value.map((one) => inOrder(one, named));
  if (!isObject(value)) return value;
  if (value.__pulumiUnknown === true) return "<an address>";
  const kept = Object.keys(value).filter((key) => {
    const held = value[key];
    return !added.includes(key) && !(Array.isArray(held) && held.length === 0);
  });
  return Object.fromEntries(kept.toSorted().map((key) => [key, inOrder(value[key], named)]));
}

/** What an address is allocated as is no id, and known of no resource that is not there yet. */
const isOfAddress = (text: string): boolean => text.startsWith("allocationId.");
