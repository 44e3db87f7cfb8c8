import { readFileSync } from "node:fs";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { evaluate } from "../../offline/evaluate.ts";
import { type ContractEntry, contractFaults, contractOf } from "../../offline/upgrade/contract.ts";
import { fullComponents } from "../../testing/stacks/full-components.ts";

const recorded: Record<string, ContractEntry[]> = JSON.parse(
  readFileSync(new URL("contract.json", import.meta.url), "utf8"),
);

test("every component has a recorded contract", () => {
  expect(Object.keys(recorded).sort()).toEqual(Object.keys(fullComponents).sort());
});

test.each(
  Object.entries(fullComponents),
)("%s still makes every resource that was ever recorded, or names it in an alias", async (component, program) => {
  const { records } = await evaluate(program);
  expect(contractFaults(recorded[component] ?? [], records)).toEqual([]);
});

describe("a rename", () => {
  class Group extends pulumi.ComponentResource {
    constructor(bucket: string, options: pulumi.CustomResourceOptions = {}) {
      super("test:index:Group", "group");
      new aws.sns.Topic(bucket, {}, { parent: this, ...options });
    }
  }
  const recordsOf = async (program: () => unknown) => (await evaluate(program)).records;
  const place = (name: string) => `test:index:Group$aws:sns/topic:Topic::${name}`;

  test("without an alias is a fault that says what happens and what to do", async () => {
    const before = contractOf(await recordsOf(() => new Group("old")));
    const [lost, added] = contractFaults(before, await recordsOf(() => new Group("new")));
    expect(lost).toEqual({
      kind: "lost",
      place: place("old"),
      problem: expect.stringMatching(/new resource.*aliases: \[\{.*name: "old" \}\]/),
    });
    expect(added).toMatchObject({
      place: place("new"),
      problem: expect.stringMatching(/recorded/),
    });
  });

  test("with an alias is none; the alias itself may never go", async () => {
    const before = contractOf(await recordsOf(() => new Group("old")));
    const aliased = await recordsOf(() => new Group("new", { aliases: [{ name: "old" }] }));
    const faults = contractFaults(before, aliased);
    expect(faults.map((fault) => fault.place)).toEqual([place("new")]);
    const later = contractFaults(contractOf(aliased), await recordsOf(() => new Group("new")));
    expect(later.map((fault) => fault.place)).toEqual([place("old")]);
  });
});
