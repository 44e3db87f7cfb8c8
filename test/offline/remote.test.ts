import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Evaluation } from "../../offline/evaluate.ts";
import { evaluateStack } from "../../offline/project.ts";
import { describedRecords } from "../../testing/engine/described.ts";

const repository = resolve(import.meta.dirname, "../..");
const scratch = mkdtempSync(join(tmpdir(), "remote-"));
afterAll(() => rmSync(scratch, { recursive: true }));

describe("networks of awsx", () => {
  let evaluation: Evaluation;
  beforeAll(async () => {
    const root = join(repository, "test/programs/networks");
    evaluation = await evaluateStack("dev", { root, preview: true });
  });

  test("are made of what their provider made under the engine (`test/engine/awsx.test.ts`)", () => {
    const file = join(repository, "test/engine/fixtures/awsx-networks.json.gz");
    const made: unknown = JSON.parse(gunzipSync(readFileSync(file)).toString());
    expect(describedRecords(evaluation.records)).toEqual(made);
  });

  test("return resources, whose ids a program may ask for", () => {
    const tables = evaluation.records.filter(({ urn }) =>
      /routeTable:RouteTable::single/.test(urn),
    );
    expect(evaluation.outputs.routeTableIds).toEqual(tables.map(({ id }) => id));
    const vpc = evaluation.records.find(({ urn }) => /vpc:Vpc::plain$/.test(urn));
    expect(evaluation.outputs.vpcId).toBe(vpc?.id);
  });

  test("have no inputs of their own, as in the engine's state", () => {
    const own = evaluation.records.filter(({ type }) => type === "awsx:ec2:Vpc");
    expect(own.map(({ inputs }) => inputs)).toEqual([{}, {}, {}, {}]);
  });

  test("stand where the program makes them", () => {
    const lines = evaluation.records.slice(1).map(({ source }) => source?.line);
    expect(new Set(lines)).toEqual(new Set([4, 6, 20, 27]));
  });
});

const opaque = [
  { name: "another version of the package", version: "2.22.0" },
  { name: "a layout that is not known", args: { subnetStrategy: "AutoMerge" } },
  { name: "an argument that is not known", args: { ipv4IpamPoolId: "pool" } },
  { name: "another component of awsx", type: "awsx:ecs:FargateService" },
];

test("what is not known stays one opaque resource", async () => {
  symlinkSync(join(repository, "node_modules"), join(scratch, "node_modules"));
  writeFileSync(join(scratch, "Pulumi.yaml"), "name: opaque\nruntime: nodejs\n");
  writeFileSync(join(scratch, "package.json"), '{ "type": "commonjs", "main": "index.js" }');
  writeFileSync(
    join(scratch, "index.js"),
    `const { ComponentResource } = require("@pulumi/pulumi");
for (const { name, type = "awsx:ec2:Vpc", args, version = "3.9.0" } of ${JSON.stringify(opaque)})
  new ComponentResource(type, name, { ...args, vpcId: undefined }, { version }, true);\n`,
  );
  const { records } = await evaluateStack("dev", { root: scratch, preview: true });
  const left = records.slice(1).map(({ name, remote }) => ({ name, remote }));
  expect(new Set(left)).toEqual(new Set(opaque.map(({ name }) => ({ name, remote: true }))));
});
