/** Moves within an account and region, and what forbids a move, with the engine's state played by the test. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { TextOptions } from "../../offline/text.ts";
import { moveTenant } from "../../operations/move/move.ts";
import type { MoveStacks } from "../../operations/move/stacks.ts";
import { moveText } from "../../operations/move/text.ts";

const repository = resolve(import.meta.dirname, "../..");
let root: string;
let states: Map<string, Set<string>>;
let done: string[];
let fault: string | undefined;

const file = (name: string) => join(root, `Pulumi.${name}.yaml`);
const read = (name: string) => readFileSync(file(name), "utf8");

function stackFile(tenants: string, { account = "111122223333", region = "us-east-1" } = {}) {
  return `config:
  aws:region: ${region}
  aws:allowedAccountIds: ["${account}"]
  chatstack:environment: development
  chatstack:apiGatewayAccount: existing
  chatstack:tenants:
${tenants}`;
}
const acme =
  "    # The first tenant.\n    - id: acme\n      tier: basic\n      table: { recoveryDays: 14 }\n";
const other = (id: string) => `    - id: ${id}\n      tier: basic\n`;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "chatstack-move-"));
  const main = join(repository, "stacks/index.ts");
  writeFileSync(join(root, "Pulumi.yaml"), JSON.stringify({ name: "chatstack", main }));
  writeFileSync(file("one"), stackFile(acme + other("globex")));
  writeFileSync(file("two"), stackFile(other("initech")));
  states = new Map([
    ["one", new Set(["acme", "globex"])],
    ["two", new Set(["initech"])],
  ]);
  [done, fault] = [[], undefined];
});
afterEach(() => rmSync(root, { recursive: true }));

function note(what: string): void {
  if (what === fault) {
    fault = undefined;
    throw new Error(`killed at ${what}`);
  }
  done.push(what);
}

const stacks: MoveStacks = {
  async up(stack, _, most) {
    note(`up ${stack} (${most})`);
  },
  urnOf: async (stack, tenant) => (states.get(stack)?.has(tenant) ? tenant : undefined),
  async moveState(from, to, urn) {
    states.get(to)?.add(urn);
    note("half of the state");
    states.get(from)?.delete(urn);
  },
  async forget(stack, urn) {
    note(`forget ${urn} in ${stack}`);
    states.get(stack)?.delete(urn);
  },
  dataOf: () => Promise.reject(new Error("nobody reads data here")),
};

const move = (dryRun = false) =>
  moveTenant(
    {
      ...{ root, tenant: "acme", from: "one", to: "two", dryRun },
      ...{ readOnlyAtMost: 60, settleSeconds: 0, onProgress: () => {} },
    },
    stacks,
  );
const plain: TextOptions = { width: 100, paint: (_, text) => text };

it("a dry run shows the steps and does none", async () => {
  const report = await move(true);
  expect(report).toMatchObject({ kind: "state", outcome: "dry-run", refusals: [] });
  expect(moveText(report, plain)).toContain("pulumi state move");
  expect(done).toEqual([]);
  expect(read("two")).not.toContain("acme");
  expect(existsSync(join(root, ".chatstack/moves"))).toBe(false);
});

it("the state, then both files, then both stacks; nothing is left for a second run", async () => {
  expect(await move()).toMatchObject({ outcome: "moved", resumed: false });
  expect(done).toEqual(["half of the state", "up two (updates)", "up one (updates)"]);
  expect(read("one")).not.toContain("id: acme");
  expect(read("two")).toContain(
    "- id: acme\n      tier: basic\n      table:\n        recoveryDays: 14",
  );
  await expect(move()).rejects.toThrow('Pulumi.one.yaml: there is no tenant "acme"');
});

it("a move that was killed between the two states, or later, goes on where it stopped", async () => {
  fault = "half of the state";
  await expect(move()).rejects.toThrow("killed");
  fault = "up one (updates)";
  await expect(move()).rejects.toThrow("killed");
  expect(done).toEqual(["forget acme in one", "up two (updates)"]);
  expect(states.get("one")).toEqual(new Set(["globex"]));
  done = [];
  expect(await move()).toMatchObject({ outcome: "moved", resumed: true });
  expect(done).toEqual(["up two (updates)", "up one (updates)"]);
});

it("another target is refused while a move is under way", async () => {
  fault = "up two (updates)";
  await expect(move()).rejects.toThrow("killed");
  writeFileSync(file("three"), stackFile(other("hooli")));
  const asked = { root, tenant: "acme", from: "one", to: "three", dryRun: false };
  const rest = { readOnlyAtMost: 60, settleSeconds: 0, onProgress: () => {} };
  expect(await moveTenant({ ...asked, ...rest }, stacks)).toMatchObject({
    outcome: "refused",
    refusals: ["it is on its way to two: finish that first"],
  });
});

it("what cannot work is refused by name, and nothing is touched", async () => {
  const elsewhere = { account: "444455556666", region: "eu-central-1" };
  writeFileSync(file("one"), stackFile(`${acme}      state: suspended\n${other("globex")}`));
  writeFileSync(file("two"), stackFile(other("initech"), elsewhere));
  const cells = {
    account: "444455556666",
    region: "eu-central-1",
    tiers: ["enterprise"],
    maxTenants: 1,
  };
  const one = { account: "111122223333", region: "us-east-1" };
  writeFileSync(join(root, "cells.yaml"), JSON.stringify({ cells: { one, two: cells } }));
  const report = await move();
  expect(report).toMatchObject({ kind: "copy", outcome: "refused" });
  expect(report.refusals).toEqual([
    "two takes enterprise tenants, as cells.yaml says; it is basic",
    "two has 1 tenant, and cells.yaml allows 1",
    "it is suspended: `chatstack tenant resume` it first",
  ]);
  expect(done).toEqual([]);
  writeFileSync(file("two"), stackFile(other("acme"), elsewhere));
  expect((await move()).refusals).toContain("Pulumi.two.yaml has a tenant acme already");
});
