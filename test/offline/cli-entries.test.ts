/** The two entries that the CLI loads: what they do before the program and the pack begin. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import debuggable from "@pulumi/pulumi/runtime/debuggable.js";
import { expect, test } from "vitest";

const repository = join(import.meta.dirname, "../..");
const main = pathToFileURL(join(repository, "stacks/main.js")).href;

test("promises of the SDK have no stack traces, and errors have theirs", async () => {
  await import(main);
  const promise = Promise.resolve();
  debuggable.debuggablePromise(promise);
  expect(Reflect.get(promise, "_debugStackTrace")).toMatch(/^Error/);
  expect(Reflect.get(promise, "_debugStackTrace")).not.toContain("    at ");
  expect(Error.stackTraceLimit).toBeGreaterThan(0);
  expect(new Error("of the program").stack).toContain("cli-entries.test.ts");
});

/** Node says that it is an old one, and loads the file as old ones do. */
const old = `Object.defineProperty(process.versions, "node", { value: "20.20.2" });`;

test.concurrent("under an old Node the policy pack says which Node it needs, and how to have it", async () => {
  const pack = join(repository, "policies/index.js");
  const run = promisify(execFile)(process.execPath, [
    "-e",
    `${old} require(${JSON.stringify(pack)})`,
  ]);
  await expect(run).rejects.toThrow(
    /Error: this policy pack needs Node.js 22.18 or newer; this is 20.20.2.+npm run pulumi/,
  );
});

test.concurrent("under an old Node the program says the same", async () => {
  const code = `${old} import(${JSON.stringify(main)}).then(({ default: program }) => program())`;
  const run = promisify(execFile)(process.execPath, ["-e", code], { cwd: repository });
  await expect(run).rejects.toThrow(/this program needs Node.js 22.18 or newer; this is 20.20.2/);
});
