/** The two entries that the CLI loads: what they do before the program and the pack begin. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const repository = join(import.meta.dirname, "../..");
const main = pathToFileURL(join(repository, "stacks/main.js")).href;

test.concurrent("promises of the SDK have no stack traces, and errors have theirs", async () => {
  const code = `
    await import(${JSON.stringify(main)});
    const { default: debuggable } = await import("@pulumi/pulumi/runtime/debuggable.js");
    const promise = Promise.resolve();
    debuggable.debuggablePromise(promise);
    const { stack } = new Error("of the program");
    console.log(JSON.stringify({ trace: promise._debugStackTrace, stack, limit: Error.stackTraceLimit }));`;
  // In a process of its own, as the CLI has it: where programs are evaluated the SDK's promises are others.
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--input-type=module", "-e", code],
    { cwd: repository },
  );
  const { trace, stack, limit } = JSON.parse(stdout);
  expect(trace).toMatch(/^Error/);
  expect(trace).not.toContain("    at ");
  expect(limit).toBeGreaterThan(0);
  expect(stack).toContain("    at ");
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
