/** How much is billed, and how that number came about: `4,000 chats × 9 write units`. */
import { type Decimal, decimal, sum, zero } from "./decimal.ts";

export interface Quantity {
  readonly value: Decimal;
  /** In words and numbers, for `--explain`. */
  readonly formula: string;
}

/** A number and what it counts. */
export type Factor = readonly [value: number | string | Decimal, what: string];

/** Product of factors: `[[4000, "chats"], [8, "write units"]]`. */
export function product(...factors: readonly Factor[]): Quantity {
  return {
    value: factors.reduce((result, [value]) => result.times(decimal(value)), decimal(1)),
    formula: factors
      .map(([value, what]) => `${grouped(decimal(value))} ${what}`.trimEnd())
      .join(" × "),
  };
}

/** Sum of what is not zero. */
export function total(...quantities: readonly Quantity[]): Quantity {
  const counted = quantities.filter(({ value }) => !value.isZero());
  if (counted.length === 0) return { value: zero, formula: "0" };
  return {
    value: sum(counted.map(({ value }) => value)),
    formula: counted.map(({ formula }) => formula).join(" + "),
  };
}

/** A quantity, so many times; its own formula is not repeated. */
export const scaled = (
  { value }: Quantity,
  what: string,
  ...factors: readonly Factor[]
): Quantity => product([value, what], ...factors);

/** KB in GB: exact, as 2⁻²⁰ has 20 decimals. */
export const gigabytes = ({ value, formula }: Quantity): Quantity => ({
  value: value.times("0.00000095367431640625"),
  formula: `${formula} / 1,048,576`,
});

/** `1234567.5` → `1,234,567.5` */
export function grouped(value: Decimal): string {
  const [whole = "", fraction] = value.toString().split(".");
  const groups = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return fraction === undefined ? groups : `${groups}.${fraction}`;
}
