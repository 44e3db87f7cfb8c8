/** How a remote component is evaluated: by the children that its provider would register. */
import * as pulumi from "@pulumi/pulumi";
import type { ResourceRecord } from "../record.ts";

/** A child, as its provider's program writes it. */
export interface Child {
  readonly type: string;
  readonly name: string;
  readonly parent: ResourceRecord;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly dependsOn?: readonly ResourceRecord[];
}

/** Registers children, and asks AWS what only it can answer. */
export interface Workshop {
  make(child: Child): Promise<ResourceRecord>;
  /** @returns undefined where nobody answers. */
  ask(
    token: string,
    args: Record<string, unknown>,
  ): Promise<Readonly<Record<string, unknown>> | undefined>;
}

/** @returns the component's outputs; undefined, before anything is made, where it cannot be told what it is made of. */
export type Construct = (
  component: ResourceRecord,
  workshop: Workshop,
) => Promise<Record<string, unknown> | undefined>;

/** What another resource returns, in a child's inputs. */
export class Returned {
  readonly of: ResourceRecord;
  readonly property: string;

  constructor(of: ResourceRecord, property = "id") {
    this.of = of;
    this.property = property;
  }

  get value(): unknown {
    const { id, outputs } = this.of;
    return (this.property === "id" ? id : outputs[this.property]) ?? pulumi.unknown;
  }
}

/** The inputs' values, and which resources each of them is made of. */
export function resolved(inputs: Readonly<Record<string, unknown>>) {
  const given = Object.entries(inputs).filter(([, value]) => value !== undefined);
  return {
    inputs: Object.fromEntries(given.map(([key, value]) => [key, plain(value)])),
    propertyDependencies: Object.fromEntries(given.map(([key, value]) => [key, urnsIn(value)])),
  };
}

function plain(value: unknown): unknown {
  if (value instanceof Returned) return value.value;
  return Array.isArray(value) ? value.map(plain) : value;
}

const urnsIn = (value: unknown): string[] =>
  value instanceof Returned ? [value.of.urn] : Array.isArray(value) ? value.flatMap(urnsIn) : [];

/** A resource as an output: the SDK makes an object of its class of it (pulumi/pulumi, "Resource references"). */
export const reference = ({ urn, id }: ResourceRecord): Record<string, unknown> => ({
  [pulumi.runtime.specialSigKey]: pulumi.runtime.specialResourceSig,
  urn,
  id: id ?? pulumi.unknown,
  packageVersion: "",
});
