/** Threads that do the same with slices of a stack, each with a program of its own: the SDK's state is one a thread. */
import { extname } from "node:path";
import { Worker } from "node:worker_threads";

/** Does with a slice, given by its tenants, what is to be done. */
export type Run<R> = (tenants: readonly string[]) => Promise<R>;

export type Reply<R> = { readonly result: R } | { readonly error: string };

/** Sources run as they are; a package has them compiled. */
const workerFile = new URL(`./worker${extname(import.meta.filename)}`, import.meta.url);

export class Crew<R> {
  readonly #workers: readonly Worker[];

  /** @param task what each thread is told once; it can be cloned. */
  constructor(task: object, threads: number) {
    this.#workers = Array.from(
      { length: threads },
      // Flags of this process are for its own main file.
      () => new Worker(workerFile, { workerData: task, execArgv: [] }),
    );
  }

  runners(): Run<R>[] {
    return this.#workers.map((worker) => {
      let settle: ((reply: Reply<R>) => void) | undefined;
      worker.on("message", (reply: Reply<R>) => settle?.(reply));
      worker.on("error", ({ message }) => settle?.({ error: message }));
      worker.on("exit", (code) => settle?.({ error: `a thread ended with exit code ${code}` }));
      return (tenants) =>
        new Promise((done, fail) => {
          settle = (reply) =>
            "error" in reply ? fail(new Error(reply.error)) : done(reply.result);
          worker.postMessage(tenants);
        });
    });
  }

  async end(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }
}
