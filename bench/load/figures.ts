import type { Row } from "../../testing/load/soak.ts";
/** Latencies and statuses by operation. */
export class Figures {
  readonly #times = new Map<string, number[]>();
  readonly #failures = new Map<string, number>();

  /** @param status as answered, or what came instead of an answer. */
  add(operation: string, status: number | string, milliseconds: number): void {
    if (typeof status === "number" && status < 400) {
      const times = this.#times.get(operation) ?? [];
      this.#times.set(operation, times);
      times.push(milliseconds);
    } else {
      const failure = `${operation}: ${status}`;
      this.#failures.set(failure, (this.#failures.get(failure) ?? 0) + 1);
    }
  }

  summary(seconds: number): readonly Row[] {
    return [...this.#times]
      .map(([operation, times]) => {
        const sorted = times.toSorted((one, other) => one - other);
        return {
          operation,
          requests: times.length,
          perSecond: rounded(times.length / seconds),
          p50: rounded(quantile(sorted, 0.5)),
          p99: rounded(quantile(sorted, 0.99)),
          longest: rounded(quantile(sorted, 1)),
        };
      })
      .toSorted((one, other) => (one.operation < other.operation ? -1 : 1));
  }

  get failures(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#failures);
  }
}

/** Nearest rank, of sorted values. */
export function quantile(sorted: readonly number[], part: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? 0;
}

export function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
