/** Blocks of documents that commands write: each names the command whose output it is. */
import { Command } from "commander";
import { outcomeOf as costOutcome } from "../cli/actions/cost.ts";
import type { Outcome } from "../cli/actions/outcome.ts";
import { type QuotasFlags, outcomeOf as quotasOutcome } from "../cli/actions/quotas.ts";
import { costFlags } from "../cli/commands/cost.ts";
import { withOptions } from "../cli/commands/quotas.ts";

export const documents = [
  "README.md",
  "docs/tenants/cost.md",
  "docs/scale/quotas.md",
  "docs/operations/fleet.md",
] as const;

/** `<!-- chatstack cost --tiers --markdown -->` … `<!-- end -->` */
const block = /<!-- chatstack (cost|quotas) ([^\n]*) -->\n[\s\S]*?<!-- end -->/g;

/** The text, with the present output of each command that it names. */
export async function fillBlocks(text: string): Promise<string> {
  const outputs = new Map<string, string>();
  for (const [, command, args = ""] of text.matchAll(block)) {
    const run = command === "quotas" ? quotas : cost;
    outputs.set(`${command} ${args}`, (await run(args.split(" "))).text);
  }
  return text.replace(block, (_, command: string, args: string) => {
    const call = `${command} ${args}`;
    return `<!-- chatstack ${call} -->\n\n${outputs.get(call) ?? ""}\n\n<!-- end -->`;
  });
}

/** What the command would print with these arguments. */
export const cost = (args: readonly string[]): Promise<Outcome> => costOutcome(costFlags(args));

const quotas = (args: readonly string[]): Promise<Outcome> =>
  quotasOutcome(
    withOptions(new Command("quotas"))
      .exitOverride()
      .parse([...args], { from: "user" })
      .opts<QuotasFlags>(),
  );
