/**
 * What becomes of tenants, line by line, for whoever onboards them: a control plane follows the file or the
 * bus. Fields are only ever added within a version; docs/operations/fleet.md says what they mean.
 */
import { appendFileSync } from "node:fs";
import { z } from "zod";
import { UsageError } from "../../offline/usage-error.ts";
import type { OperatorBuses } from "../aws/event-bus.ts";
import type { Operation, TenantOutcome } from "./engine/engine.ts";
import type { StackResult } from "./report.ts";

export const tenantEvent = z.object({
  version: z.literal(1),
  event: z
    .enum(["requested", "provisioned", "removed", "failed"])
    .describe(
      "requested: a preview shows that something of the tenant changes, and the operation goes on. provisioned: the tenant is " +
        "as its settings say. removed: it left the stack. failed: it was refused, failed or was interrupted.",
    ),
  at: z.string().meta({ format: "date-time" }),
  run: z.string().describe("Name of the fleet run."),
  operation: z.string().describe("up, refresh or destroy."),
  stack: z.string(),
  tenant: z.string().describe("Id of the tenant."),
  outputs: z
    .record(z.string(), z.unknown())
    .optional()
    .describe("Of provisioned: what the stack exports of the tenant. Secrets read [secret]."),
  causes: z
    .array(z.string())
    .optional()
    .describe("Of failed: errors of the tenant's own resources, else the stack's."),
});

export type TenantEvent = Readonly<z.output<typeof tenantEvent>>;

interface Run {
  readonly run: string;
  readonly operation: Operation;
}

/** Who is told; either or both. */
interface Recipients {
  readonly file: string | undefined;
  readonly buses: OperatorBuses;
}

export class TenantEvents {
  readonly #to: Recipients;
  readonly #run: Run;
  /** By stack, who was requested. */
  readonly #requested = new Map<string, readonly string[]>();

  /** @throws UsageError where the file cannot be written. */
  constructor(to: Recipients, run: Run) {
    this.#to = to;
    this.#run = run;
    this.#append([]);
  }

  /** Results of the previews, once the operation goes on. */
  previewed(results: readonly StackResult[]): void {
    for (const { stack, result, tenants = [], causes } of results) {
      const asked = tenants.map(({ tenant }) => tenant);
      if (result === "succeeded") {
        this.#requested.set(stack, asked);
        this.#append(asked.map((tenant) => this.#event("requested", stack, tenant)));
      } else {
        this.#append(tenants.map((one) => this.#failed(stack, one.tenant, one, causes)));
      }
    }
  }

  /** A stack's operation ended. */
  ended({ stack, result, tenants = [], causes }: StackResult): void {
    const asked = this.#requested.get(stack);
    // Its preview said already why nothing was begun.
    if (asked === undefined) return;
    const found = new Map(tenants.map((one) => [one.tenant, one]));
    const all = [...new Set([...asked, ...found.keys()])];
    this.#append(
      all.map((tenant) => {
        const one = found.get(tenant);
        if (result !== "succeeded") return this.#failed(stack, tenant, one, causes);
        if (one?.isGone) return this.#event("removed", stack, tenant);
        const { outputs } = one ?? {};
        return { ...this.#event("provisioned", stack, tenant), ...(outputs && { outputs }) };
      }),
    );
  }

  #failed(
    stack: string,
    tenant: string,
    one: TenantOutcome | undefined,
    causes: readonly string[],
  ): TenantEvent {
    const own = one?.causes ?? [];
    return {
      ...this.#event("failed", stack, tenant),
      causes: [...(own.length > 0 ? own : causes)],
    };
  }

  #event(event: TenantEvent["event"], stack: string, tenant: string): TenantEvent {
    return { version: 1, event, at: new Date().toISOString(), ...this.#run, stack, tenant };
  }

  #append(events: readonly TenantEvent[]): void {
    const { file, buses } = this.#to;
    for (const [bus, told] of Map.groupBy(events, ({ stack }) => buses.of(stack))) {
      bus?.send(
        told.map((event) => ({
          Source: "chatstack.fleet",
          DetailType: `tenant ${event.event}`,
          Detail: JSON.stringify(event),
        })),
      );
    }
    if (file === undefined) return;
    const lines = events.map((event) => `${JSON.stringify(event)}\n`).join("");
    try {
      appendFileSync(file, lines);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new UsageError(`--events: found ${file}; allowed: a file to append to: ${why}`);
    }
  }
}
