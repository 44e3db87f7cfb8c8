/** Pictures that commands make of the example stack `prod`. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { chatstackHere } from "../../testing/processes/in-process.ts";
import { terminal } from "./terminal.ts";

const root = resolve(import.meta.dirname, "../..");

/** What a command prints. Plans that lose data exit with 1. */
async function output(args: readonly string[], cwd: string): Promise<string> {
  const { code, stdout, stderr } = await chatstackHere(args, { cwd, env: { NO_COLOR: "1" } });
  if (code > 1) throw new Error(`chatstack ${args.join(" ")}: ${stderr}`);
  return stdout;
}

/** The resources of an `enterprise` tenant. */
export const tenant = (): Promise<string> =>
  output(["graph", "--stack", "prod", "--tenant", "acme", "--format", "svg"], root);

/** A plan in which one change loses data and another is refused. */
export async function plan(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "pictures-"));
  try {
    const file = readFileSync(join(root, "Pulumi.prod.yaml"), "utf8");
    const leaving = /\n {4}- id: globex\n {6}tier: standard/;
    const changed = file.replace(leaving, "\n      table:\n        recoveryDays: 14");
    if (changed === file) throw new Error("Pulumi.prod.yaml has no tenant globex any more");
    cpSync(join(root, "Pulumi.prod.yaml"), join(folder, "before.yaml"));
    writeFileSync(join(folder, "Pulumi.prod.yaml"), changed);
    const project = readFileSync(join(root, "Pulumi.yaml"), "utf8");
    const main = join(root, "stacks/main.js");
    writeFileSync(join(folder, "Pulumi.yaml"), project.replace("stacks/main.js", main));
    const args = ["plan", "--stack", "prod", "--against", "before.yaml"];
    const [text = ""] = (await output(args, folder)).split("\nFirst quota to run out:");
    return terminal(`chatstack ${args.join(" ")}`, text);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The report of the stack, as a page. */
export const report = (): Promise<string> =>
  output(["report", "--stack", "prod", "--output", "-"], root);
