import fc from "fast-check";
import { expect, test } from "vitest";
import { decimal, over, sum } from "../../offline/cost/decimal.ts";

const cents = fc.integer({ min: -1_000_000_000, max: 1_000_000_000 });
const amount = (value: number) => over(decimal(value), 100);

test("sums and products of decimals are exact, where floats are not", () => {
  expect(String(decimal("0.1").plus("0.2"))).toBe("0.3");
  expect(String(decimal("0.0000133334").times(1_769).times(1_000_000))).toBe("23586.7846");
  expect(String(decimal(1e-7).times("0.5"))).toBe("0.00000005");
  expect(String(over(decimal("0.0000133334").times("0.000000123456789012345"), 1_000_000))).toBe(
    "0.000000000000000001646098750617200823",
  );
  fc.assert(
    fc.property(cents, cents, (one, other) => {
      expect(String(sum([amount(one), amount(other)]))).toBe(String(amount(one + other)));
      const product = String(BigInt(one) * BigInt(other));
      expect(
        amount(one)
          .times(amount(other))
          .isEqualTo(over(decimal(product), 10_000)),
      ).toBe(true);
    }),
  );
  expect(String(sum([]))).toBe("0");
});

test("a text says all digits, and a price per million is a price each", () => {
  fc.assert(
    fc.property(cents, (one) => {
      expect(decimal(String(amount(one))).isEqualTo(amount(one))).toBe(true);
    }),
  );
  expect(String(over(decimal("0.625"), 1_000_000))).toBe("0.000000625");
  expect(JSON.stringify({ amount: over(decimal(1), 1e12), many: decimal("1e24") })).toBe(
    '{"amount":"0.000000000001","many":"1000000000000000000000000"}',
  );
  expect(String(decimal("100"))).toBe("100");
  expect(() => over(decimal(1), 12)).toThrow("not a power of ten");
  for (const wrong of ["1,5", "", "one", Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(() => decimal(wrong)).toThrow(`${wrong}: not a decimal number`);
  }
});

test("amounts are rounded half away from zero", () => {
  expect(["0.005", "0.0049", "-0.005", "2", "1.999"].map((one) => decimal(one).toFixed(2))).toEqual(
    ["0.01", "0.00", "-0.01", "2.00", "2.00"],
  );
});
