import { afterAll, beforeAll, expect, it } from "vitest";
import { costPerAppend } from "../../bench/subjects/units.ts";
import { type Engine, startDynamoDB } from "../../local/dynamodb.ts";

let engine: Engine;
beforeAll(async () => {
  engine = await startDynamoDB();
});
afterAll(() => engine.stop());

it("the hundredth append to a conversation costs what the first one costs", async () => {
  const tenths = await costPerAppend(engine.endpoint, 100);
  expect(tenths).toHaveLength(10);
  // Content of 1 KB is an item of 2 KB, twice in a transaction; header 2, its entry in by-recency 2.
  expect(new Set(tenths.map(({ writeUnits }) => writeUnits))).toEqual(new Set(["8"]));
  expect(tenths.map(({ readUnits }) => readUnits).slice(1)).toEqual(Array(9).fill(0));
});
