/** The `chatstack` command. What a sub-command needs is loaded when it runs, to keep `--help` quick. */
import { existsSync } from "node:fs";
import { Command } from "commander";
import { registerCheck } from "./commands/check.ts";
import { version } from "./version.ts";

const examples = ["check --stack prod       judge a stack by the policy pack, offline"];
const program = new Command("chatstack")
  .description(
    "Chat-history backends on AWS, one per tenant: run them on this machine, check them.",
  )
  .version(version)
  .addHelpText("after", () =>
    ["", "Examples:", ...examples.map((example) => `  $ chatstack ${example}`)].join("\n"),
  )
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));

// The package has the components and the checks; the emulators and the app's sources stay here.
if (existsSync(new URL("../local/", import.meta.url))) {
  const { registerStart } = await import("./commands/start.ts");
  const { registerToken } = await import("./commands/token.ts");
  const { registerMigrate } = await import("./commands/migrate.ts");
  registerStart(program);
  registerToken(program);
  registerMigrate(program);
  examples.unshift(
    "start                    run the tenants of Pulumi.dev.yaml on this machine",
    "token acme admin         print an access token of a tenant's user",
    "migrate acme --to …      copy a tenant's data into PostgreSQL",
  );
}
registerCheck(program);

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
