/**
 * Edits the list of tenants in a stack file by cutting and pasting its text where the parser says that
 * things stand: what an edit is not about keeps every byte, comments, quotes and indentation included.
 */
import { isMap, isScalar, isSeq, type Pair, type YAMLMap } from "yaml";
import { UsageError } from "../../offline/usage-error.ts";
import { isSection } from "../../stacks/reading/merge.ts";
import { isList, isValueMap } from "../../stacks/yaml/decode.ts";
import { plainValue } from "../../stacks/yaml/plain.ts";
import { readYaml } from "../../stacks/yaml/read.ts";
import { refuseBorrowed } from "./anchors.ts";
import {
  cutFromFlow,
  cutLines,
  endOfLine,
  indented,
  insertInFlow,
  insertLines,
  replace,
  spanOf,
  startOfLine,
} from "./splice.ts";
import { changed, type StackText, verified } from "./verified.ts";
import { blockText, flowText } from "./yaml-text.ts";

export type TenantEntry = Readonly<Record<string, unknown>>;

/** Entries of the list, and of a tenant's own file the one that it is. */
export function entriesIn(stack: StackText): TenantEntry[] {
  const { value } = readYaml(stack.text);
  if (stack.isTenantFile) return [entryOf(plainValue(value))];
  const config = isValueMap(value) ? value.get("config") : undefined;
  const names = [`${stack.project}:tenants`, "tenants"];
  const listed =
    config !== undefined && isValueMap(config) ? names.map((one) => config.get(one)) : [];
  const list = listed.find((one) => one !== undefined);
  return list !== undefined && isList(list) ? list.map((one) => entryOf(plainValue(one))) : [];
}

const entryOf = (value: unknown): TenantEntry => (isSection(value) ? value : {});

/** Adds a tenant behind the last one, or as the only one of its file. */
export function addTenant(stack: StackText, entry: TenantEntry): string {
  if (stack.isTenantFile) return `${blockText(entry)}\n`;
  const { text, list, config } = locate(stack);
  const expected = (tenants: readonly unknown[]) => [...tenants, entry];
  if (list === undefined) {
    const column = columnOf(text, config.items[0]);
    const lines = `${stack.project}:tenants:\n${indented(itemText(entry, 2), 2)}`;
    const added = insertLines(text, endOfLine(text, spanOf(config).end), indented(lines, column));
    return verified(stack, added, expected);
  }
  const last = list.dashes.at(-1);
  if (last === undefined) {
    return verified(stack, insertInFlow(text, list.node, flowText(entry)), expected);
  }
  const column = last.dash - startOfLine(text, last.dash);
  const lines = indented(itemText(entry, Math.max(2, last.start - last.dash)), column);
  return verified(stack, insertLines(text, endOfLine(text, last.end), lines), expected);
}

/** Takes a tenant's entry out; comments above it stay, for they may speak of more. Its own file is empty then. */
export function removeTenant(stack: StackText, id: string): string {
  if (stack.isTenantFile) return "";
  const { text, list, index, map } = find(stack, id);
  if (list === undefined) throw new Error(`${stack.file} has no list`);
  refuseBorrowed(stack, id, map);
  const expected = (tenants: readonly unknown[]) => tenants.filter((_, at) => at !== index);
  const item = list.dashes[index];
  if (item === undefined) {
    return verified(stack, cutFromFlow(text, list.node, index), expected);
  }
  const cut = cutLines(text, startOfLine(text, item.dash), endOfLine(text, item.end));
  // A key without an item has no list: it is null.
  const isOnly = list.dashes.length === 1;
  return verified(
    stack,
    isOnly ? replace(cut, list.behindKey, list.behindKey, " []") : cut,
    expected,
  );
}

/**
 * Sets a plain setting of a tenant's entry, or takes it out where the value is undefined.
 *
 * @param name of a setting, e.g. `state`, or of one in a section, e.g. `table.adopt`.
 */
export function setSetting(
  stack: StackText,
  id: string,
  name: string,
  value: string | undefined,
): string {
  const { text, map, index } = find(stack, id);
  const expected = (tenants: readonly unknown[]) =>
    tenants.map((tenant, at) => (at === index ? changed(tenant, name, value) : tenant));
  const [section, inner] = name.split(".");
  const edited =
    section !== undefined && inner !== undefined
      ? withSectionSetting(text, map, section, inner, value)
      : withSetting(text, map, name, value);
  return verified(stack, edited, expected);
}

