import { setTimeout as sleep } from "node:timers/promises";
import { longestRequestMs } from "../http/deadline.ts";
import { newIdentifier } from "../http/identifiers.ts";
import { Problem } from "../http/problem.ts";
import type { Spoken } from "../models/chat-model.ts";
import type { Once, RunStore } from "../store/conversation-store.ts";

/** What becomes of a question while another one of the conversation is being answered. */
export const busyPolicies = ["parallel", "refuse", "queue", "interrupt"] as const;
export type BusyPolicy = (typeof busyPolicies)[number];

const pollMs = 1_000;
/** Longest that a question waits its turn. */
const patienceMs = 30_000;
/** How long an answer of which nothing more is heard counts as under way: its process may have died. */
const leaseMs = 60_000;

interface Asked {
  readonly user: string;
  /** The conversation's. */
  readonly id: string;
  readonly deadline: number | undefined;
  readonly once: Once | undefined;
}

/** One answer, as other processes see it from before its model is asked until it is saved. */
export class RunNote {
  readonly #runs: RunStore;
  readonly #asked: Asked;
  readonly #question: Spoken;
  readonly #log: (error: unknown) => void;
  /** The same for the same request: whoever resumes an answer through another process is no other question. */
  readonly #id: string;
  #isBegun = false;

  constructor(runs: RunStore, asked: Asked, question: Spoken, log: (error: unknown) => void) {
    this.#runs = runs;
    this.#asked = asked;
    this.#question = question;
    this.#log = log;
    this.#id = asked.once?.bodyHash ?? newIdentifier();
  }

  /**
   * Begins when no other answer of the conversation is under way, as the policy has it. Answers whether it waited: then
   * what was read before is old. The problem `answer-under-way` where another one stays longer than a question waits.
   */
  async enter(policy: Exclude<BusyPolicy, "parallel">): Promise<boolean> {
    const { user, id } = this.#asked;
    const until = Date.now() + Math.min(patienceMs, this.#leftMs() / 2);
    let isAsked = false;
    for (let round = 0; ; round++) {
      const other = await this.#begin(true);
      if (other === undefined) return round > 0;
      if (policy === "refuse" || Date.now() >= until) {
        throw new Problem("answer-under-way", { headers: { "retry-after": "2" } });
      }
      if (policy === "interrupt" && !isAsked) isAsked = await this.#runs.stop(user, id);
      await sleep(pollMs);
    }
  }

  /** Begins, unless it has, beside whatever else is under way. An answer is worth more than its note: never rejects. */
  async show(): Promise<void> {
    if (this.#isBegun) return;
    await this.#begin(false).catch(this.#log);
  }

  /** Looks once a second whether another process wants the answer to stop. Ends with `outcome`. */
  async heed(turn: { stop(): void; readonly outcome: Promise<unknown> }): Promise<void> {
    const { user, id } = this.#asked;
    const over = new AbortController();
    turn.outcome.then(() => over.abort());
    for (;;) {
      await sleep(pollMs, undefined, { signal: over.signal, ref: false }).catch(() => {});
      if (over.signal.aborted) return;
      // Busy, or out of reach: the next look may tell.
      const isStopped = await this.#runs
        .keep(user, id, this.#id, this.#lifeMs())
        .catch(() => false);
      if (isStopped) return turn.stop();
    }
  }

  /** What is not forgotten for a fault counts as over within a minute. Never rejects. */
  async leave(): Promise<void> {
    const { user, id } = this.#asked;
    if (this.#isBegun) await this.#runs.end(user, id, this.#id).catch(this.#log);
  }

  async #begin(alone: boolean) {
    const { user, id } = this.#asked;
    const run = { id: this.#id, question: this.#question, lifeMs: this.#lifeMs() };
    // What fails may have been carried out.
    this.#isBegun = true;
    const other = await this.#runs.begin(user, id, run, alone);
    if (other !== undefined) this.#isBegun = false;
    return other;
  }

  #lifeMs(): number {
    return Math.max(1_000, Math.min(leaseMs, this.#leftMs()));
  }

  #leftMs(): number {
    const { deadline } = this.#asked;
    return deadline === undefined ? longestRequestMs : deadline - Date.now();
  }
}
