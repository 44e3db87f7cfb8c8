import { expect, test } from "vitest";
import { like } from "../../policies/reading/policy-document.ts";
import { allFlips, describeFlip } from "../../testing/flips/programs.ts";
import { unnoticed } from "../../testing/flips/unnoticed.ts";

const flips = await allFlips();
const missed = flips.filter(({ rules }) => rules.length === 0).map(describeFlip);
const rows = Object.values(unnoticed).flat();

test("weakening any single setting of any component is noticed by a rule, or known not to be", () => {
  const unknown = missed.filter((flip) => !rows.some((row) => like(row, flip)));
  expect([...new Set(unknown)]).toEqual([]);
});

test("no row excuses what a rule notices", () => {
  expect(rows.filter((row) => !missed.some((flip) => like(row, flip)))).toEqual([]);
});

test("every component's resources are among what was weakened", () => {
  const types = new Set(flips.map(({ type }) => type));
  for (const type of [
    "aws:dynamodb/table:Table",
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
    "aws:cognito/userPool:UserPool",
    "aws:apigateway/stage:Stage",
    "aws:lambda/function:Function",
    "aws:kms/key:Key",
    "aws:backup/plan:Plan",
    "aws:wafv2/webAcl:WebAcl",
  ]) {
    expect(types).toContain(type);
  }
  expect(flips.length).toBeGreaterThan(1000);
});
