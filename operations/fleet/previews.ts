/**
 * Previews: each stack is previewed before anything of it is touched, with the same policy pack and config as the
 * operation. `pulumi up` alone would stop half way where it meets a protected resource or a policy's violation.
 *
 * The operation is not bound to what its preview saw (`pulumi up --plan`): the option is experimental, and an operation
 * that leaves its plan fails half way, which is what previews are to prevent. A preview is repeated instead, where it is
 * old, where the stack's config is another by now, and before each further try.
 */
import { type Attempts, attempt } from "./attempts.ts";
import { isHarmless, type Job, noChanges } from "./engine/engine.ts";
import type { StackResult } from "./report.ts";

/** For how long a preview holds. */
const freshMilliseconds = 10 * 60_000;

export interface PreviewOptions {
  /** Stacks that may lose data. */
  readonly allowDataLoss: readonly string[];
  readonly fingerprint: (job: Job) => string;
}

export class Previews {
  readonly #options: PreviewOptions;
  readonly #seen = new Map<
    string,
    { readonly at: number; readonly fingerprint: string; readonly result: StackResult }
  >();

  constructor(options: PreviewOptions) {
    this.#options = options;
  }

  /**
   * Previews the job. `succeeded`: it may be run. `refused`: the engine or a policy refuses it, or it would lose data
   * that nobody has given up.
   */
  async preview(attempts: Attempts, job: Job): Promise<StackResult> {
    const outcome = await attempt(attempts, isHarmless(job) ? job : { ...job, dryRun: true });
    const lost = this.#isAllowed(job) ? [] : (outcome.losses ?? []);
    const refused =
      outcome.result === "failed" || (outcome.result === "succeeded" && lost.length > 0);
    const result: StackResult = {
      ...outcome,
      changes: job.operation === "preview" ? outcome.changes : noChanges,
      preview: outcome.changes,
      ...(refused && {
        result: "refused",
        causes: [
          ...outcome.causes,
          ...lost.map(({ type, resource, reason }) => `${type} ${resource}: ${reason}`),
        ],
      }),
    };
    const fingerprint = this.#options.fingerprint(job);
    this.#seen.set(job.stack, { at: performance.now(), fingerprint, result });
    return result;
  }

  /**
   * Runs the job where its preview allows it.
   *
   * @returns what the preview saw beside what the operation did.
   */
  async run(attempts: Attempts, job: Job): Promise<StackResult> {
    let failedBefore = false;
    const result = await attempt(attempts, job, async (tries) => {
      const seen =
        tries === 1 && this.#isFresh(job)
          ? this.#seen.get(job.stack)?.result
          : await this.preview(attempts, job);
      failedBefore = tries > 1;
      return seen?.result === "succeeded" ? undefined : seen;
    });
    const seen = this.#seen.get(job.stack)?.result;
    return {
      ...result,
      // An earlier try has touched it.
      result: result.result === "refused" && failedBefore ? "failed" : result.result,
      ...(seen?.preview && { preview: seen.preview }),
      ...(seen?.losses && { losses: seen.losses }),
    };
  }

  #isFresh(job: Job): boolean {
    const seen = this.#seen.get(job.stack);
    return (
      seen !== undefined &&
      performance.now() - seen.at < freshMilliseconds &&
      seen.fingerprint === this.#options.fingerprint(job)
    );
  }

  #isAllowed = ({ stack }: Job): boolean => this.#options.allowDataLoss.includes(stack);
}
