/**
 * `cli/commands/local/`: what needs an environment on this machine.
 *
 * `chatstack open`: the chat page of the running environment.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Command } from "commander";
import { dataDirOption } from "../options.ts";
import { runningOn, tenantOf } from "./running.ts";

interface Flags {
  readonly dataDir: string;
  readonly print?: true;
  readonly json?: true;
}

export function registerOpen(program: Command) {
  program
    .command("open")
    .description("open the chat page of the running environment in the browser")
    .argument("[tenant]", "id of the tenant to show first, e.g. acme")
    .option("--print", "print the address instead of opening it")
    .option(
      "--json",
      "print page, API and user pool as one JSON object instead of opening the page",
    )
    .addOption(dataDirOption("data folder of the running environment"))
    .addHelpText(
      "after",
      `
If no browser can be opened, the address is printed. Its part after the # lets the page sign test users in with
one click. Do not give it to others.

Examples:
  $ chatstack open
  $ chatstack open globex --print`,
    )
    .action(open);
  return { example: "open acme", does: "open the chat page in the browser" };
}

async function open(tenantId: string | undefined, flags: Flags): Promise<void> {
  const { DataDir } = await import("../../../local/data-dir.ts");
  const running = runningOn(new DataDir(flags.dataDir));
  const tenant = tenantId === undefined ? undefined : tenantOf(running, tenantId);
  const page = new URL(running.page);
  if (tenant !== undefined) page.searchParams.set("tenant", tenant.id);
  if (flags.json) {
    const { cognitoEndpoint } = running;
    const told = { page: page.href, cognitoEndpoint, ...(tenant !== undefined && { tenant }) };
    process.stdout.write(`${JSON.stringify(told)}\n`);
    return;
  }
  if (!flags.print && (await openInBrowser(page.href))) return;
  process.stdout.write(`${page.href}\n`);
}

const openers: Readonly<Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>>> = {
  darwin: ["open"],
  // Unlike `start`, it takes an address with & and # as it is.
  win32: ["rundll32", "url.dll,FileProtocolHandler"],
};

/** Whether a program of the desktop took the address. */
async function openInBrowser(address: string): Promise<boolean> {
  const [program, ...args] = openers[process.platform] ?? ["xdg-open"];
  const child = spawn(program, [...args, address], { stdio: "ignore" });
  try {
    const [code] = await once(child, "exit");
    return code === 0;
  } catch {
    return false;
  }
}
