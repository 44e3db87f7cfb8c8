import { retryAfterSeconds } from "./problem.ts";

export interface TransportOptions {
  /**
   * The access token for the next request. `refused` is the token that the API has just answered
   * with 401: renew it, or return it again to let the 401 through.
   */
  readonly token: (refused?: string) => string | Promise<string>;
  /** Default: the global one. */
  readonly fetch?: (request: Request) => Promise<Response>;
  /**
   * How often one request is sent at most. Default: 4. The client sends a request again after 429
   * and 503 with `Retry-After`, and after a lost connection, 500, 502, 503 or 504 where it is safe
   * to repeat: GET, PUT and DELETE without `If-Match`, and requests with an `Idempotency-Key`.
   */
  readonly attempts?: number;
  /** Seconds that one wait between two attempts may take. Default: 20. A longer `Retry-After` is yours to wait for. */
  readonly maxWaitSeconds?: number;
}

/** Sends requests with the token, renews it when it is refused, and repeats what is safe to repeat. */
export function transport(options: TransportOptions): (request: Request) => Promise<Response> {
  const { token, fetch = (request) => globalThis.fetch(request) } = options;
  const { attempts = 4, maxWaitSeconds = 20 } = options;

  return async (request) => {
    let current = await token();
    let renewed = false;
    for (let attempt = 1; ; attempt++) {
      const copy = request.clone();
      copy.headers.set("authorization", `Bearer ${current}`);
      const outcome = await fetch(copy).catch((error: unknown) => new Lost(error));
      if (request.signal.aborted) {
        if (outcome instanceof Lost) throw outcome.error;
        return outcome;
      }
      if (!(outcome instanceof Lost) && outcome.status === 401 && !renewed) {
        renewed = true;
        const next = await token(current);
        if (next === current) return outcome;
        current = next;
        await outcome.body?.cancel();
        attempt--;
        continue;
      }
      const wait = attempt < attempts ? waitSeconds(request, outcome, attempt) : undefined;
      if (wait === undefined || wait > maxWaitSeconds) {
        if (outcome instanceof Lost) throw outcome.error;
        return outcome;
      }
      if (!(outcome instanceof Lost)) await outcome.body?.cancel();
      await sleep(wait, request.signal);
    }
  };
}

class Lost {
  readonly error: unknown;
  constructor(error: unknown) {
    this.error = error;
  }
}

/** Seconds until the next attempt; undefined where there must be none. */
function waitSeconds(request: Request, outcome: Response | Lost, attempt: number) {
  const isAnswer = !(outcome instanceof Lost);
  const asked = isAnswer ? retryAfterSeconds(outcome.headers) : undefined;
  const isRefusedUnread =
    isAnswer && asked !== undefined && (outcome.status === 429 || outcome.status === 503);
  const mayHaveHappened = !isAnswer || [500, 502, 503, 504].includes(outcome.status);
  if (!isRefusedUnread && !(mayHaveHappened && isSafeToRepeat(request))) return undefined;
  // Without a hint: 0.2, 0.4, 0.8 … seconds, half of it by chance, so that many clients spread out.
  return asked ?? 0.2 * 2 ** (attempt - 1) * (0.5 + Math.random() / 2);
}

function isSafeToRepeat({ method, headers }: Request): boolean {
  if (headers.has("idempotency-key")) return true;
  return method !== "POST" && method !== "PATCH" && !headers.has("if-match");
}

/** Waits, or throws the signal's reason as soon as it is aborted. */
export function sleep(seconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, seconds * 1000);
    if (signal?.aborted) stop();
    else signal?.addEventListener("abort", stop, { once: true });
  });
}
