/** A state after a refresh, in which AWS has spelt what the program says in its own way. */
import { expect, test } from "vitest";
import { compareWithDeployed } from "../../offline/plan/plan.ts";
import { plainOptions, type ResourceRecord } from "../../offline/record.ts";

type Inputs = Record<string, unknown>;

const record = (type: string, inputs: Inputs, outputs: Inputs = inputs): ResourceRecord => ({
  urn: `urn:pulumi:test::chatstack::${type}::x`,
  type,
  name: "x",
  custom: true,
  inputs,
  outputs,
  secrets: [],
  options: plainOptions,
  propertyDependencies: {},
});

const changed = (deployed: ResourceRecord, wanted: Inputs): string[] =>
  compareWithDeployed([deployed], [record(deployed.type, wanted)]).changes.flatMap(
    ({ properties }) => properties.map(({ path }) => path),
  );

const table = "aws:dynamodb/table:Table";
const indexes = (...names: string[]) =>
  names.map((name) => ({ name, hashKey: "pk", projectionType: "ALL" }));

test("a set in another order, whose entries have empty values as well, is the same set", () => {
  const [first, second] = indexes("by-creation", "by-recency");
  const answered = [second, { ...first, nonKeyAttributes: [], rangeKey: "", warmThroughput: null }];
  const deployed = record(table, { globalSecondaryIndexes: answered });
  const wanted = { globalSecondaryIndexes: indexes("by-creation", "by-recency") };
  expect(changed(deployed, wanted)).toEqual([]);
  const other = { globalSecondaryIndexes: indexes("by-creation", "by-name") };
  expect(changed(deployed, other)).not.toEqual([]);
});

test.each([
  null,
  "",
  [],
  {},
])("an argument that AWS answers as %j is as if nothing were said", (nothing) => {
  expect(changed(record(table, { localSecondaryIndexes: nothing }), {})).toEqual([]);
  const nested = { ttl: { enabled: true, attributeName: "expires", extra: nothing } };
  const wanted = { ttl: { enabled: true, attributeName: "expires" } };
  expect(changed(record(table, nested), wanted)).toEqual([]);
});

test("what the resource is already is no change, whatever it was last asked to be", () => {
  const logs = "aws:cloudwatch/logGroup:LogGroup";
  const deployed = record(logs, { retentionInDays: 30 }, { retentionInDays: 90 });
  expect(changed(deployed, { retentionInDays: 90 })).toEqual([]);
  expect(changed(deployed, { retentionInDays: 60 })).toEqual(["retentionInDays"]);
});
