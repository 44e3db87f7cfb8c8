/** `chatstack doctor`: what is missing before a stack's first `pulumi up`. */
import { type Command, Option } from "commander";
import type { DoctorFlags } from "../actions/doctor.ts";

export function registerDoctor(program: Command) {
  program
    .command("doctor")
    .description("list what this machine and a new AWS account lack before the first pulumi up")
    .option("-s, --stack <name...>", "stacks to look at (default: all)")
    .option("--account", "also read the account, with the credentials that the AWS SDK finds")
    .option("--region <name>", "AWS region to read (default: the stack's aws:region)")
    .addOption(
      new Option(
        "--boundary",
        "only print the permissions boundary that the stacks' roles need",
      ).conflicts(["account", "json", "region"]),
    )
    .addOption(
      new Option(
        "--deploy-policy <folder>",
        "only write the policies that pulumi up needs",
      ).conflicts(["account", "boundary", "json", "region"]),
    )
    .option("--json [file]", "write the report as JSON, to stdout or a file")
    .addHelpText(
      "after",
      `
Without --account the command reads only the project, and checks that need the account are "unknown". It never
writes to the account. docs/start/fresh-account.md has the steps in order, and the permissions to read.

Examples:
  $ chatstack doctor --stack prod
  $ chatstack doctor --stack prod --account
  $ chatstack doctor --stack prod --boundary > boundary.json
  $ chatstack doctor --stack prod --deploy-policy policies

Exit code: 0 nothing is missing, 1 something is missing, or the account could not be reached, 2 wrong options,
files or config.`,
    )
    .action(async (flags: DoctorFlags) => {
      const { run } = await import("../actions/doctor.ts");
      process.exitCode = await run(flags);
    });
  return { example: "doctor --stack prod", does: "tell what is missing before the first update" };
}
