/** `chatstack tenant`: the tenants of a stack, and the steps of their lives, in its stack file. */
import type { Command } from "commander";
import type { Answer, ChangeFlags, ReadFlags } from "../actions/tenant.ts";

export function registerTenant(program: Command) {
  const tenant = program
    .command("tenant")
    .description(
      "list a stack's tenants, add one, suspend, off-board or remove it: in its stack file",
    )
    .addHelpText(
      "after",
      `
Only the stack file changes, after the program was evaluated with it, offline; \`pulumi up\` does the rest.

Example:
  $ chatstack tenant offboard globex --retain-until 2027-03-31

Exit code: 0 done, 1 refused, 2 wrong arguments or a stack that cannot be evaluated.`,
    );

  const reading = (name: string, description: string) =>
    stackOption(tenant.command(name).description(description)).option(
      "--json",
      "print one JSON object",
    );
  const changing = (name: string, description: string) =>
    reading(name, description)
      .argument("<id>", "id of the tenant")
      .option("-n, --dry-run", "show what would change, and write nothing");

  reading("list", "tenants with tier, state and what becomes of their data").action(
    async (flags: ReadFlags) => print(await (await work()).list(flags)),
  );
  reading("show", "a tenant's settings, each with where it is said")
    .argument("<id>", "id of the tenant")
    .action(async (id: string, flags: ReadFlags) => print(await (await work()).show(id, flags)));

  changing("add", "add a tenant")
    .requiredOption("-t, --tier <tier>", "basic, standard or enterprise")
    .option("--set <path=value...>", "settings over the tier's, e.g. table.recoveryDays=14", [])
    .action(async (id: string, flags: Parameters<Work["add"]>[1]) =>
      print(await (await work()).add(id, flags)),
    );
  changing("suspend", "refuse every request of its users; its data stays as it is").action(
    async (id: string, flags: ChangeFlags) =>
      print(await (await work()).change(id, flags, "suspend")),
  );
  changing("resume", "make it active again, suspended or off-boarding").action(
    async (id: string, flags: ChangeFlags) =>
      print(await (await work()).change(id, flags, "resume")),
  );
  changing("offboard", "let its users read, export and erase, and write no more")
    .option("--retain-until <day>", "last day until which its data must be kept, e.g. 2027-03-31")
    .action(async (id: string, flags: ChangeFlags) =>
      print(await (await work()).change(id, flags, "offboard")),
    );
  changing("remove", "take it out, once it is off-boarding and its data may go").action(
    async (id: string, flags: ChangeFlags) =>
      print(await (await work()).change(id, flags, "remove")),
  );
  return {
    example: "tenant add initech --tier basic",
    does: "add a tenant to the dev stack's file",
  };
}

const stackOption = (command: Command): Command =>
  command.option("-s, --stack <name>", "stack whose file it is: Pulumi.<name>.yaml", "dev");

function print({ stdout, stderr, code }: Answer): void {
  if (stdout !== undefined) process.stdout.write(`${stdout}\n`);
  if (stderr !== undefined) process.stderr.write(`${stderr}\n`);
  process.exitCode = code;
}

type Work = typeof import("../actions/tenant.ts");
const work = (): Promise<Work> => import("../actions/tenant.ts");
