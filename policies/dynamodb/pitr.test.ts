import { describe, expect, test } from "vitest";
import { judge, objections, resource, unknown } from "../testing.ts";
import { pitr } from "./pitr.ts";

const table = (props: object = {}) =>
  resource("aws:dynamodb/table:Table", { pointInTimeRecovery: { enabled: true }, ...props });

describe("ddb-pitr", () => {
  test("passes a table with point-in-time recovery", () => {
    expect(objections(pitr, [table()])).toEqual([]);
  });

  test.each([
    ["recovery is switched off", { pointInTimeRecovery: { enabled: false } }],
    ["the block is empty", { pointInTimeRecovery: {} }],
    ["the block is absent", { pointInTimeRecovery: undefined }],
  ])("objects when %s", (_, props) => {
    expect(objections(pitr, [table(props)])).toEqual(["pointInTimeRecovery.enabled"]);
  });

  test("names resource, value and fix", () => {
    expect(judge(pitr, [table({ pointInTimeRecovery: { enabled: false } })])).toEqual([
      expect.objectContaining({
        urn: "urn:pulumi:test::chatstack::aws:dynamodb/table:Table::it",
        message:
          "pointInTimeRecovery.enabled is false; allowed: true. Fix: set pointInTimeRecovery: { enabled: true }.",
      }),
    ]);
  });

  test("cannot tell when the flag is unknown", () => {
    expect(objections(pitr, [table({ pointInTimeRecovery: { enabled: unknown } })])).toEqual([
      "cannot tell: pointInTimeRecovery.enabled",
    ]);
  });

  test("leaves other resources alone", () => {
    expect(objections(pitr, [resource("aws:s3/bucket:Bucket", {})])).toEqual([]);
  });
});