/** Several of them, one after the other, as `setSetting` does. */
export const withSettings = (
  stack: StackText,
  id: string,
  settings: Readonly<Record<string, string | undefined>>,
): string =>
  Object.entries(settings).reduce(
    (text, [name, value]) => setSetting({ ...stack, text }, id, name, value),
    stack.text,
  );

function withSectionSetting(
  text: string,
  entry: YAMLMap,
  section: string,
  name: string,
  value: string | undefined,
): string {
  const settings = entry.get(section);
  if (isMap(settings)) return withSetting(text, settings, name, value);
  if (value === undefined) return text;
  if (entry.flow) {
    return insertInFlow(text, entry, `${section}: ${flowText({ [name]: value })}`);
  }
  const lines = `${section}:\n  ${name}: ${blockText(value)}`;
  const end = endOfLine(text, spanOf(entry).end);
  return insertLines(text, end, indented(lines, columnOf(text, entry.items[0])));
}

function withSetting(text: string, map: YAMLMap, name: string, value: string | undefined): string {
  const pair = map.items.find(({ key }) => isScalar(key) && key.value === name);
  if (value === undefined) return pair === undefined ? text : withoutPair(text, map, pair);
  if (pair !== undefined) {
    const { start, end } = spanOf(pair.value);
    // A value that is missing begins right behind the colon.
    return replace(text, start, end, `${text[start - 1] === ":" ? " " : ""}${blockText(value)}`);
  }
  const before = ["state", "tier", "id"].map((key) =>
    map.items.find((one) => isScalar(one.key) && one.key.value === key),
  );
  const neighbour = before.find((one) => one !== undefined) ?? map.items.at(-1);
  const line = `${name}: ${blockText(value)}`;
  if (map.flow) return insertInFlow(text, map, line, neighbour);
  const column = columnOf(text, map.items[0]);
  return insertLines(text, endOfLine(text, spanOf(neighbour?.value).end), indented(line, column));
}

function withoutPair(text: string, map: YAMLMap, pair: Pair): string {
  if (map.flow) return cutFromFlow(text, map, map.items.indexOf(pair));
  const [start, end] = [spanOf(pair.key).start, endOfLine(text, spanOf(pair.value).end)];
  if (pair !== map.items[0]) return cutLines(text, startOfLine(text, start), end);
  // The first one stands behind the dash: what follows moves up to it.
  const following = /^\s*/.exec(text.slice(end))?.[0].length ?? 0;
  return replace(text, start, end + following, "");
}

/** Where the list stands; without it, where it would. */
function locate({ file, text, project }: StackText) {
  const { document } = readYaml(text);
  const config = document.get("config");
  if (!isMap(config)) throw new UsageError(`${file}: has no config: to list tenants in`);
  const names = [`${project}:tenants`, "tenants"];
  const pair = config.items.find(({ key }) => isScalar(key) && names.includes(String(key.value)));
  if (pair === undefined) return { text, config, list: undefined };
  const { value: node } = pair;
  if (!isSeq(node)) throw new UsageError(`${file}: ${names[0]}: is not a list of tenants`);
  const token = node.srcToken?.type === "block-seq" ? node.srcToken : undefined;
  const dashes = (token?.items ?? []).flatMap(({ start }, at) => {
    const dash = start.find(({ type }) => type === "seq-item-ind");
    return dash ? [{ dash: dash.offset, ...spanOf(node.items[at]) }] : [];
  });
  const behindKey = text.indexOf(":", spanOf(pair.key).end) + 1;
  return { text, config, list: { node, dashes, behindKey } };
}

function find(stack: StackText, id: string) {
  if (stack.isTenantFile) {
    const { contents } = readYaml(stack.text).document;
    if (!isMap(contents))
      throw new UsageError(`${stack.file}: is not a map of a tenant's settings`);
    return { text: stack.text, list: undefined, index: 0, map: contents };
  }
  const { text, list } = locate(stack);
  const items = list?.node.items ?? [];
  const index = items.findIndex((item) => isMap(item) && item.get("id") === id);
  const map = items[index];
  if (list === undefined || !isMap(map)) {
    const known = items.flatMap((item) => (isMap(item) ? [String(item.get("id"))] : []));
    throw new UsageError(
      `${stack.file}: there is no tenant "${id}"; there are ${known.join(", ") || "none"}`,
    );
  }
  return { text, list, index, map };
}

/** @param width of the dash and what follows it. */
function itemText(entry: TenantEntry, width: number): string {
  const lines = indented(blockText(entry), width);
  return `-${lines.slice(1)}`;
}

function columnOf(text: string, pair: Pair | undefined): number {
  const { start } = spanOf(pair?.key);
  return start - startOfLine(text, start);
}
