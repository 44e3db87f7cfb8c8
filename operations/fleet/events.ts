/**
 * What becomes of tenants, line by line, for whoever onboards them: a control plane follows the file, or a job
 * forwards its lines to a bus. Fields are only ever added within a version; docs/fleet.md says what they mean.
 */
import { appendFileSync } from "node:fs";
import { UsageError } from "../../offline/usage-error.ts";
import type { Operation, TenantOutcome } from "./engine/engine.ts";
import type { StackResult } from "./report.ts";

export interface TenantEvent {
  readonly version: 1;
  /**
   * `requested`: a preview shows that something of the tenant changes, and the operation goes on. `provisioned`: it
   * is as its settings say. `removed`: it left the stack. `failed`: it was refused, failed or was interrupted.
   */
  readonly event: "requested" | "provisioned" | "removed" | "failed";
  readonly at: string;
  readonly run: string;
  readonly operation: Operation;
  readonly stack: string;
  readonly tenant: string;
  /** Of `provisioned`: what the stack exports of it. Secrets read `[secret]`. */
  readonly outputs?: Readonly<Record<string, unknown>>;
  /** Of `failed`: the tenant's own, else its stack's. */
  readonly causes?: readonly string[];
}

interface Run {
  readonly run: string;
  readonly operation: Operation;
}

export class TenantEvents {
  readonly #file: string;
  readonly #run: Run;
  /** By stack, who was requested. */
  readonly #requested = new Map<string, readonly string[]>();

  /** @throws UsageError where the file cannot be written. */
  constructor(file: string, run: Run) {
    this.#file = file;
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
    return { ...this.#event("failed", stack, tenant), causes: own.length > 0 ? own : causes };
  }

  #event(event: TenantEvent["event"], stack: string, tenant: string): TenantEvent {
    return { version: 1, event, at: new Date().toISOString(), ...this.#run, stack, tenant };
  }

  #append(events: readonly TenantEvent[]): void {
    const lines = events.map((event) => `${JSON.stringify(event)}\n`).join("");
    try {
      appendFileSync(this.#file, lines);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new UsageError(`--events: found ${this.#file}; allowed: a file to append to: ${why}`);
    }
  }
}
