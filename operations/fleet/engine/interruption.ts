/** Ctrl-C, asked once: stop in order. Asked again: now. */

/** npm hands a signal on that the terminal has sent already: what follows at once is the same one. */
const sameMilliseconds = 500;

export interface Interruption {
  readonly signal: AbortSignal;
  /** The signals are the process's own business again. */
  release(): void;
}

export function onInterruption(first: () => void, second: () => void): Interruption {
  const controller = new AbortController();
  let askedAt: number | undefined;
  const hear = () => {
    const now = performance.now();
    if (askedAt === undefined) {
      askedAt = now;
      first();
      controller.abort();
    } else if (now - askedAt > sameMilliseconds) second();
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, hear);
  return {
    signal: controller.signal,
    release() {
      for (const signal of signals) process.off(signal, hear);
    },
  };
}
