/** Finds, in the events of a preview, the resources that hold data and would not after the operation. */
import type { EngineEvent, StepEventMetadata } from "@pulumi/pulumi/automation/events.js";
import { dataResourceTypes } from "../../offline/upgrade/data-resources.ts";
import { kindOf } from "../../policies/tenancy/holdings.ts";
import type { Loss } from "./engine/engine.ts";

/** What the engine's steps do to the resource that is there. A replacement is several steps. */
const kinds: Readonly<Record<string, Loss["kind"]>> = {
  delete: "deleted",
  "delete-replaced": "replaced",
  replace: "replaced",
  "create-replacement": "replaced",
  "import-replacement": "replaced",
  update: "changed",
};

export class LossFinder {
  readonly #losses = new Map<string, Loss>();

  add({ resourcePreEvent }: EngineEvent): void {
    if (!resourcePreEvent) return;
    const { metadata } = resourcePreEvent;
    const kind = kinds[metadata.op];
    const why = kind && reasonOf(metadata, kind);
    if (!why) return;
    const { urn, type } = metadata;
    const resource = urn.split("::").slice(3).join("::");
    this.#losses.set(urn, { urn, type, resource, kind, reason: why });
  }

  losses = (): Loss[] => [...this.#losses.values()];
}

function reasonOf(step: StepEventMetadata, kind: Loss["kind"]): string | undefined {
  const { type, old, new: now, op } = step;
  const held = dataResourceTypes[type];
  if (!held || !old) return undefined;
  const { retainOnDelete = false } = old;
  if (kind === "deleted") {
    // It stays in the account, no longer Pulumi's.
    if (retainOnDelete) return undefined;
    // Removed on purpose, with the feature that it belongs to. A replacement of it is a loss all the same,
    // since the program names it still.
    if (kindOf(type) === "configuration") return undefined;
    return `would be deleted, which loses ${held.loses}`;
  }
  if (kind === "replaced") {
    if (op === "import-replacement") {
      return retainOnDelete
        ? undefined
        : `an existing one would take its place, and it would be deleted, which loses ${held.loses}`;
    }
    const rest = retainOnDelete ? "; the old one stays in the account, unmanaged" : "";
    const properties = changedProperties(step);
    const cause = properties.length > 0 ? ` (${properties.join(", ")} would change)` : "";
    return `would be replaced by an empty one${cause}, which loses ${held.loses}${rest}`;
  }
  const refused = held.irrevocable?.(old.inputs, now?.inputs ?? {});
  return refused && `${refused}, which cannot be undone`;
}

/** Properties for which the provider replaces. */
const changedProperties = ({ detailedDiff = {}, keys = [] }: StepEventMetadata): string[] => {
  const replacing = Object.entries(detailedDiff ?? {}).filter(([, { diffKind }]) =>
    diffKind.endsWith("-replace"),
  );
  return replacing.length > 0 ? replacing.map(([path]) => path) : [...(keys ?? [])];
};
