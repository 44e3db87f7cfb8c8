/** `chatstack report`: one page for whoever reviews a stack. */
import type { Command } from "commander";
import type { ReportFlags } from "../actions/report.ts";
import { baselineOption, failOnOption } from "./options.ts";

export function registerReport(program: Command) {
  program
    .command("report")
    .description(
      "write an HTML page for reviewers: tenants, topology, findings, quotas, cost, changes",
    )
    .option("-s, --stack <name>", "stack to report on: Pulumi.<name>.yaml", "dev")
    .option("-a, --against <what>", "show what would change, as `chatstack plan` does")
    .option("-u, --usage <file>", "usage profile, as for `chatstack cost`")
    .option("--prices <file>", "price table, as for `chatstack cost`")
    .option("--policy-pack <folder>", "folder of the policy pack (default: policies)")
    .addOption(failOnOption())
    .addOption(baselineOption())
    .option("-o, --output <file>", 'where to write the page, "-" for stdout', "report.html")
    .addHelpText(
      "after",
      `
The page is one file that loads nothing; its one script filters by tenant. Evaluated offline, without
cloud credentials.

Example:
  $ chatstack report --stack prod --against git:main --output prod.html

Exit code, as for check: 0 clean, 1 violations, 2 something could not be judged, or wrong options.`,
    )
    .action(async (flags: ReportFlags) => {
      const { report } = await import("../actions/report.ts");
      process.exitCode = await report(flags);
    });
  return { example: "report -s prod -o prod.html", does: "one page for whoever reviews a stack" };
}
