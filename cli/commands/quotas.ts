/** `chatstack quotas`: what stacks ask of the account's quotas, without cloud credentials. */
import type { Command } from "commander";
import type { QuotasFlags } from "../actions/quotas.ts";

export function registerQuotas(program: Command) {
  withOptions(program.command("quotas")).action(async (flags: QuotasFlags) => {
    const { run } = await import("../actions/quotas.ts");
    process.exitCode = await run(flags);
  });
  return {
    example: "quotas --from lambda.json",
    does: "tell which quota of the account ends first",
  };
}

/** The options, for callers that carry them out without a process. */
export const withOptions = (command: Command): Command =>
  command
    .description("count stacks against the quotas of their AWS account and region, offline")
    .option(
      "-s, --stack <name...>",
      "stacks to count, those of one account and region together (default: all)",
    )
    .option("--from <file...>", "the account's limits: output of `aws service-quotas`")
    .option("--all", "also show quotas that are hardly used")
    .option("--tiers", "show how many tenants of each tier an account and region holds")
    .option("--table", "show every quota that stacks are counted against, with its source")
    .option("--markdown", "print tables for a document, with --tiers or --table")
    .option("--json [file]", "write the report as JSON, to stdout or a file")
    .addHelpText(
      "after",
      `
Limits that AWS raised stand in the stack's file, as chatstack:quotas, or in files that are the output of
  $ aws service-quotas list-service-quotas --service-code lambda > lambda.json

Example:
  $ chatstack quotas --stack prod --from lambda.json iam.json

Exit code: 0 all fits, 1 a quota is exceeded, 2 wrong options, files or config.`,
    );
