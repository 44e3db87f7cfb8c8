/**
 * Exact decimal numbers for money and what it buys: prices such as $0.0000133334 times millions of requests,
 * added up over tenants, without a float's noise. Sums, differences and products are exact, and so is `over`;
 * `dividedBy` is not, so nothing here divides.
 */
import { BigNumber } from "bignumber.js";

/** By the constructor: the package's declarations for CommonJS name no type `BigNumber`. */
export type Decimal = InstanceType<typeof BigNumber>;

/** All digits in every text, JSON included; halves are rounded away from zero. */
const Exact = BigNumber.clone({
  STRICT: false,
  EXPONENTIAL_AT: 1e9,
  ROUNDING_MODE: BigNumber.ROUND_HALF_UP,
});

/**
 * @param value a number, or its text as `"0.125"` or `"1e-7"`.
 * @throws RangeError when it is no finite number.
 */
export function decimal(value: number | string | Decimal): Decimal {
  const made = new Exact(value);
  if (!made.isFinite()) throw new RangeError(`${value}: not a decimal number`);
  return made;
}

export const zero: Decimal = decimal(0);

export const sum = (values: Iterable<Decimal>): Decimal => {
  let total = zero;
  for (const value of values) total = total.plus(value);
  return total;
};

/**
 * @param power of ten, e.g. 1,000,000 for a price that is told per million.
 * @throws RangeError for any other number, by which a division might not be exact.
 */
export function over(value: Decimal, power: number): Decimal {
  const zeros = String(power).length - 1;
  if (power !== 10 ** zeros) throw new RangeError(`${power}: not a power of ten`);
  return value.shiftedBy(-zeros);
}
