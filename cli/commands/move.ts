/** `chatstack tenant move`: a tenant that goes to another stack. */
import type { Command } from "commander";
import type { MoveFlags } from "../actions/move.ts";
import { wholeNumber } from "./options.ts";
import { changingTenant, print } from "./tenant.ts";

/** @param tenant the command `tenant`. */
export function registerMove(tenant: Command): void {
  changingTenant(
    tenant,
    "move",
    "move a tenant to another stack, in the same account and region or elsewhere",
  )
    .requiredOption("--to <stack>", "stack that it moves to: Pulumi.<name>.yaml")
    .option("-y, --yes", "move the tenant; without this option only the steps are shown")
    .addOption(
      wholeNumber(
        "--read-only-at-most <s>",
        "seconds that copying may keep users from writing",
        900,
      ),
    )
    .addOption(wholeNumber("--settle <s>", "seconds in which earlier requests may still write", 60))
    .option("--policy-pack <folder>", "folder of the policy pack (default: policies)")
    .addHelpText(
      "after",
      `
Within an account and region only the engine's state moves, and no data. Otherwise users, items and objects
are copied while users go on working, then once more while they can only read. The old cell's data stays. If a
run was stopped, run it again: it continues. docs/operations/runbooks/region-move.md has the permissions, and what
changes for users.

Example:
  $ chatstack tenant move acme --stack prod-eu-1 --to prod-eu-2 --dry-run`,
    )
    .action(async (id: string, flags: MoveFlags) => {
      const { move } = await import("../actions/move.ts");
      print(await move(id, flags));
    });
}
