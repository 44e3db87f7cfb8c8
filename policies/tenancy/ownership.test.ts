import { describe, expect, test } from "vitest";
import type { Exemption, StackConfig } from "../reading/stack-config.ts";
import { judge, plainStack, resource, testRule } from "../testing.ts";
import { ownExemption, ownIgnoreChanges, ownParent, ownRetain } from "./ownership.ts";

const owned = (types: string) =>
  resource(
    "aws:dynamodb/table:Table",
    {},
    { urn: `urn:pulumi:dev::chatstack::${types}::acme-chat` },
  );

testRule(ownParent, {
  passes: {
    "a table inside a component": [
      owned("chatstack:index:TenantStack$chatstack:index:ChatTable$aws:dynamodb/table:Table"),
    ],
    "what holds no data": [resource("aws:sns/topic:Topic", {})],
  },
  objects: {
    "a table stands alone": [[owned("aws:dynamodb/table:Table")], "parent"],
    "a table is in a component that is called like ours": [
      [owned("my-chatstack:index:Database$aws:dynamodb/table:Table")],
      "parent",
    ],
    "a table is in a foreign component": [
      [owned("other:index:Database$aws:dynamodb/table:Table")],
      "parent",
    ],
    ...Object.fromEntries(
      ["aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2", "aws:cognito/userPool:UserPool"].map(
        (type) => [`a ${type} stands alone`, [[resource(type, {})], "parent"]],
      ),
    ),
  },
});

test("own-parent is no business of a stack without tenants, unless it is told so", () => {
  const alone = [owned("aws:dynamodb/table:Table")];
  const stack = { ...plainStack, hasTenants: false };
  expect(judge(ownParent, alone, { stack })).toEqual([]);
  expect(judge(ownParent, alone, { stack, config: { everywhere: true } })).toHaveLength(1);
});

const component = (retain?: string) => resource("chatstack:index:ChatTable", { retain });

testRule(ownRetain, {
  passes: { "components that keep their data": [component("retain"), component("protect")] },
  objects: {
    "a component destroys it": [[component("destroy")], "retain"],
    "a component does not say": [[component()], "retain"],
  },
});

const ignoring = (...ignoreChanges: string[]) =>
  resource("aws:dynamodb/table:Table", {}, { opts: { protect: false, ignoreChanges } });

testRule(ownIgnoreChanges, {
  passes: {
    "nothing ignored": [ignoring()],
    "what auto scaling moves": [
      ignoring("readCapacity", "globalSecondaryIndexes[1].writeCapacity"),
    ],
  },
  objects: {
    "protection is ignored": [[ignoring("deletionProtectionEnabled")], "ignoreChanges"],
    "everything is": [[ignoring("*")], "ignoreChanges"],
    "whole indexes are": [[ignoring("globalSecondaryIndexes")], "ignoreChanges"],
  },
});

describe("own-exemption", () => {
  const exemption: Exemption = {
    rule: "ddb-pitr",
    resource: "acme-*",
    reason: "load test",
    owner: "platform@example.org",
    expires: "2026-11-01",
  };
  const stack = resource("pulumi:pulumi:Stack", {}, { name: "chatstack-dev" });
  const found = (config: Partial<StackConfig>) =>
    judge(
      ownExemption(["ddb-pitr", "ddb-protect"], ["ddb-protect"]),
      [stack, owned("aws:dynamodb/table:Table"), resource("a:b:C", {}, { name: "acme-chat" })],
      {
        stack: { ...plainStack, ...config },
      },
    ).map(({ verdict, message }) => `${verdict}: ${message.split(";")[0]}`);

  test("passes exemptions in force, and a stack without any", () => {
    expect(found({ exemptions: [exemption] })).toEqual([]);
    expect(found({})).toEqual([]);
  });

  test.each([
    ["expired yesterday", { expires: "2026-10-31" }, "expired on 2026-10-31"],
    ["is of a rule that does not exist", { rule: "ddb-pitt" }, "for no rule"],
    ["is for every resource", { resource: "*" }, "for every resource"],
    ["is for every resource, in other words", { resource: "**" }, "for every resource"],
    ["holds for longer than a year", { expires: "2999-01-01" }, "in force until 2999-01-01"],
    ["matches no resource", { resource: "initech-*" }, "for no resource"],
  ])("objects to one that %s", (_, change, message) => {
    const changed = { ...exemption, ...change };
    expect(found({ exemptions: [changed] })).toEqual([
      `violation: chatstack:exemptions ${changed.rule} of ${changed.resource} is ${message}`,
    ]);
  });

  test("passes one that let data go, until it expires", () => {
    const gone = { ...exemption, rule: "ddb-protect", resource: "globex-*" };
    expect(found({ exemptions: [gone] })).toEqual([]);
    expect(found({ exemptions: [{ ...gone, expires: "2026-10-31" }] })).toEqual([
      "violation: chatstack:exemptions ddb-protect of globex-* is expired on 2026-10-31",
    ]);
  });

  test("objects to entries that could not be read", () => {
    expect(found({ malformed: ["entry 0 has no owner"] })).toEqual([
      "violation: chatstack:exemptions is entry 0 has no owner",
    ]);
  });

  test("cannot be exempted itself", () => {
    const trick = { ...exemption, rule: "own-exemption", resource: "acme-*" };
    expect(found({ exemptions: [trick] })).toEqual([
      "violation: chatstack:exemptions own-exemption of acme-* is for no rule",
    ]);
  });
});
