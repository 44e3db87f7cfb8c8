import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { startRecoverableDynamoDB } from "../../testing/aws/recoverable-dynamodb.ts";

const script = resolve(import.meta.dirname, "../../scripts/drill.ts");

/** `npm run drill`; fails when it exits with another code than 0. */
async function drill(env: Readonly<Record<string, string>> = {}) {
  const { stdout } = await promisify(execFile)(process.execPath, [script, "--json"], {
    env: { ...process.env, ...env },
  });
  const steps: { step: string; outcome: string; note: string }[] = JSON.parse(stdout);
  const outcomes = Object.fromEntries(steps.map(({ step, outcome }) => [step, outcome]));
  return { outcomes, noteOf: (name: string) => steps.find(({ step }) => step === name)?.note };
}

const steps = {
  "start the stack on a temporary folder": "done",
  "write conversations as a user": "done",
  "take the point in time": "done",
  "lose data: a deletion, lost messages, and users who write on": "done",
  "restore: RestoreTableToPointInTime": "done",
  "protect the restored table": "done",
  "compare the two tables": "done",
  "write the stack's file": "done",
  "judge the changed stack by the policy pack": "done",
  "start the stack with the restored table": "done",
  "read the conversations back through the API": "done",
};

it("a drill brings lost conversations back, and says what this engine cannot do", async () => {
  const [here, recoverable] = await Promise.all([drill(), withRecovery(drill)]);
  expect(here.outcomes).toEqual({
    ...steps,
    "restore: RestoreTableToPointInTime": "not possible here",
  });
  expect(here.noteOf("compare the two tables")).toBe(
    "12 messages are the same, 8 are in the restored table alone",
  );
  expect(recoverable.outcomes).toEqual(steps);
  expect(recoverable.noteOf("protect the restored table")).toContain("recovery: set");
}, 120_000);

async function withRecovery<T>(run: (env: Record<string, string>) => Promise<T>): Promise<T> {
  const aws = await startRecoverableDynamoDB();
  try {
    return await run({ AWS_ENDPOINT_URL_DYNAMODB: aws.endpoint });
  } finally {
    await aws.stop();
  }
}
