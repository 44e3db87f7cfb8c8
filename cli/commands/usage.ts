/** `chatstack usage`: what each tenant of a stack used in a month, as `chatstack cost --usage` reads it. */
import type { Command } from "commander";
import type { UsageFlags } from "../actions/usage.ts";

export function registerUsage(program: Command) {
  program
    .command("usage")
    .description("measure what each tenant used in a month: a usage file for `cost --usage`")
    .option(
      "-s, --stack <name>",
      "stack whose region and role are taken: Pulumi.<name>.yaml",
      "dev",
    )
    .requiredOption("--state <file>", "what `pulumi stack export` wrote; - reads stdin")
    .option("--month <month>", "month in UTC, e.g. 2026-10 (default: the last one that is over)")
    .option("--json", "print one JSON object")
    .addHelpText(
      "after",
      `
From CloudWatch: requests, seconds of the function, capacity units, GB of documents. From the tenants' tables: users,
conversations, answers and tokens, by the app's own counters, and GB in store today. What is not measured has the
default of \`chatstack cost --print-usage\`.

CloudWatch bills GetMetricData by the metric, $0.01 for 1,000 in US East; a tenant has about ten. The counters cost half a
read unit for each user of the month. Permissions: cloudwatch:GetMetricData, dynamodb:DescribeTable, and dynamodb:Query and
dynamodb:GetItem on the tables and their indexes.

Example:
  $ pulumi stack export --stack prod | chatstack usage --stack prod --state - > usage.yaml
  $ chatstack cost --stack prod --usage usage.yaml

Exit code: 0 measured, 1 something broke, 2 wrong options or files, or a metric that CloudWatch refuses.`,
    )
    .action(async (flags: UsageFlags) => {
      const { usageText } = await import("../actions/usage.ts");
      process.stdout.write(`${await usageText(flags)}\n`);
    });
  return {
    example: "usage --stack prod --state state.json",
    does: "measure what each tenant used in a month",
  };
}
