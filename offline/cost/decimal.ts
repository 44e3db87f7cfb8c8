/**
 * Exact decimal numbers for money and what it buys: prices such as $0.0000133334 times millions of
 * requests, added up over tenants, without a float's noise. There is no division but by powers of ten.
 */
export class Decimal {
  readonly #digits: bigint;
  /** Digits after the point. */
  readonly #scale: number;

  /** @param value a number, or its text as `"0.125"` or `"1e-7"`. */
  static of(value: number | string | Decimal): Decimal {
    if (value instanceof Decimal) return value;
    const parts = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/.exec(String(value));
    if (!parts) throw new RangeError(`${value}: not a decimal number`);
    const [, sign = "", whole = "", fraction = "", exponent = "0"] = parts;
    const digits = BigInt(`${sign}${whole}${fraction}`);
    const scale = fraction.length - Number(exponent);
    return scale < 0 ? new Decimal(digits * 10n ** BigInt(-scale), 0) : new Decimal(digits, scale);
  }

  static sum(values: Iterable<Decimal>): Decimal {
    let sum = zero;
    for (const value of values) sum = sum.plus(value);
    return sum;
  }

  private constructor(digits: bigint, scale: number) {
    this.#digits = digits;
    this.#scale = scale;
  }

  plus(other: Decimal): Decimal {
    const scale = Math.max(this.#scale, other.#scale);
    return new Decimal(this.#at(scale) + other.#at(scale), scale);
  }

  minus(other: Decimal): Decimal {
    return this.plus(other.times(-1));
  }

  times(factor: number | string | Decimal): Decimal {
    const other = Decimal.of(factor);
    return new Decimal(this.#digits * other.#digits, this.#scale + other.#scale);
  }

  /** @param power of ten, e.g. 1,000,000 for a price that is told per million. */
  over(power: number): Decimal {
    const zeros = String(power).length - 1;
    if (power !== 10 ** zeros) throw new RangeError(`${power}: not a power of ten`);
    return new Decimal(this.#digits, this.#scale + zeros);
  }

  /** Negative, 0 or positive, as for sorting. */
  compare(other: Decimal): number {
    const scale = Math.max(this.#scale, other.#scale);
    const difference = this.#at(scale) - other.#at(scale);
    return difference === 0n ? 0 : difference < 0n ? -1 : 1;
  }

  get isZero(): boolean {
    return this.#digits === 0n;
  }

  /** For ratios and charts, never for money. */
  toNumber(): number {
    return Number(this.toString());
  }

  /** All digits that matter: `"0.0000133334"`. */
  toString(): string {
    const text = this.#text(this.#digits, this.#scale);
    return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
  }

  toJSON(): string {
    return this.toString();
  }

  /** So many digits after the point, halves away from zero: `"12.35"`. */
  toFixed(places: number): string {
    if (this.#scale <= places) return this.#text(this.#at(places), places);
    const unit = 10n ** BigInt(this.#scale - places);
    const half = this.#digits < 0n ? -unit / 2n : unit / 2n;
    return this.#text((this.#digits + half) / unit, places);
  }

  #at(scale: number): bigint {
    return this.#digits * 10n ** BigInt(scale - this.#scale);
  }

  #text(digits: bigint, scale: number): string {
    const sign = digits < 0n ? "-" : "";
    const all = String(digits < 0n ? -digits : digits).padStart(scale + 1, "0");
    if (scale === 0) return `${sign}${all}`;
    return `${sign}${all.slice(0, -scale)}.${all.slice(-scale)}`;
  }
}

const zero = Decimal.of(0);
