/** `chatstack cost`: what each tenant of a stack costs a month. */
import { Command, Option } from "commander";
import type { CostFlags } from "../../offline/cost/flags.ts";
import { scenarioNames } from "../../offline/cost/scenarios.ts";

export function registerCost(program: Command) {
  withOptions(program.command("cost")).action(async (flags: CostFlags) => {
    const { run } = await import("../actions/cost.ts");
    process.exitCode = await run(flags);
  });
  return { example: "cost --stack prod --explain", does: "tell what each tenant costs a month" };
}

/** The flags of a command line, for whoever carries them out without a process. */
export const costFlags = (args: readonly string[]): CostFlags =>
  withOptions(new Command("cost"))
    .exitOverride()
    .parse([...args], { from: "user" })
    .opts<CostFlags>();

const withOptions = (command: Command): Command =>
  command
    .description("tell what each tenant costs a month, by list prices and a usage, offline")
    .option("-s, --stack <name>", "stack to price: Pulumi.<name>.yaml", "dev")
    .option("--tiers", "price one tenant of each tier instead of a stack's")
    .addOption(
      new Option(
        "--against <what>",
        "show what the change costs: git:main, another stack or its file, or an exported state",
      ).conflicts(["tiers", "explain", "scenario"]),
    )
    .option("-t, --tenant <id...>", "show these tenants only")
    .option(
      "-u, --usage <file>",
      "YAML or JSON: how much tenants are used (default: a small tenant)",
    )
    .option("--set <field=value...>", "usage of all tenants, over the file: users=500 chats=20000")
    .addOption(
      new Option("--scenario <name>", "a usage that figures are quoted for").choices([
        ...scenarioNames,
        "all",
      ]),
    )
    .option(
      "--prices <file>",
      "YAML or JSON: your own prices, over those that are known; or the name of a region of those",
    )
    .option("--print-prices", "print the price table, in the form that --prices reads")
    .option("--print-usage", "print the default usage, in the form that --usage reads")
    .option("--explain", "print each figure's formula and where its price is from")
    .option("--markdown", "print tables for a document")
    .option(
      "--json [file]",
      "write the report as JSON, to stdout or a file; amounts are exact, as text",
    )
    .addHelpText(
      "after",
      `
Evaluated offline, without cloud credentials. docs/tenants/cost.md says what a usage consists of and what is
assumed. Free tiers are the account's: they are named, never subtracted.

Example:
  $ chatstack cost --stack prod --set users=500 chats=20000 --explain

Exit code: 0 all is priced, 1 a resource or model has no price and is not in the figures, 2 wrong
options, files or region.`,
    );
