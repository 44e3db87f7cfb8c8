/** `chatstack fleet`: one operation on many stacks. */
import { type Command, InvalidArgumentError, Option } from "commander";
import type { FleetFlags, FleetOperation } from "../fleet/command.ts";

const operations: Readonly<Record<FleetOperation, string>> = {
  preview: "show what `up` would change, with the policy pack",
  up: "bring stacks to what the program says, with the policy pack",
  refresh: "adopt into the state what the cloud really has",
  destroy: "delete stacks' resources; what is protected makes it fail",
};

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
    does: "update all stacks, the others once the canary succeeded",
  };
}

const exitCodes = `
Exit code: 0 all succeeded, 1 some failed or were skipped, 2 wrong usage or it could not start.`;

function register(fleet: Command, operation: FleetOperation): void {
  const command = fleet
    .command(operation)
    .description(operations[operation])
    .option("-s, --stack <name...>", 'stacks, "*" for any text (default: all)')
    .option("--environment <name>", "only stacks with this chatstack:environment")
    .option("--canary <stack...>", "stacks to do first; the others wait for their success")
    .addOption(atLeastOne("--parallel <n>", "operations at the same time", 4))
    .addOption(atLeastOne("--tries <n>", "tries where AWS throttles or a connection breaks", 5))
    .addOption(
      atLeastZero("--retry-seconds <n>", "most seconds before the second try, then twice that", 5),
    )
    .option("--pulumi-path <file>", "the pulumi program (default: the first on the PATH)")
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
    .option(
      "--cancel-interrupted",
      "with --resume: run `pulumi cancel` on interrupted stacks first",
    )
    .option("--json", "write the report as JSON to stdout");
  if (operation !== "preview") command.option("-y, --yes", "do not ask");
  if (operation === "preview" || operation === "up") {
    command
      .option("--policy-pack <folder>", "folder of the policy pack (default: policies)")
      .option("--policy-pack-config <file>", "levels and settings of policies")
      .option("--create", "make stacks that the backend does not know");
  }
  command
    .addHelpText("after", `\nExample:\n  $ chatstack fleet ${examples[operation]}\n${exitCodes}`)
    .action(async (flags: FleetFlags) => {
      const { runCommand } = await import("../fleet/command.ts");
      process.exitCode = await runCommand(operation, flags);
    });
}

const examples: Readonly<Record<FleetOperation, string>> = {
  preview: "preview --environment production",
  up: 'up -s "cell-*" --canary cell-1 --parallel 4 --yes',
  refresh: "refresh --environment production --yes",
  destroy: "destroy -s cell-7 --yes",
};

const atLeastOne = (flags: string, what: string, value: number): Option =>
  new Option(flags, what).default(value).argParser(wholeNumberFrom(1));

const atLeastZero = (flags: string, what: string, value: number): Option =>
  new Option(flags, what).default(value).argParser(wholeNumberFrom(0));

function wholeNumberFrom(least: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (Number.isInteger(number) && number >= least) return number;
    throw new InvalidArgumentError(`Allowed: a whole number from ${least} on.`);
  };
}
