/** Keeps a program that runs in this process from ending it, from holding it up, and from failing unheard. */
import { placeIn, stuckText } from "./stack-text.ts";
import { type Watch, watch } from "./watch.ts";

export interface Guard {
  /** Rejects once the program has come to an end that is none. */
  readonly halted: Promise<never>;
  /** To be called with whatever the program asks for. */
  progress(): void;
  /** Puts everything back; returns the rejections that nobody handled. */
  end(): unknown[];
}

/** The program did not come to an end by itself. */
export class Halted extends Error {
  override readonly name = "Halted";
}

/**
 * @param root folder to which places are relative.
 * @param stuckSeconds of letting nothing else run, after which the program is ended.
 */
export function guard(root: string, stuckSeconds: number): Guard {
  const { promise: halted, reject } = Promise.withResolvers<never>();
  // Nobody may be waiting for it any more.
  halted.catch(() => undefined);
  const rejections = collectUnhandledRejections();
  const exit = process.exit;
  process.exit = (code) => {
    const error = new Halted(`the program ends its process (process.exit, code ${code ?? 0})`);
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 20;
    const place = placeIn(new Error().stack ?? "", root);
    Error.stackTraceLimit = limit;
    if (place !== undefined) error.message = `${place}: ${error.message}`;
    reject(error);
    throw error;
  };
  const watched: Watch = watch(stuckSeconds, false, (stack) => {
    reject(new Halted(stuckText(placeIn(stack, root) ?? "an unknown place", stuckSeconds)));
  });
  return {
    halted,
    progress: () => watched.progress(),
    end() {
      process.exit = exit;
      watched.end();
      return rejections.stop();
    },
  };
}

/**
 * A failing `apply` surfaces only as an unhandled rejection while the run resolves with fewer
 * resources. Other listeners (a test runner's) are set aside meanwhile: the rejection is ours.
 */
function collectUnhandledRejections(): { stop(): unknown[] } {
  const others = process.listeners("unhandledRejection");
  const caught: unknown[] = [];
  const listener = (reason: unknown) => caught.push(reason);
  process.removeAllListeners("unhandledRejection");
  process.on("unhandledRejection", listener);
  return {
    stop() {
      process.off("unhandledRejection", listener);
      for (const other of others) process.on("unhandledRejection", other);
      return caught;
    },
  };
}
