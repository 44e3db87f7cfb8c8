import { Problem } from "../http/problem.ts";
import type { Once } from "../store/conversation-store.ts";
import type { Taken } from "../store/usage-store.ts";
import type { Exchange, Turn } from "./turn.ts";

/** An answer that is being made, or one that was saved before. */
export type Begun =
  | {
      readonly turn: Turn;
      readonly joined: boolean;
      /** How much of each quota the user has used; absent where there are no quotas. */
      readonly taken?: Taken | undefined;
    }
  | { readonly exchange: Exchange };

/**
 * The turns that this process is still making. A request that is repeated meanwhile joins the turn of the
 * first request, instead of asking the model again. If the repeated request reaches another process, both
 * processes ask the model, and the idempotency record decides whose answer is kept.
 */
export class RunningTurns {
  readonly #running = new Map<string, { bodyHash: string; begun: Promise<Begun> }>();

  /**
   * Begins a turn, or joins the one that an earlier request with the same idempotency key began.
   *
   * @param scope the user and the conversation, within which an idempotency key names one request.
   */
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
