/** Blocks of documents that `chatstack cost` writes: each names the command whose output it is. */

import { type Outcome, outcomeOf } from "../../cli/actions/cost.ts";
import { costFlags } from "../../cli/commands/cost.ts";

export const documents = ["README.md", "docs/cost.md"] as const;

/** `<!-- chatstack cost --tiers --markdown -->` … `<!-- end -->` */
const block = /<!-- chatstack cost ([^\n]*) -->\n[\s\S]*?<!-- end -->/g;

/** The text, with the present output of each command that it names. */
export async function fillBlocks(text: string): Promise<string> {
  const outputs = new Map<string, string>();
  for (const [, args = ""] of text.matchAll(block)) {
    outputs.set(args, (await cost(args.split(" "))).text);
  }
  return text.replace(
    block,
    (_, args: string) =>
      `<!-- chatstack cost ${args} -->\n\n${outputs.get(args) ?? ""}\n\n<!-- end -->`,
  );
}

/** What the command would print with these arguments. */
export const cost = (args: readonly string[]): Promise<Outcome> => outcomeOf(costFlags(args));
