/** `testing/memory/`: how much memory a request takes of the function, with the worst content that its limits let in. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import { buildLambdaBundle } from "../../app/bundle/bundle.ts";
import { type Took, tookPrefix } from "./took.ts";

/** One row of `docs/scale/reliability.md`. */
export interface Peak extends Took {
  readonly operation: string;
  readonly content: string;
  readonly history: "dynamodb" | "s3";
}

export interface Peaks {
  /** The function's configured size. */
  readonly configured: number;
  readonly peaks: readonly Peak[];
}

/** One process that serves one event after the other, and dies of too much memory as Lambda's does. */
export class MeasuredFunction {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  constructor(megabytes: number, environment: Readonly<Record<string, string>>) {
    this.#child = spawn(
      process.execPath,
      [
        // As Lambda's runtime starts Node.
        `--max-old-space-size=${Math.floor(megabytes * 0.9)}`,
        `--max-semi-space-size=${Math.floor(megabytes * 0.05)}`,
        resolve(import.meta.dirname, "process.ts"),
        buildLambdaBundle(),
      ],
      {
        stdio: ["pipe", "pipe", "inherit", "ignore"],
        env: { ...environment, AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(megabytes) },
      },
    );
    this.#lines = createInterface({ input: this.#child.stdout! })[Symbol.asyncIterator]();
  }

  async ask(event: object): Promise<Took> {
    this.#child.stdin?.write(`${JSON.stringify(event)}\n`);
    for (;;) {
      const { value, done } = await this.#lines.next();
      if (done)
        throw new Error(`the function died: ${this.#child.signalCode ?? this.#child.exitCode}`);
      // The function logs there too.
      if (value.startsWith(tookPrefix)) return JSON.parse(value.slice(tookPrefix.length));
    }
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill("SIGKILL");
    await once(this.#child, "exit");
  }
}
