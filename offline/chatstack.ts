/** The `chatstack` command. What a sub-command needs is loaded when it runs, to keep `--help` quick. */
import { readFileSync } from "node:fs";
import { Command } from "commander";
import { registerCheck } from "./commands/check.ts";
import { registerStart } from "./commands/start.ts";
import { registerToken } from "./commands/token.ts";

const { version }: { version: string } = JSON.parse(
  readFileSync(new URL("../package.json", import.meta.url), "utf8"),
);

const program = new Command("chatstack")
  .description(
    "Chat-history backends on AWS, one per tenant: run them on this machine, check them.",
  )
  .version(version)
  .addHelpText(
    "after",
    `
Examples:
  $ chatstack start                    run the tenants of Pulumi.dev.yaml on this machine
  $ chatstack token acme admin         print an access token of a tenant's user
  $ chatstack check --stack prod       judge a stack by the policy pack, offline`,
  )
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));

registerStart(program);
registerToken(program);
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
