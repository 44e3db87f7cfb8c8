/** `chatstack fleet`: one operation on many stacks. */
import { type Command, Option } from "commander";
import type { FleetOperation } from "../../operations/fleet/engine/engine.ts";
import type { FleetFlags } from "../../operations/fleet/plan.ts";
import { duration, wholeNumber, withEngineOptions } from "./options.ts";

const operations: Readonly<Record<FleetOperation, { does: string; example: string }>> = {
  preview: {
    does: "show what `up` would change, with the policy pack",
    example: "preview --environment production",
  },
  up: {
    does: "preview stacks with the policy pack, then update those that nothing stands in the way of",
    example: 'up -s "cell-*" --canary cell-1 --waves 10%,50% --bake 10m --yes',
  },
  refresh: {
    does: "adopt into the state what the cloud really has",
    example: "refresh --environment production --yes",
  },
  destroy: {
    does: "preview, then delete stacks' resources; a stack with protected resources is not touched",
    example: "destroy -s cell-7 --allow-data-loss cell-7 --yes",
  },
};

const exitCodes = `
Exit code: 0 all succeeded; 1 some failed, were refused, interrupted or skipped; 2 wrong usage, not
confirmed, or it could not start.`;

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
  if (operation !== "preview") {
    command
      .option("-y, --yes", "do not ask; previews are made all the same")
      .option(
        "--waves <shares>",
        'after the canaries, how many of the others each wave goes up to: "1,10%,50%" (default: all at once)',
      )
      .addOption(wholeNumber("--wave <n>", "only this of the waves, the canaries' being the first"))
      .option("--shard <i/n>", "only this machine's part of the wave: 2/8 is the second of eight's")
      .addOption(duration("--bake <time>", 'wait between waves, such as "10m"'))
      .option(
        "--check-between <command>",
        "run between waves; the next wave begins only if it exits with 0",
      );
  }
  command.option(
    "--max-failures <n>",
    operation === "preview"
      ? "stacks that may fail before no other is begun, or a percentage (default: all)"
      : "stacks that may fail before no other is begun, or a percentage (default: 10%, at least 3)",
  );
  if (operation !== "refresh") {
    command
      .option("--refresh", "compare the state with the cloud first, so that drift is undone")
      .option("--allow-data-loss <stack...>", "stacks, by full name, that may lose data");
  }
  if (operation === "preview" || operation === "up") {
    command
      .option("--policy-pack <folder>", "folder of the policy pack (default: policies)")
      .option("--policy-pack-config <file>", "levels and settings of policies")
      .option("--create", "make stacks that the backend does not know");
  }
  command.addOption(
    wholeNumber("--per-place <n>", "operations at the same time in one account and region", 2),
  );
  withEngineOptions(command)
    .addOption(
      new Option("--resume [run]", "finish the last run, or the named one").conflicts([
        "stack",
        "environment",
        "canary",
        "policyPack",
        "policyPackConfig",
        "create",
        "refresh",
        "waves",
        "wave",
        "shard",
        "bake",
        "checkBetween",
      ]),
    )
    .option("--cancel-interrupted", "with --resume: `pulumi cancel` interrupted stacks first")
    .option("--events <file>", "append an event for each changed tenant, as lines of JSON")
    .option(
      "--event-bus <arn>",
      "send the same to this event bus of Amazon EventBridge (default: eventBus in cells.yaml)",
    )
    .option("--json", "write the report as JSON to stdout")
    .addHelpText("after", `\nExample:\n  $ chatstack fleet ${example}\n${exitCodes}`)
    .action(async (flags: FleetFlags) => {
      const { runCommand } = await import("../actions/fleet.ts");
      process.exitCode = await runCommand(operation, flags);
    });
}
