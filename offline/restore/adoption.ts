/** The change of a stack's file that makes the stack take a restored table for its own. */
import { readFileSync, writeFileSync } from "node:fs";
import { isMap, isSeq, parseDocument } from "yaml";
import { evaluateStack, readProject, readStackFile } from "../project.ts";
import type { ResourceRecord } from "../record.ts";
import { type DataLoss, dataLosses } from "../upgrade/data-loss.ts";
import { UsageError } from "../usage-error.ts";

export interface Adoption {
  /** Path of the stack's file. */
  readonly path: string;
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
 * @throws UsageError when the file has no such tenant; EvaluationError when the stack refuses the table.
 */
export async function planAdoption(request: AdoptionRequest): Promise<Adoption> {
  const { root, stack, tenant, table } = request;
  const project = readProject(root);
  const { path } = readStackFile(root, project.name, stack);
  const before = readFileSync(path, "utf8");
  const text = withAdopted(before, project.name, tenant, table);
  const [is, wouldBe] = [
    await evaluateStack(stack, { root }),
    await evaluateStack(stack, { root, text }),
  ];
  return {
    path,
    text,
    lines: changedLines(before, text),
    losses: dataLosses(is.records, wouldBe.records),
    records: wouldBe.records,
  };
}

export function writeAdoption({ path, text }: Adoption): void {
  writeFileSync(path, text);
}

function withAdopted(text: string, project: string, tenant: string, table: string): string {
  const document = parseDocument(text);
  const tenants = [`${project}:tenants`, "tenants"]
    .map((key) => document.getIn(["config", key]))
    .find(isSeq);
  const entry = tenants?.items.find((item) => isMap(item) && item.get("id") === tenant);
  if (!isMap(entry)) throw new UsageError(`The stack's file has no tenant "${tenant}".`);
  entry.setIn(["table", "adopt"], table);
  // It made the table that goes; beside an adopted one it would say another thing.
  entry.deleteIn(["table", "restoreFrom"]);
  // Long values stay on one line, as their authors wrote them.
  return document.toString({ lineWidth: 0, flowCollectionPadding: !/\[\S/.test(text) });
}

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
