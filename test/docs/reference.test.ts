import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { readReference } from "../../scripts/reference/declarations.ts";
import { referenceFiles } from "../../scripts/reference/document.ts";

const reference = readReference();
const folder = resolve(import.meta.dirname, "../../docs/reference");

test("docs/reference is what `npm run docs` writes from the doc comments of today", () => {
  const written = readdirSync(folder).map((name) => [
    name,
    readFileSync(join(folder, name), "utf8"),
  ]);
  expect(Object.fromEntries(written)).toEqual(Object.fromEntries(referenceFiles(reference)));
});

test("every argument of every component says what it is for", () => {
  const silent = reference.components.flatMap(({ name, args }) =>
    args.members
      .filter(
        (member) => !member.about && !["transform", "table", "documents"].includes(member.name),
      )
      .map((member) => `${name}.${member.name}`),
  );
  expect(silent).toEqual([]);
});
