/** So many failures in a row are no item's fault: the service is out of reach. */
const mostInARow = 10;

/** Tries one item after another: one that fails does not stop the others. */
export class Attempts {
  readonly #failures: unknown[] = [];
  #inARow = 0;

  /** Fails only when too many attempts in a row have failed. */
  async run(attempt: () => Promise<void>): Promise<void> {
    try {
      await attempt();
      this.#inARow = 0;
    } catch (error) {
      this.#failures.push(error);
      this.#inARow++;
      if (this.#inARow >= mostInARow) this.end();
    }
  }

  get hasFailed(): boolean {
    return this.#failures.length > 0;
  }

  /** Fails if any attempt did. The first failure is the cause. */
  end(): void {
    if (this.#failures.length === 0) return;
    const message = `${this.#failures.length} items failed`;
    throw new AggregateError(this.#failures, message, { cause: this.#failures[0] });
  }
}
