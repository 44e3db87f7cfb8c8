import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { plan, tenant } from "../../scripts/pictures/commands.ts";
import { flow, life } from "../../scripts/pictures/drawings.ts";
import { inputHashes } from "../../scripts/pictures/inputs.ts";

const folder = resolve(import.meta.dirname, "../../docs/pictures");
const read = (name: string) => readFileSync(join(folder, name), "utf8");

test.each(Object.entries({ flow, life, plan, tenant }))(
  "docs/pictures/%s.svg is what `npm run pictures` draws today",
  { timeout: 300_000 },
  async (name, make) => {
    expect(read(`${name}.svg`)).toBe(await make());
  },
);

test("the screenshots are of pages whose sources have not changed since (`npm run pictures -- --screenshots`)", () => {
  expect(JSON.parse(read("inputs.json"))).toEqual(inputHashes());
});
