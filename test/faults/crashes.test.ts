import { describe } from "vitest";
import { operations } from "../../testing/faults/operations/all.ts";
import { describeCrashes } from "../../testing/faults/suite.ts";

describe("with conversations in the table", () => {
  describeCrashes("dynamodb", operations.dynamodb);
});

describe("with conversations in the bucket", () => {
  describeCrashes("s3", operations.s3);
});
