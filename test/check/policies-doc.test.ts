import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { anchors } from "../../scripts/policies-doc/anchors.ts";
import { coveredBy, rules } from "../../scripts/policies-doc/coverage.ts";
import { policiesDocument } from "../../scripts/policies-doc/document.ts";

const file = resolve(import.meta.dirname, "../../docs/policies/rules.md");

test("docs/policies/rules.md says what the rules say (`npm run docs` writes it)", () => {
  expect(readFileSync(file, "utf8")).toBe(policiesDocument());
});

describe.each(anchors)("every control of $name", (anchor) => {
  test.each(anchor.controls)("$id is covered by a rule, or says why not", (control) => {
    const covering = coveredBy(anchor, control);
    const known = rules.map(({ id }) => id);
    expect(covering.filter((id) => !known.includes(id))).toEqual([]);
    expect(covering.length > 0 || Boolean(control.why)).toBe(true);
  });

  test("is listed when a rule claims to cover it", () => {
    const claimed = rules
      .flatMap(({ frameworks }) => frameworks)
      .filter(({ name }) => name === anchor.name)
      .map(({ id }) => id);
    const listed = anchor.controls.map(({ id }) => id);
    expect(claimed.filter((id) => !listed.includes(id))).toEqual([]);
  });
});
