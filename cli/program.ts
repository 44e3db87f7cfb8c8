/** What `chatstack` can do: every sub-command, with its options. */
import { existsSync } from "node:fs";
import { Command, type CommanderError } from "commander";
import { version } from "../offline/version.ts";
import { registerCell } from "./commands/cell.ts";
import { registerCheck } from "./commands/check.ts";
import { registerCompletion } from "./commands/completion.ts";
import { registerCost } from "./commands/cost.ts";
import { registerDoctor } from "./commands/doctor.ts";
import { registerDrift } from "./commands/drift.ts";
import { registerFleet } from "./commands/fleet.ts";
import { registerGraph } from "./commands/graph.ts";
import { registerPlan } from "./commands/plan.ts";
import { registerQuotas } from "./commands/quotas.ts";
import { registerReport } from "./commands/report.ts";
import { registerTenant } from "./commands/tenant.ts";
import { registerLeftOut } from "./left-out.ts";
import { registerInit } from "./project/init.ts";
import { failUntilDone } from "./terminal/fail-until-done.ts";

/** Sub-commands that run programs of others and end by themselves. */
const evaluating: ReadonlySet<string> = new Set([
  ...["check", "cost", "graph", "plan", "quotas", "report"],
]);

/** Adds a sub-command, and says how it is called most of the time. */
type Register = (program: Command) => { readonly example: string; readonly does: string };

/**
 * What a sub-command needs is loaded when it runs, to keep `--help` quick.
 *
 * @param onExit told of help that was shown and of arguments that are wrong, instead of an end of the
 *   process. Sub-commands inherit it as they are made.
 */
export async function createProgram(onExit: (error: CommanderError) => never): Promise<Command> {
  const program = new Command("chatstack")
    .description(
      "Chat-history backends on AWS, one per tenant: run them on this machine, check them.",
    )
    .version(version)
    .exitOverride(onExit);
  let done = () => {};
  program.hook("preAction", (_, command) => {
    if (evaluating.has(command.name())) done = failUntilDone();
  });
  program.hook("postAction", () => done());

  const commands: Register[] = [
    registerCell,
    registerCheck,
    registerCost,
    registerDoctor,
    registerDrift,
    registerFleet,
    registerGraph,
    registerInit,
    registerPlan,
    registerQuotas,
    registerReport,
    registerTenant,
    registerCompletion,
  ];
  // The package has the components and the checks; the emulators and the app's sources stay here.
  const isWhole = existsSync(new URL("../local/", import.meta.url));
  if (isWhole) {
    const { registerStart } = await import("./commands/local/start.ts");
    const { registerToken } = await import("./commands/local/token.ts");
    const { registerOpen } = await import("./commands/local/open.ts");
    const { registerMigrate } = await import("./commands/migrate.ts");
    const { registerBackup } = await import("./commands/backup.ts");
    const { registerRestore } = await import("./commands/restore.ts");
    const { registerUsage } = await import("./commands/usage.ts");
    commands.unshift(registerStart, registerOpen, registerToken);
    commands.push(registerMigrate, registerBackup, registerRestore, registerUsage);
  }
  const examples = commands.map((register) => register(program));
  const tenant = program.commands.find((command) => command.name() === "tenant");
  if (isWhole && tenant !== undefined) {
    const { registerMove } = await import("./commands/move.ts");
    registerMove(tenant);
  }
  if (!isWhole) registerLeftOut(program);
  const width = Math.max(...examples.map(({ example }) => example.length));
  program.addHelpText(
    "after",
    [
      "",
      "Examples:",
      ...examples.map((one) => `  $ chatstack ${one.example.padEnd(width)}  ${one.does}`),
    ].join("\n"),
  );
  return program;
}
