/** `chatstack fleet`: one operation on many stacks. */
import { type Command, Option } from "commander";
import type { FleetOperation } from "../../operations/fleet/engine/engine.ts";
import type { FleetFlags } from "../../operations/fleet/plan.ts";
import { withEngineOptions } from "./options.ts";

const operations: Readonly<Record<FleetOperation, { does: string; example: string }>> = {
  preview: {
    does: "show what `up` would change, with the policy pack",
    example: "preview --environment production",
  },
  up: {
    does: "bring stacks to what the program says, with the policy pack",
    example: 'up -s "cell-*" --canary cell-1 --yes',
  },
  refresh: {
    does: "adopt into the state what the cloud really has",
    example: "refresh --environment production --yes",
  },
  destroy: {
    does: "delete stacks' resources; what is protected makes it fail",
    example: "destroy -s cell-7 --yes",
  },
};

const exitCodes = `
Exit code: 0 all succeeded, 1 some failed or were skipped, 2 wrong usage or it could not start.`;

export function registerFleet(program: Command) {
  const fleet = program
    .command("fleet")
    .description("run one operation of Pulumi over many stacks, canaries first")
    .addHelpText("after", exitCodes);
  for (const operation of ["preview", "up", "refresh", "destroy"] as const) {
    register(fleet, operation);
  }
  return {
    example: "fleet up --canary cell-1",
    does: "update every stack, the others once the canary succeeded",
  };
}

function register(fleet: Command, operation: FleetOperation): void {
  const { does, example } = operations[operation];
  const command = fleet
    .command(operation)
    .description(does)
    .option("-s, --stack <name...>", 'stacks, "*" for any text (default: all)')
    .option("--environment <name>", "only stacks with this chatstack:environment")
    .option("--canary <stack...>", "stacks to do first; the others wait for their success");
  if (operation !== "preview") command.option("-y, --yes", "do not ask");
  if (operation === "preview" || operation === "up") {
    command
      .option("--policy-pack <folder>", "folder of the policy pack (default: policies)")
      .option("--policy-pack-config <file>", "levels and settings of policies")
      .option("--create", "make stacks that the backend does not know");
  }
  withEngineOptions(command)
    .addOption(
      new Option("--resume [run]", "finish the last run, or the named one").conflicts([
        "stack",
        "environment",
        "canary",
        "policyPack",
        "policyPackConfig",
        "create",
      ]),
    )
    .option("--cancel-interrupted", "with --resume: `pulumi cancel` interrupted stacks first")
    .option("--json", "write the report as JSON to stdout")
    .addHelpText("after", `\nExample:\n  $ chatstack fleet ${example}\n${exitCodes}`)
    .action(async (flags: FleetFlags) => {
      const { runCommand } = await import("../actions/fleet.ts");
      process.exitCode = await runCommand(operation, flags);
    });
}
