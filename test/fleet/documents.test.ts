import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { Command } from "commander";
import { expect, test } from "vitest";
import { registerDrift } from "../../cli/commands/drift.ts";
import { registerFleet } from "../../cli/commands/fleet.ts";

const root = resolve(import.meta.dirname, "../..");
const program = new Command();
registerFleet(program);
registerDrift(program);

test.each([
  "docs/operations/fleet.md",
  "docs/operations/ci/fleet.yml",
])("the commands in %s are ones there are", (file) => {
  const lines =
    readFileSync(join(root, file), "utf8").match(/npx --no -- chatstack [^#\n]+/g) ?? [];
  expect(lines.length).toBeGreaterThan(2);
  for (const line of lines) {
    const [name, operation, ...rest] = line.split(/\s+/).slice(4);
    const group = program.commands.find((one) => one.name() === name)!;
    const command = group.commands.find((one) => one.name() === operation) ?? group;
    const known = command.options.flatMap(({ short, long }) => [short, long]);
    const used = [operation, ...rest].filter((word) => word?.startsWith("-"));
    expect(used.filter((option) => !known.includes(option))).toEqual([]);
  }
});
