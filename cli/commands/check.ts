/** `chatstack check`: policy checks of stacks, without cloud credentials. */
import { type Command, Option } from "commander";
import type { Flags } from "../actions/check.ts";
import { baselineOption, failOnOption } from "./options.ts";

export function registerCheck(program: Command) {
  program
    .command("check")
    .description("check stacks against the policy pack, offline and without cloud credentials")
    .option(
      "-s, --stack <name...>",
      "stacks to check (default: all that have a Pulumi.<name>.yaml)",
    )
    .option("-r, --rule <id...>", 'rules to check, "*" for any text (default: all)')
    .addOption(
      new Option(
        "--level <level>",
        "show findings of this level only; the exit code counts all",
      ).choices(["mandatory", "advisory"]),
    )
    .addOption(failOnOption())
    .addOption(baselineOption())
    .option("--write-baseline <file>", "write the present violations as the baseline; exit code 0")
    .option("--short", "print a line for each finding, no wider than the terminal")
    .option("--list", "list the rules, their levels in each stack and the controls they cover")
    .option("--policy-pack <folder>", "folder of the policy pack (default: policies)")
    .option("--protocol", "run chatstack's own pack as the engine does, in a separate process")
    .option("--policy-pack-config <file>", "levels and settings of policies, as for pulumi preview")
    .option("--json [file]", "write the report as JSON, to stdout or a file")
    .option("--sarif [file]", "write the report as SARIF 2.1.0, for code scanning")
    .option("--junit [file]", "write the report as JUnit XML")
    .addHelpText("after", "\nExit code: 0 clean, 1 violations, 2 something could not be judged.")
    .action(async (flags: Flags) => {
      const { run } = await import("../actions/check.ts");
      process.exitCode = await run(flags);
    });
  return { example: "check --stack prod", does: "judge a stack by the policy pack, offline" };
}
