import { expect, it } from "vitest";
import { renderTable } from "../../bench/render.ts";
import { interleaved, quantile, spread } from "../../bench/statistics.ts";

it("a quantile is the smallest value that the share does not exceed", () => {
  const values = Array.from({ length: 100 }, (_, index) => 100 - index);
  expect(quantile(values, 0.5)).toBe(50);
  expect(quantile(values, 0.99)).toBe(99);
  expect(quantile([7], 0.5)).toBe(7);
  expect(spread([3, 1, 2])).toEqual({ median: 2, low: 1, high: 3 });
});

it("contenders take turns, each first once in as many rounds as there are", async () => {
  const order: string[] = [];
  const contender = (name: string) => [name, () => order.push(name)] as const;
  const results = await interleaved(2, new Map(["a", "b"].map(contender)));
  expect(order).toEqual(["a", "b", "b", "a"]);
  expect(results.get("b")).toEqual([2, 3]);
});

it("a table shows a median with its spread, and a dash where nothing was measured", () => {
  const columns = [
    { key: "name", label: "store" },
    { key: "ms", label: "ms", digits: 1 },
  ];
  const rows = [{ name: "ours", ms: { median: 1, low: 0.5, high: 2000 } }, { name: "theirs" }];
  expect(renderTable({ caption: "", columns, rows })).toBe(
    "| store | ms |\n| --- | ---: |\n| ours | 1.0 (0.5–2,000.0) |\n| theirs | – |",
  );
});
