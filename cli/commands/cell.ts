/** `chatstack cell`: cells, which are stacks in accounts and regions, and the tenants in them. */
import type { Command } from "commander";
import type { CellPlanFlags } from "../actions/cell.ts";

export function registerCell(program: Command) {
  const cell = program
    .command("cell")
    .description("show which cell (a stack in its own account and region) each tenant belongs to");
  cell
    .command("plan")
    .description("count every tenant of cells.yaml against its cell's quotas and limits, offline")
    .option("--new <folder>", "folder with the files of tenants that are in no cell yet")
    .option("--json", "print one JSON object")
    .addHelpText(
      "after",
      `
cells.yaml stands beside Pulumi.yaml and names the stacks that are cells:

  cells:
    prod-eu-1:
      account: "111122223333"
      region: eu-central-1

Example:
  $ chatstack cell plan --new tenants/new

Exit code: 0 every tenant is in the right cell, 1 tenants must be moved or placed, 2 wrong
arguments or files.`,
    )
    .action(async (flags: CellPlanFlags) => {
      const { plan } = await import("../actions/cell.ts");
      process.exitCode = await plan(flags);
    });
  return { example: "cell plan", does: "tell which tenant belongs into which account and region" };
}
