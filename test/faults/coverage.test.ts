import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, it } from "vitest";
import { contract } from "../../app/contract/index.ts";
import { operations } from "../../testing/faults/operations/all.ts";

const names = [...operations.dynamodb, ...operations.s3].map(({ name }) => name);

it("puts every operation of the contract through faults, but those that ask nothing of AWS", () => {
  const asksNothing = ["getHealth", "getOpenApi", "getReference", "listModels"];
  const tried = new Set(names.map((name) => name.split(",")[0]));
  const untried = contract.map(({ operationId }) => operationId).filter((id) => !tried.has(id));
  expect(untried).toEqual(asksNothing);
});

it("docs/scale/reliability.md has every operation (`npm run reliability` writes it)", () => {
  const text = readFileSync(
    resolve(import.meta.dirname, "../../docs/scale/reliability.md"),
    "utf8",
  );
  expect(names.filter((name) => !text.includes(`| ${name} |`))).toEqual([]);
});
