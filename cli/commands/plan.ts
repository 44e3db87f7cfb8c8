/** `chatstack plan`: what a stack would have, and what would change, without cloud credentials. */
import { type Command, InvalidArgumentError } from "commander";
import type { PlanFlags } from "../actions/plan.ts";

export function registerPlan(program: Command) {
  program
    .command("plan")
    .description("show what a stack would have and what would change, offline")
    .option("-s, --stack <name>", "stack to plan: Pulumi.<name>.yaml", "dev")
    .option("--stacks <name...>", "plan these together, * for any text; with --against git:…")
    .option("-a, --against <what>", "what to compare with; see below")
    .option("-t, --tenant <id...>", "show these tenants only; the exit code counts all")
    .option("-d, --depth <levels>", "levels of the tree to draw below each tenant", parseDepth)
    .option("--expect-no-changes", "exit code 1 if anything differs")
    .option("--json [file]", "write the plan as JSON, to stdout or a file")
    .option("--markdown [file]", "write the differences for a pull request's comment")
    .option("--html <file>", "write the differences as a page, beside what is printed")
    .addHelpText(
      "after",
      `
--against takes
  prod, stack:prod          the stack of that name
  old.yaml, file:old        a stack file
  git:main, git:HEAD~1      program and stack file as of a git revision
  state.json, state:file    what \`pulumi stack export\` wrote; - reads it from stdin

Example:
  $ chatstack plan --stack prod --against git:main
  $ chatstack plan --stacks "prod-*" --against git:main --html plan.html

Exit code: 0 no data would be lost, 1 data would be lost or \`pulumi up\` would be refused, 2 wrong
usage or the plan could not be made.`,
    )
    .action(async (flags: PlanFlags) => {
      const { run } = await import("../actions/plan.ts");
      process.exitCode = await run(flags);
    });
  return { example: "plan -s prod --against git:main", does: "show what would change, offline" };
}

function parseDepth(text: string): number {
  const depth = Number(text);
  if (!Number.isInteger(depth) || depth < 0 || text.trim() === "") {
    throw new InvalidArgumentError("Allowed: a whole number, 0 or more.");
  }
  return depth;
}
