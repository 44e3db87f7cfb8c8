/** In which order the stacks of a run are updated: the canaries, then a share of the rest, then a larger one. */
import { UsageError } from "../../offline/usage-error.ts";

export interface Wave {
  readonly name: string;
  readonly stacks: string[];
}

/**
 * The canaries' wave, then one for each share. A share says how many of the other stacks are done when its wave is:
 * `1,10%,50%,100%` is one stack, then the others up to a tenth, up to a half, and the rest. Where the last share is
 * less than all of them, a last wave has the rest.
 *
 * @throws UsageError for shares that are none, or do not grow.
 */
export function wavesOf(
  stacks: readonly string[],
  canary: readonly string[],
  shares = "100%",
): Wave[] {
  const rest = stacks.filter((stack) => !canary.includes(stack));
  const ends = [...endsOf(shares, rest.length), rest.length];
  const slices = ends
    .map((end, index) => rest.slice(ends[index - 1] ?? 0, end))
    .filter((slice) => slice.length > 0);
  const numbered = slices.map((slice, index) => ({ name: `wave ${index + 1}`, stacks: slice }));
  return canary.length > 0 ? [{ name: "canary", stacks: [...canary] }, ...numbered] : numbered;
}

/** A part of a run, for one of several machines. */
export interface Part {
  /** Only this wave, from 1. */
  readonly wave?: number;
  /** `2/8`: the second of eight machines takes every eighth stack of each wave. */
  readonly shard?: string;
}

/**
 * The waves of all stacks, with those of them that are this machine's.
 *
 * @throws UsageError for a part that there is not.
 */
export function partOf(waves: readonly Wave[], { wave, shard }: Part): Wave[] {
  const [, at = 0, of = 0] = (/^(\d+)\/(\d+)$/.exec(shard ?? "1/1") ?? []).map(Number);
  if (at < 1 || at > of) {
    throw new UsageError(`--shard ${shard}: allowed are 1/8 to 8/8, for eight machines`);
  }
  if (shard !== undefined && wave === undefined && waves.length > 1) {
    throw new UsageError(
      `--shard ${shard}: machines do not wait for each other between waves; run one wave after the other on ` +
        `all of them, with --wave 1 to --wave ${waves.length}`,
    );
  }
  if (wave !== undefined && wave > waves.length) {
    const names = waves.map(({ name }, index) => `${index + 1} (${name})`).join(", ");
    throw new UsageError(`--wave ${wave}: the waves are ${names}`);
  }
  return waves
    .filter((_, index) => wave === undefined || index === wave - 1)
    .map((one) => ({ ...one, stacks: one.stacks.filter((_, place) => place % of === at - 1) }))
    .filter(({ stacks }) => stacks.length > 0);
}

function endsOf(shares: string, count: number): number[] {
  let last = 0;
  return shares.split(",").map((share) => {
    const { number, isPercent } = shareOf("--waves", share);
    const exact = Math.min(count, isPercent ? (count * number) / 100 : number);
    if (exact < last) {
      throw new UsageError(`--waves ${shares}: ${share} is less than the share before it`);
    }
    last = exact;
    return Math.ceil(exact);
  });
}

/**
 * How many stacks may fail before nothing new is begun.
 *
 * Without a text: 10% of them, and at least 3. One or two stacks fail of their own accord, of a quota or a name that is
 * taken; the third failure is more likely the change's.
 *
 * @param text `5` or `10%`; a share is rounded up.
 * @throws UsageError for a text that is neither, and for 0.
 */
export function mostFailures(text: string | undefined, stacks: number): number {
  if (text === undefined) return Math.max(3, Math.ceil(stacks / 10));
  const { number, isPercent } = shareOf("--max-failures", text);
  return isPercent ? Math.max(1, Math.ceil((stacks * number) / 100)) : number;
}

function shareOf(option: string, text: string): { number: number; isPercent: boolean } {
  const [, digits = "", percent = ""] = /^\s*(\d+(?:\.\d+)?)(%?)\s*$/.exec(text) ?? [];
  const number = Number(digits);
  const isPercent = percent === "%";
  const isAllowed = isPercent
    ? number > 0 && number <= 100
    : number >= 1 && Number.isInteger(number);
  if (digits !== "" && isAllowed) return { number, isPercent };
  throw new UsageError(
    `${option} ${text.trim()}: allowed are a whole number from 1 on, and a percentage such as 10%`,
  );
}
