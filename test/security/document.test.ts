import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { root } from "./support/patterns.ts";

it("docs/concepts/security.md names every file of attacks, and no other", () => {
  const text = readFileSync(join(root, "docs/concepts/security.md"), "utf8");
  const table = text.slice(0, text.indexOf("<!-- counts"));
  const named = table.match(/test\/security\/[\w-]+\.test\.ts/g) ?? [];
  const files = globSync("test/security/*.test.ts", { cwd: root });
  expect(named.toSorted()).toEqual(
    files.filter((file) => !file.endsWith("/document.test.ts")).toSorted(),
  );
});
