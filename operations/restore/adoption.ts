/** The change of a stack's file that makes the stack take a restored table for its own. */
import type { ResourceRecord } from "../../offline/record.ts";
import { type DataLoss, dataLosses } from "../../offline/upgrade/data-loss.ts";
import { readSource, recordsOf, type StackSource, write } from "../tenant/change.ts";
import { setSetting } from "../tenant/stack-text.ts";

export interface Adoption {
  /** The file that the tenant stands in, as it is. */
  readonly source: StackSource;
  /** What the file would hold. */
  readonly text: string;
  /** The lines that go (`-`) and come (`+`), with their numbers. */
  readonly lines: readonly string[];
  /** What the change would lose: with any, it is not to be made. */
  readonly losses: readonly DataLoss[];
  /** The stack as it would be. */
  readonly records: readonly ResourceRecord[];
}

export interface AdoptionRequest {
  readonly root: string;
  readonly stack: string;
  readonly tenant: string;
  /** Name of the restored table. */
  readonly table: string;
}

/**
 * Edits a copy of the stack's file, evaluates the stack by it and compares what it was and would be.
 *
 * @throws UsageError when the file has no such tenant, or the stack refuses the table.
 */
export async function planAdoption(request: AdoptionRequest): Promise<Adoption> {
  const { root, stack, tenant, table } = request;
  const source = readSource({ root, stack }, tenant);
  const text = setSetting(source, tenant, "table.adopt", table);
  const records = await recordsOf(source, tenant, source.text);
  const wouldBe = await recordsOf(source, tenant, text);
  return {
    source,
    text,
    lines: changedLines(source.text, text),
    losses: dataLosses(records, wouldBe),
    records: wouldBe,
  };
}

export const writeAdoption = ({ source, text }: Adoption): void => write(source, text);

/** The edit stands in one place, so all between the first and the last difference is the change. */
function changedLines(before: string, after: string): string[] {
  const [old, now] = [before.split("\n"), after.split("\n")];
  let start = 0;
  while (start < old.length && old[start] === now[start]) start++;
  let end = 0;
  const isCommon = () => old.at(-1 - end) === now.at(-1 - end);
  while (end < Math.min(old.length, now.length) - start && isCommon()) end++;
  const numbered = (sign: string, lines: readonly string[]) =>
    lines.slice(start, lines.length - end).map((line, i) => `${start + i + 1} ${sign} ${line}`);
  return [...numbered("-", old), ...numbered("+", now)];
}
