import { setTimeout as sleep } from "node:timers/promises";
import type { Figures } from "./figures.ts";

const triesWhenBusy = 20;

export interface Request {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether 404 is the right answer by now: somebody deletes what others read. */
  readonly mayBeGone?: () => boolean;
}

/** One signed-in user of one tenant; every answer is timed and counted. */
export class User {
  readonly tenant: string;
  readonly name: string;
  readonly #url: string;
  readonly #token: string;
  readonly #figures: Figures;

  constructor(who: { tenant: string; name: string; url: string; token: string }, figures: Figures) {
    this.tenant = who.tenant;
    this.name = who.name;
    this.#url = who.url;
    this.#token = who.token;
    this.#figures = figures;
  }

  /**
   * The parsed answer; undefined for one that is no success. Whoever is told to come back later does,
   * with the same request.
   */
  async ask(operation: string, method: string, path: string, request: Request = {}) {
    for (let round = 0; round < triesWhenBusy; round++) {
      const start = performance.now();
      const outcome = await this.#read(method, path, request);
      const isRight = outcome.status === 404 && request.mayBeGone?.() === true;
      this.#figures.add(operation, isRight ? 200 : outcome.status, performance.now() - start);
      if (outcome.status !== 503) return outcome;
      await sleep(outcome.retryAfter * 1000 * Math.random());
    }
    return { status: 503, body: undefined };
  }

  /** The response as it comes; undefined if none did. */
  async open(operation: string, method: string, path: string, request: Request) {
    try {
      const response = await this.#send(method, path, request);
      if (response.ok) return response;
      this.#figures.add(operation, response.status, 0);
      await response.body?.cancel();
    } catch (error) {
      this.#figures.add(operation, nameOf(error), 0);
    }
    return undefined;
  }

  /** For a stream, whose time ends when its reader says so. */
  note(operation: string, status: number | string, milliseconds: number): void {
    this.#figures.add(operation, status, milliseconds);
  }

  async #read(method: string, path: string, request: Request) {
    try {
      const response = await this.#send(method, path, request);
      const text = await response.text();
      return {
        status: response.status,
        retryAfter: Number(response.headers.get("retry-after") ?? 1),
        body: response.ok && text !== "" ? JSON.parse(text) : undefined,
      };
    } catch (error) {
      return { status: nameOf(error), retryAfter: 0, body: undefined };
    }
  }

  #send(method: string, path: string, { body, headers }: Request): Promise<Response> {
    return fetch(this.#url + path, {
      method,
      headers: {
        authorization: `Bearer ${this.#token}`,
        ...(body !== undefined && { "content-type": "application/json" }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  }
}

/** E.g. `ECONNRESET`: fetch says only that it failed, its cause says how. */
function nameOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause instanceof Error && "code" in cause) return String(cause.code);
  return error instanceof Error ? error.name : "failed";
}
