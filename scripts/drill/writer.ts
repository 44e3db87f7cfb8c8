import { setTimeout } from "node:timers/promises";
import type { Client } from "../../client/index.ts";
import { appendMessage, createConversation } from "./user.ts";

/** Of a user between two messages. Without it, a busy machine never catches up with what is written meanwhile. */
const pauseMs = 50;

/** A user who goes on writing until told to stop, and remembers what the API has acknowledged. */
export class Writer {
  readonly written = new Map<string, string[]>();
  readonly #api: Client;
  readonly #known: readonly string[];
  #isWriting = true;
  readonly #done: Promise<void>;

  /** @param known ids of conversations that the user also writes to. */
  constructor(api: Client, known: readonly string[]) {
    this.#api = api;
    this.#known = known;
    this.#done = this.#write();
  }

  get messages(): number {
    return [...this.written.values()].reduce((sum, contents) => sum + contents.length, 0);
  }

  async stop(): Promise<void> {
    this.#isWriting = false;
    await this.#done;
  }

  async #write(): Promise<void> {
    for (let round = 1; this.#isWriting; round++) {
      const id =
        round % 3 === 1
          ? await createConversation(this.#api, `Later ${round}`)
          : (this.#known[round % this.#known.length] ?? "");
      const content = `Later message ${round}`;
      await appendMessage(this.#api, id, content);
      this.written.set(id, [...(this.written.get(id) ?? []), content]);
      await setTimeout(pauseMs);
    }
  }
}
