/** Cutting and pasting in a text, by offsets and by whole lines. */
import { isCollection, isNode, isPair, type YAMLMap, type YAMLSeq } from "yaml";

export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Where the parser found a node, to the end of the last thing in it: without what trails it. */
export function spanOf(node: unknown): Span {
  if (!isNode(node) || !node.range) throw new Error("a node that was not parsed");
  const [start, end] = node.range;
  // A block's own range may reach over comments into the next line.
  const last = isCollection(node) && !node.flow ? node.items.at(-1) : undefined;
  const inner = isPair(last) ? (last.value ?? last.key) : last;
  return { start, end: inner === undefined ? end : spanOf(inner).end };
}

export const startOfLine = (text: string, at: number): number =>
  at === 0 ? 0 : text.lastIndexOf("\n", at - 1) + 1;

/** Where the next line starts: `at` itself, where one does. */
export function endOfLine(text: string, at: number): number {
  if (text[at - 1] === "\n") return at;
  const found = text.indexOf("\n", at);
  return found < 0 ? text.length : found + 1;
}

export const replace = (text: string, start: number, end: number, by: string): string =>
  text.slice(0, start) + by + text.slice(end);

/** Lines end as those around them do; a text whose last line does not end stays so. */
export function insertLines(text: string, at: number, lines: string): string {
  const newline = text.includes("\r\n") ? "\r\n" : "\n";
  const inserted = lines.replaceAll("\n", newline);
  const isUnended = at > 0 && text[at - 1] !== "\n";
  return replace(text, at, at, isUnended ? newline + inserted : inserted + newline);
}

/** A text whose last line does not end stays so. */
export function cutLines(text: string, start: number, end: number): string {
  const isUnended = end === text.length && text[end - 1] !== "\n";
  const before = text.slice(0, start);
  return (isUnended ? before.replace(/\r?\n$/, "") : before) + text.slice(end);
}

export const indented = (lines: string, columns: number): string =>
  lines.replaceAll(/^(?=.)/gm, " ".repeat(columns));

/** Puts an item into a list or map in one line, behind the one named; behind the last where none is. */
export function insertInFlow(
  text: string,
  node: YAMLMap | YAMLSeq,
  item: string,
  behind: unknown = node.items.at(-1),
): string {
  if (behind === undefined) {
    const at = spanOf(node).start + 1;
    return replace(text, at, at, text[at] === " " ? ` ${item}` : item);
  }
  const at = node.items.map((one): unknown => one).indexOf(behind);
  const { end } = itemSpan(node, at);
  return replace(text, end, end, `, ${item}`);
}

/** Takes an item out of a list or map in one line, with the comma that it needs no more. */
export function cutFromFlow(text: string, node: YAMLMap | YAMLSeq, index: number): string {
  const { start, end } = itemSpan(node, index);
  if (index > 0) return replace(text, itemSpan(node, index - 1).end, end, "");
  return replace(text, start, node.items.length > 1 ? itemSpan(node, 1).start : end, "");
}

/** From the item's anchor and tag on. */
function itemSpan(node: YAMLMap | YAMLSeq, index: number): Span {
  const item = node.items[index];
  const [first, last] = isPair(item) ? [item.key, item.value ?? item.key] : [item, item];
  const token = node.srcToken?.type === "flow-collection" ? node.srcToken.items[index] : undefined;
  const property = token?.start.find(({ type }) => type === "anchor" || type === "tag");
  return { start: property?.offset ?? spanOf(first).start, end: spanOf(last).end };
}
