/** The steps of a drill, as they went. */
export interface Step {
  readonly step: string;
  readonly outcome: "done" | "failed";
  readonly seconds: number;
  /** What was seen. */
  readonly note: string;
}

export class Steps {
  readonly done: Step[] = [];
  readonly #onStep: (step: string) => void;

  constructor(onStep: (step: string) => void) {
    this.#onStep = onStep;
  }

  /** Runs one step. One that fails is noted, and ends the drill. */
  async run<T>(step: string, work: (tell: (note: string) => void) => Promise<T>): Promise<T> {
    this.#onStep(step);
    const start = performance.now();
    let note = "";
    let outcome: Step["outcome"] = "done";
    const tell = (told: string) => {
      note = told;
    };
    try {
      return await work(tell);
    } catch (error) {
      outcome = "failed";
      note = error instanceof Error ? error.message : String(error);
      throw error;
    } finally {
      const seconds = (performance.now() - start) / 1000;
      this.done.push({ step, outcome, seconds, note });
    }
  }
}
