import { Problem } from "../http/problem.ts";
import type { Once } from "../store/conversation-store.ts";
import type { Exchange, Turn } from "./turn.ts";

/** An answer that is being made, or one that was saved before. */
export type Begun =
  | { readonly turn: Turn; readonly joined: boolean }
  | { readonly exchange: Exchange };

/**
 * The turns of this process that are still being made, so that a repeated request joins the first
 * one instead of asking the model again. Between processes the idempotency record decides whose
 * answer is kept, and both have asked.
 */
export class RunningTurns {
  readonly #running = new Map<string, { bodyHash: string; begun: Promise<Begun> }>();

  /** @param scope user and conversation: what an idempotency key is good for. */
  async join(
    scope: readonly string[],
    once: Once | undefined,
    begin: () => Promise<Begun>,
  ): Promise<Begun> {
    if (once === undefined) return begin();
    const key = JSON.stringify([...scope, once.key]);
    const running = this.#running.get(key);
    if (running !== undefined) {
      if (running.bodyHash !== once.bodyHash) throw new Problem("idempotency-key-reused");
      return { ...(await running.begun), joined: true };
    }
    const begun = begin();
    this.#running.set(key, { bodyHash: once.bodyHash, begun });
    const forget = () => this.#running.delete(key);
    begun.then((it) => ("turn" in it ? it.turn.outcome.then(forget) : forget()), forget);
    return begun;
  }
}
