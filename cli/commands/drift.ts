/** `chatstack drift`: what differs between the state and the cloud. */
import type { Command } from "commander";
import type { DriftFlags } from "../actions/drift.ts";
import { withEngineOptions } from "./options.ts";

export function registerDrift(program: Command) {
  const command = program
    .command("drift")
    .description(
      "show differences between the stacks' state and the cloud, by tenant; changes nothing",
    )
    .option("-s, --stack <name...>", 'stacks, "*" for any text (default: all)')
    .option("--environment <name>", "only stacks with this chatstack:environment");
  withEngineOptions(command)
    .option("--json", "write the report as JSON to stdout")
    .addHelpText(
      "after",
      `
Example:
  $ chatstack drift -s prod

Exit code: 0 no drift, 1 drift, 2 a stack could not be compared.`,
    )
    .action(async (flags: DriftFlags) => {
      const { runDrift } = await import("../actions/drift.ts");
      process.exitCode = await runDrift(flags);
    });
  return { example: "drift -s prod", does: "show what was changed behind Pulumi's back" };
}
