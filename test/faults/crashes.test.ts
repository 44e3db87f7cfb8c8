import { describe } from "vitest";
import { operations } from "./operations/all.ts";
import { describeCrashes } from "./suite.ts";

describe("with conversations in the table", () => {
  describeCrashes("dynamodb", operations.dynamodb);
});

describe("with conversations in the bucket", () => {
  describeCrashes("s3", operations.s3);
});
