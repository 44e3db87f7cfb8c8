/** Adds an operation's engine events up: how far it is, what it changed, what it says went wrong. */
import type { EngineEvent } from "@pulumi/pulumi/automation/events.js";
import { diagnosticCause, policyCause, redacted, writtenCauses } from "./causes.ts";
import { type Changes, changeKinds, noChanges, type Outcome, type Progress } from "./engine.ts";
import { isTransient, rootCauses } from "./transient.ts";

/** What one step of the engine counts as; steps that only prepare or finish another count as nothing. */
const countedAs: Readonly<Record<string, keyof Changes>> = {
  ...Object.fromEntries(changeKinds.map((kind) => [kind, kind])),
  import: "create",
  "import-replacement": "replace",
};

export class Tally {
  #done = 0;
  #begun = 0;
  #applied: Record<keyof Changes, number> = { ...noChanges };
  #summary: Changes | undefined;
  readonly #causes = new Set<string>();

  add(event: EngineEvent): void {
    if (event.resourcePreEvent) this.#begun++;
    if (event.resOutputsEvent || event.resOpFailedEvent) this.#done++;
    const kind = countedAs[event.resOutputsEvent?.metadata.op ?? ""];
    if (kind) this.#applied[kind]++;
    if (event.summaryEvent) this.#summary = changesOf(event.summaryEvent.resourceChanges);
    const cause = event.diagnosticEvent
      ? diagnosticCause(event.diagnosticEvent)
      : event.policyEvent && policyCause(event.policyEvent);
    if (cause) this.#causes.add(cause);
  }

  get progress(): Progress {
    return { done: Math.min(this.#done, this.#begun), begun: this.#begun };
  }

  /** The engine's own summary; what was applied until then where it ended without one. */
  get changes(): Changes {
    return this.#summary ?? { ...this.#applied };
  }

  succeeded(): Outcome {
    return {
      result: "succeeded",
      changes: this.changes,
      causes: [],
      transient: false,
      mayHoldLock: false,
    };
  }

  /**
   * @param stderr end of what the CLI wrote there.
   * @param fallback for when neither events nor stderr name a cause.
   */
  failed(stderr: string, fallback: string, rest: Partial<Outcome> = {}): Outcome {
    const written = this.#causes.size > 0 ? [] : writtenCauses(stderr);
    const causes = rootCauses([...this.#causes, ...written]);
    return {
      result: "failed",
      changes: this.changes,
      causes: causes.length > 0 ? causes : [redacted(fallback)],
      transient: causes.length > 0 && causes.every(isTransient),
      mayHoldLock: false,
      ...rest,
    };
  }
}

function changesOf(counts: Readonly<Record<string, number | undefined>>): Changes {
  const changes = { ...noChanges };
  for (const [op, count = 0] of Object.entries(counts)) {
    const kind = countedAs[op];
    if (kind) Object.assign(changes, { [kind]: changes[kind] + count });
  }
  return changes;
}
