/** Finds, in the events of a refresh that changes nothing, what differs between the state and the cloud. */
import type { EngineEvent, StepEventMetadata } from "@pulumi/pulumi/automation/events.js";
import { type Owned, tenantsByUrn } from "../../offline/tenancy.ts";
import type { Difference } from "../fleet/engine/engine.ts";
import { dangersOf } from "./dangers.ts";
import { propertyDifferences } from "./properties.ts";

/** The engine tells a refresh's finding in the step's operation: `same`, `update` or `delete`. */
const kinds: Readonly<Record<string, Difference["kind"]>> = { update: "changed", delete: "gone" };

export class DriftFinder {
  /** Whatever tells the tenant; the rest of a large stack's state is let go. */
  readonly #owners: Owned[] = [];
  readonly #found: StepEventMetadata[] = [];

  add({ resOutputsEvent }: EngineEvent): void {
    if (!resOutputsEvent) return;
    const { metadata } = resOutputsEvent;
    this.#owners.push(ownerOf(metadata));
    if (metadata.op in kinds) this.#found.push(metadata);
  }

  differences(): Difference[] {
    const tenants = tenantsByUrn(this.#owners);
    return this.#found.map((step) => {
      const tenant = tenants.get(step.urn);
      return {
        urn: step.urn,
        type: step.type,
        resource: nameOf(step.urn),
        ...(tenant !== undefined && { tenant }),
        kind: kinds[step.op] ?? "changed",
        properties: step.op === "delete" ? [] : propertyDifferences(step),
        dangers: dangersOf(step),
      };
    });
  }
}

function ownerOf({ urn, type, old }: StepEventMetadata): Owned {
  const { tags } = { ...old?.outputs, ...old?.inputs };
  return {
    urn,
    type,
    ...(old?.parent && { parent: old.parent }),
    inputs: { tags },
    outputs: { tenant: old?.outputs?.tenant },
  };
}

const nameOf = (urn: string): string => urn.split("::").slice(3).join("::");
