import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { expect, it } from "vitest";
import { chatstack } from "../../testing/processes/chatstack.ts";
import { protectedStack, temporaryProject } from "./tenant.ts";

it("a restore test in the stack's file is what the policy pack asks for", async () => {
  const project = await temporaryProject(protectedStack);
  const pack = resolve(import.meta.dirname, "../../policies");
  const check = () =>
    chatstack(["check", "-s", "test", "-r", "restore-test", "--policy-pack", pack], {
      cwd: project.root,
    });
  expect((await check()).stdout).toContain("RestoreTestingPlan is absent");
  const tested = protectedStack.replace(
    "retentionDays: 35",
    "retentionDays: 35, restoreTest: weekly",
  );
  await writeFile(project.path, tested);
  expect((await check()).stdout).toContain("0 advisories");
  await project.remove();
}, 240_000);
