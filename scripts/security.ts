/** Attacks the application, says how much was tried, and writes the counts into `docs/concepts/security.md`. */
import { readFileSync, writeFileSync } from "node:fs";
import { relative, resolve } from "node:path";
import { startVitest, type TestModule } from "vitest/node";
import { countsIn } from "./security/counts.ts";

const root = resolve(import.meta.dirname, "..");
const page = resolve(root, "docs/concepts/security.md");

/** `npm run test:security -- tokens` attacks with one file, and leaves the document as it is. */
const files = process.argv.slice(2);
const filters =
  files.length === 0 ? ["test/security/"] : files.map((file) => `test/security/${file}`);

const vitest = await startVitest("test", filters, { watch: false, root });
const counts = vitest.state
  .getTestModules()
  .map(countsOf)
  .filter(({ tried }) => tried > 0);
console.log(
  counts.map(({ file, tests, tried }) => `${file}: ${tried} tried in ${tests} tests`).join("\n"),
);
console.log(`${sum(counts.map(({ tried }) => tried))} tried in all`);
await vitest.close();

const isWhole = files.length === 0 && process.env.SECURITY_CASES === undefined;
if (isWhole && !process.exitCode) writeFileSync(page, countsIn(readFileSync(page, "utf8"), counts));

function countsOf(module: TestModule) {
  const tests = [...module.children.allTests()];
  const tried = sum(tests.map((test) => test.meta().tried ?? 0));
  return { file: relative(root, module.moduleId), tests: tests.length, tried };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
