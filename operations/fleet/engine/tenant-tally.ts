/** What an operation does to each tenant of its stack, by the engine's events. */
import type { EngineEvent } from "@pulumi/pulumi/automation/events.js";
import { z } from "zod";
import { diagnosticCause } from "./causes.ts";
import type { TenantOutcome } from "./engine.ts";

const component = "chatstack:index:TenantStack";

/** As the program exports it; the engine's events have `[secret]` in place of secrets. */
const outputsSchema = z.object({
  tenants: z.record(z.string(), z.record(z.string(), z.unknown())),
});

export class TenantTally {
  readonly #parents = new Map<string, string>();
  readonly #changed = new Map<string, string>();
  readonly #causes = new Map<string, string>();
  #outputs: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {};

  add({ resourcePreEvent, resOutputsEvent, diagnosticEvent }: EngineEvent): void {
    const step = (resOutputsEvent ?? resourcePreEvent)?.metadata;
    if (step) {
      const { parent = "", outputs } = step.new ?? step.old ?? {};
      this.#parents.set(step.urn, parent);
      const changes = !["same", "read", "refresh"].includes(step.op);
      if (resOutputsEvent && changes) this.#changed.set(step.urn, step.op);
      const found = step.type === "pulumi:pulumi:Stack" && outputsSchema.safeParse(outputs).data;
      if (found) this.#outputs = found.tenants;
    }
    const cause = diagnosticEvent && diagnosticCause(diagnosticEvent);
    if (cause && diagnosticEvent.urn) this.#causes.set(diagnosticEvent.urn, cause);
  }

  /** Of tenants that something changes of, or fails of. */
  outcomes(): TenantOutcome[] {
    const found = [...this.#changed.keys(), ...this.#causes.keys()].map((urn) =>
      this.#tenantOf(urn),
    );
    const tenants = new Set(found.filter((tenant) => tenant !== undefined));
    return [...tenants].sort().map((tenant) => {
      const own = ([urn]: readonly [string, string]) => this.#tenantOf(urn) === tenant;
      const changed = [...this.#changed].filter(own);
      const isGone = changed.some(
        ([urn, op]) => urn.includes(`::${component}::`) && op === "delete",
      );
      const outputs = this.#outputs[tenant];
      return {
        tenant,
        changes: changed.length,
        isGone,
        causes: [...this.#causes].filter(own).map(([, cause]) => cause),
        ...(outputs && { outputs }),
      };
    });
  }

  #tenantOf(urn: string): string | undefined {
    for (let one: string | undefined = urn; one; one = this.#parents.get(one)) {
      if (one.includes(`::${component}::`)) return one.split("::").at(-1);
    }
    return undefined;
  }
}
