import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { accessPatternsDocument, ratio } from "../../../scripts/access-patterns/document.ts";
import { type Measured, measurePatterns } from "../../../scripts/access-patterns/measure.ts";
import { patterns } from "../../../scripts/access-patterns/patterns.ts";
import { measuredUnitsModule } from "../../../scripts/access-patterns/units.ts";

const root = resolve(import.meta.dirname, "../../..");
const written = (file: string) => readFileSync(resolve(root, file), "utf8");

let measured: readonly Measured[];
beforeAll(async () => {
  measured = await measurePatterns();
});

it.each(patterns)("D: $name costs its floor, or no more than what the reason allows", (pattern) => {
  const found = measured.find((each) => each.pattern === pattern)!;
  const { floor, above = floor } = pattern;
  process.stdout.write(
    `${pattern.name}: floor ${floor.writes} + ${floor.reads}, measured ${found.writes} + ${found.reads}, ratio ${ratio(found)}\n`,
  );
  expect(found.writes).toBeLessThanOrEqual(above.writes);
  expect(found.reads).toBeLessThanOrEqual(above.reads);
});

it("gives a reason for what is above the floor, and for nothing else", () => {
  const above = measured.filter(
    ({ pattern, writes, reads }) => writes > pattern.floor.writes || reads > pattern.floor.reads,
  );
  expect(above.map(({ pattern }) => pattern)).toEqual(patterns.filter((each) => each.above));
});

it.each([
  ["docs/scale/access-patterns.md", accessPatternsDocument],
  ["offline/cost/prices/measured-units.ts", measuredUnitsModule],
])("%s says what was measured (`npm run docs` writes it)", (file, render) => {
  expect(written(file)).toBe(render(measured));
});
