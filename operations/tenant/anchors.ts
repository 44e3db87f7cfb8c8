/**
 * `operations/tenant/`: a tenant's life, as edits of its stack's file.
 *
 * What one entry of a stack file borrows from another.
 */
import { isAlias, type Node, visit } from "yaml";
import { UsageError } from "../../offline/usage-error.ts";
import { anchors } from "../../stacks/yaml/decode.ts";
import { readYaml } from "../../stacks/yaml/read.ts";
import type { StackText } from "./verified.ts";

/**
 * @param entry of the tenant that is to go.
 * @throws UsageError where something that stays uses an anchor in it.
 */
export function refuseBorrowed({ file, text }: StackText, id: string, entry: Node): void {
  const { document, lineOf } = readYaml(text);
  const [start = 0, end = 0] = entry.range ?? [];
  const isIn = (node: Node) => node.range && node.range[0] >= start && node.range[0] < end;
  const targets = anchors(document);
  const names = new Map<string, number>();
  visit(document, {
    Alias(_, alias) {
      const target = targets.get(alias);
      const isBorrowed = isAlias(alias) && target && isIn(target) && !isIn(alias);
      if (!isBorrowed || names.has(alias.source)) return;
      names.set(alias.source, lineOf(alias.range?.[0] ?? 0));
    },
  });
  const [first] = names;
  if (first === undefined) return;
  const [name, line] = first;
  throw new UsageError(
    `${file}:${lineOf(start)}: the entry of "${id}" has the anchor &${name}, which *${name} in line ${line} uses: ` +
      `first move &${name} and its settings out of the entry, or write in line ${line} what it stands for`,
  );
}
