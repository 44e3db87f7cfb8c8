import type { Spread } from "./subject.ts";

/** Median, with the least and the largest. */
export function spread(values: readonly number[]): Spread {
  return { median: quantile(values, 0.5), low: Math.min(...values), high: Math.max(...values) };
}

/** The smallest value that at least this share of all values does not exceed (nearest rank). */
export function quantile(values: readonly number[], share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

/**
 * Runs each contender once a round, the order turning by one from round to round: whatever else the
 * machine does meets all of them. Ratios of figures from different runs mean nothing.
 */
export async function interleaved<T>(
  rounds: number,
  contenders: ReadonlyMap<string, () => T | Promise<T>>,
  progress: (text: string) => void = () => {},
): Promise<Map<string, T[]>> {
  const results = new Map<string, T[]>([...contenders.keys()].map((name) => [name, []]));
  const names = [...contenders.keys()];
  for (let round = 0; round < rounds; round++) {
    progress(`round ${round + 1} of ${rounds}`);
    for (let turn = 0; turn < names.length; turn++) {
      const name = names[(round + turn) % names.length] ?? "";
      const result = await contenders.get(name)?.();
      if (result !== undefined) results.get(name)?.push(result);
    }
  }
  return results;
}
