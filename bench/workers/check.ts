/** Evaluates and checks a stack of so many tenants, as production has them; the result is on descriptor 3. */
import "../../offline/sdk/load.ts";
import { rmSync, writeSync } from "node:fs";
import { check } from "../../offline/check/check.ts";
import { policyPack, projectWith } from "../project.ts";

const root = projectWith(Number(process.argv[2] ?? 1));
try {
  const { summary, outcome, failures, stacks } = await check({
    root,
    stacks: ["bench"],
    pack: policyPack,
  });
  const reasons = [...failures, ...stacks.flatMap((stack) => stack.failures)];
  if (outcome === "could-not-judge") throw new Error(reasons.join("\n"));
  const findings = summary.violations + summary.advisories;
  writeSync(3, JSON.stringify({ resources: summary.resources, findings }));
} finally {
  rmSync(root, { recursive: true });
}
