import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const script = resolve(import.meta.dirname, "../../scripts/drill.ts");

const steps = [
  "start the stack, protected, with backups on",
  "write conversations as a user",
  "scheduled backup: AWS Backup's plan runs",
  "lose data: a deletion and a script",
  "restore: StartRestoreJob, bring over",
  "suspend: nobody writes any more",
  "bring over the rest, write the file",
  "judge the changed stack by the policy pack",
  "start the stack with the restored table",
  "the next scheduled backup",
  "read everything back through the API",
];

/** `npm run drill`; fails when it exits with another code than 0. */
it("a drill restores a recovery point under writes, brings later writes over, and counts them", async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [script, "--json"]);
  const done: { step: string; outcome: string; note: string }[] = JSON.parse(stdout);
  expect(done.map(({ step }) => step)).toEqual(steps);
  expect(new Set(done.map(({ outcome }) => outcome))).toEqual(new Set(["done"]));
  const noteOf = (name: string) => done.find(({ step }) => step === name)?.note ?? "";

  const numberIn = (name: string, pattern: RegExp) => Number(pattern.exec(noteOf(name))?.[1]);
  // Of five conversations of four messages the user deleted one, and the script emptied another.
  expect(noteOf("restore: StartRestoreJob, bring over")).toContain(": 8 lost messages are back");
  expect(
    numberIn("restore: StartRestoreJob, bring over", /; (\d+) messages written/),
  ).toBeGreaterThan(0);
  const later = numberIn("suspend: nobody writes any more", /^(\d+) messages/);
  const all = 4 * 4 + later;
  expect(noteOf("read everything back through the API")).toContain(`${all} of ${all} messages`);
}, 180_000);
