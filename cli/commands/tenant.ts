/** `chatstack tenant`: the tenants of a stack, and the steps of their lives, in its stack file. */
import type { Command } from "commander";
import type { Answer, ChangeFlags, ReadFlags } from "../actions/tenant.ts";

export function registerTenant(program: Command) {
  const tenant = program
    .command("tenant")
    .description("list, add, suspend, off-board or remove tenants in a stack file")
    .addHelpText(
      "after",
      `
The command evaluates the change offline, then edits the stack file. \`pulumi up\` applies it to AWS.

Example:
  $ chatstack tenant offboard globex --retain-until 2027-03-31

Exit code: 0 done, 1 refused, 2 wrong arguments or a stack that cannot be evaluated.`,
    );

  const reading = (name: string, description: string) => readingTenants(tenant, name, description);
  const changing = (name: string, description: string) => changingTenant(tenant, name, description);

  reading("list", "list the tenants with tier, state and retain").action(async (flags: ReadFlags) =>
    print(await (await work()).list(flags)),
  );
  reading("show", "show a tenant's settings, and where each comes from")
    .argument("<id>", "id of the tenant")
    .action(async (id: string, flags: ReadFlags) => print(await (await work()).show(id, flags)));

  changing("add", "add a tenant")
    .requiredOption("-t, --tier <tier>", "basic, standard or enterprise")
    .option(
      "--set <path=value...>",
      "settings that override the tier's, e.g. table.recoveryDays=14",
      [],
    )
    .action(async (id: string, flags: Parameters<Work["add"]>[1]) =>
      print(await (await work()).add(id, flags)),
    );
  changing(
    "suspend",
    "refuse every request of the tenant's users; its data does not change",
  ).action(async (id: string, flags: ChangeFlags) =>
    print(await (await work()).change(id, flags, "suspend")),
  );
  changing("resume", "make a suspended or off-boarding tenant active again").action(
    async (id: string, flags: ChangeFlags) =>
      print(await (await work()).change(id, flags, "resume")),
  );
  changing("offboard", "let the tenant's users only read, export and erase their data")
    .option("--retain-until <day>", "last day on which its data must be kept, e.g. 2027-03-31")
    .action(async (id: string, flags: ChangeFlags) =>
      print(await (await work()).change(id, flags, "offboard")),
    );
  changing("remove", "remove an off-boarding tenant whose data need not be kept any more").action(
    async (id: string, flags: ChangeFlags) =>
      print(await (await work()).change(id, flags, "remove")),
  );
  return {
    example: "tenant add initech --tier basic",
    does: "add a tenant to the dev stack's file",
  };
}

const readingTenants = (tenant: Command, name: string, description: string): Command =>
  tenant
    .command(name)
    .description(description)
    .option("-s, --stack <name>", "stack whose file it is: Pulumi.<name>.yaml", "dev")
    .option("--json", "print one JSON object");

/** A sub-command of `tenant` for one of a stack's tenants. */
export const changingTenant = (tenant: Command, name: string, description: string): Command =>
  readingTenants(tenant, name, description)
    .argument("<id>", "id of the tenant")
    .option("-n, --dry-run", "show what would change, and write nothing");

export function print({ stdout, stderr, code }: Answer): void {
  if (stdout !== undefined) process.stdout.write(`${stdout}\n`);
  if (stderr !== undefined) process.stderr.write(`${stderr}\n`);
  process.exitCode = code;
}

type Work = typeof import("../actions/tenant.ts");
const work = (): Promise<Work> => import("../actions/tenant.ts");
