/** The `chatstack` command. What a sub-command needs is loaded when it runs, to keep `--help` quick. */
import { existsSync } from "node:fs";
import { Command } from "commander";
import { registerCheck } from "./commands/check.ts";
import { registerDrift } from "./commands/drift.ts";
import { registerFleet } from "./commands/fleet.ts";
import { registerGraph } from "./commands/graph.ts";
import { registerPlan } from "./commands/plan.ts";
import { registerReport } from "./commands/report.ts";
import { registerTenant } from "./commands/tenant.ts";
import { version } from "./version.ts";

/** Adds a sub-command, and says how it is called most of the time. */
type Register = (program: Command) => { readonly example: string; readonly does: string };

const program = new Command("chatstack")
  .description(
    "Chat-history backends on AWS, one per tenant: run them on this machine, check them.",
  )
  .version(version)
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));

const commands: Register[] = [
  registerCheck,
  registerDrift,
  registerFleet,
  registerGraph,
  registerPlan,
  registerReport,
  registerTenant,
];
// The package has the components and the checks; the emulators and the app's sources stay here.
if (existsSync(new URL("../local/", import.meta.url))) {
  const { registerStart } = await import("./commands/start.ts");
  const { registerToken } = await import("./commands/token.ts");
  const { registerMigrate } = await import("./commands/migrate.ts");
  const { registerBackup } = await import("./commands/backup.ts");
  const { registerRestore } = await import("./commands/restore.ts");
  commands.unshift(registerStart, registerToken);
  commands.push(registerMigrate, registerBackup, registerRestore);
}
const examples = commands.map((register) => register(program));
const width = Math.max(...examples.map(({ example }) => example.length));
program.addHelpText(
  "after",
  [
    "",
    "Examples:",
    ...examples.map((one) => `  $ chatstack ${one.example.padEnd(width)}  ${one.does}`),
  ].join("\n"),
);

try {
  await program.parseAsync();
} catch (error) {
  // One message and no stack trace, unless a developer asks for it.
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`chatstack: ${message}\n`);
  if (process.env.DEBUG && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  process.exit(isUsage(error) ? 2 : 1);
}

function isUsage(error: unknown): boolean {
  return error instanceof Error && ["UsageError", "ProjectError"].includes(error.name);
}
