import fc from "fast-check";
import { expect, test } from "vitest";
import { Decimal } from "../../offline/cost/decimal.ts";

const cents = fc.integer({ min: -1_000_000_000, max: 1_000_000_000 });
const decimal = (value: number) => Decimal.of(value).over(100);

test("sums and products of decimals are exact, where floats are not", () => {
  expect(String(Decimal.of("0.1").plus(Decimal.of("0.2")))).toBe("0.3");
  expect(String(Decimal.of("0.0000133334").times(1_769).times(1_000_000))).toBe("23586.7846");
  expect(String(Decimal.of(1e-7).times("0.5"))).toBe("0.00000005");
  fc.assert(
    fc.property(cents, cents, (one, other) => {
      expect(String(decimal(one).plus(decimal(other)))).toBe(String(decimal(one + other)));
      const product = BigInt(one) * BigInt(other);
      expect(
        decimal(one)
          .times(decimal(other))
          .compare(Decimal.of(String(product)).over(10_000)),
      ).toBe(0);
    }),
  );
});

test("a text says all digits, and a price per million is a price each", () => {
  fc.assert(
    fc.property(cents, (one) => {
      expect(Decimal.of(String(decimal(one))).compare(decimal(one))).toBe(0);
    }),
  );
  expect(String(Decimal.of("0.625").over(1_000_000))).toBe("0.000000625");
  expect(String(Decimal.of("100"))).toBe("100");
  expect(() => Decimal.of(1).over(12)).toThrow("not a power of ten");
  expect(() => Decimal.of("1,5")).toThrow("not a decimal number");
});

test("amounts are rounded half away from zero", () => {
  expect(
    ["0.005", "0.0049", "-0.005", "2", "1.999"].map((one) => Decimal.of(one).toFixed(2)),
  ).toEqual(["0.01", "0.00", "-0.01", "2.00", "2.00"]);
});
