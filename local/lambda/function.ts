/** `local/lambda/`: Lambda functions on this machine; each runs its bundle in a worker thread of its own. */
import { randomUUID } from "node:crypto";
import { Readable, type Writable } from "node:stream";
import { Worker } from "node:worker_threads";
import { eventBytes } from "./limits.ts";
import type { FromWorker, ToWorker, WorkerSettings } from "./protocol.ts";

export interface FunctionSettings extends WorkerSettings {
  /** Every variable that the function sees. */
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  /**
   * The thread ends above it, as Lambda ends a process. Counted are its heap and its buffers; Lambda
   * counts Node.js itself as well, and what threads of the function hold.
   */
  readonly memoryMegabytes: number;
  /** Receives what the function prints. */
  readonly log: Writable;
}

/** The function ended without an answer: it threw, or its thread died. */
export class FunctionError extends Error {}

/** Lambda takes no event of that size; API Gateway answers 413 then. */
export class EventTooLarge extends Error {
  constructor(bytes: number) {
    super(`${bytes} byte payload is too large for an invocation (limit ${eventBytes} bytes)`);
  }
}

/** The function took longer than it may. */
export class FunctionTimeout extends Error {}

const memoryCheckMilliseconds = 250;

interface Invocation {
  readonly payload: Readable;
  readonly timer: NodeJS.Timeout;
}

/**
 * A Lambda function in a thread of this process, started by its first invocation and again after a
 * crash. Unlike Lambda it runs invocations side by side, as many as come: state that a bundle keeps
 * between requests is shared by more of them than on AWS.
 */
export class LambdaFunction {
  readonly #settings: FunctionSettings;
  readonly #invocations = new Map<string, Invocation>();
  #worker: Worker | undefined;
  #stopped = false;

  constructor(settings: FunctionSettings) {
    this.#settings = settings;
  }

  /**
   * Runs the handler and returns the payload it streams; a handler that returns a value streams it
   * as JSON. As on AWS, a handler is not told when the payload is destroyed: it goes on to its end or
   * its time-out, and what it still writes is dropped.
   *
   * The payload fails with FunctionError or FunctionTimeout.
   *
   * @throws EventTooLarge
   */
  invoke(event: unknown): Readable {
    if (this.#stopped) throw new FunctionError("The function was stopped.");
    const bytes = Buffer.byteLength(JSON.stringify(event));
    if (bytes > eventBytes) throw new EventTooLarge(bytes);
    this.#worker ??= this.#start();
    const worker = this.#worker;
    const { timeoutSeconds } = this.#settings;
    const id = randomUUID();
    const payload = new Readable({
      read: () => post(worker, { type: "pull", id }),
      destroy: (error, done) => {
        // A payload that was read to its end is destroyed too, long after the handler is done.
        if (!payload.readableEnded) post(worker, { type: "unread", id });
        done(error);
      },
    });
    const timer = setTimeout(() => this.#timeOut(worker, id), timeoutSeconds * 1000);
    this.#invocations.set(id, { payload, timer });
    const deadline = Date.now() + timeoutSeconds * 1000;
    post(worker, { type: "invoke", id, event, deadline });
    return payload;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
  }

  #start(): Worker {
    const { environment, memoryMegabytes, log, codeDir, handler, context } = this.#settings;
    const workerData: WorkerSettings = { codeDir, handler, context };
    const worker = new Worker(new URL("./worker.ts", import.meta.url), {
      name: context.functionName,
      workerData,
      env: { ...environment },
      resourceLimits: { maxOldGenerationSizeMb: memoryMegabytes },
      stdout: true,
      stderr: true,
      execArgv: [],
    });
    worker.stdout.pipe(log, { end: false });
    worker.stderr.pipe(log, { end: false });
    worker.on("message", (message: FromWorker) => this.#receive(message));
    worker.on("error", (error) => this.#fail(worker, String(error)));
    worker.on("exit", (code) => this.#fail(worker, `its thread exited with code ${code}`));
    worker.unref();
    this.#watchMemory(worker);
    return worker;
  }

  /** `resourceLimits` bound the heap alone: an ArrayBuffer lies outside of it. */
  #watchMemory(worker: Worker): void {
    const most = this.#settings.memoryMegabytes * 1024 * 1024;
    const timer = setInterval(async () => {
      if (this.#worker !== worker) return clearInterval(timer);
      if (this.#invocations.size === 0) return;
      try {
        const { used_heap_size, external_memory } = await worker.getHeapStatistics();
        if (used_heap_size + external_memory <= most) return;
      } catch {
        return; // the thread has ended meanwhile
      }
      this.#fail(worker, `it used more than its ${this.#settings.memoryMegabytes} MB of memory`);
      void worker.terminate();
    }, memoryCheckMilliseconds).unref();
  }

  #receive(message: FromWorker): void {
    const invocation = this.#invocations.get(message.id);
    switch (message.type) {
      case "chunk":
        invocation?.payload.push(message.bytes);
        break;
      case "end":
        clearTimeout(invocation?.timer);
        invocation?.payload.push(null);
        break;
      case "failed":
        invocation?.payload.destroy(new FunctionError(message.message));
        break;
      case "closed":
        clearTimeout(invocation?.timer);
        this.#invocations.delete(message.id);
        break;
    }
  }

  /** Every invocation of a thread that died fails; the next one starts another thread. */
  #fail(worker: Worker, reason: string): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    this.#settings.log.write(`${this.#settings.context.functionName} crashed: ${reason}\n`);
    for (const { payload, timer } of this.#invocations.values()) {
      clearTimeout(timer);
      payload.destroy(new FunctionError(`The function crashed: ${reason}`));
    }
    this.#invocations.clear();
  }

  /** A thread that does not even hear the abort, busy in a loop, is ended as Lambda would. */
  #timeOut(worker: Worker, id: string): void {
    const { payload } = this.#invocations.get(id) ?? {};
    post(worker, { type: "abort", id });
    payload?.destroy(
      new FunctionTimeout(`Task timed out after ${this.#settings.timeoutSeconds} s`),
    );
    setTimeout(() => {
      if (!this.#invocations.has(id)) return;
      this.#fail(worker, "it did not stop after its time was up");
      void worker.terminate();
    }, 1000).unref();
  }
}

function post(worker: Worker, message: ToWorker): void {
  worker.postMessage(message);
}
