/**
 * `stacks/yaml/`: YAML as the engine reads it, which is not as YAML 1.2 has it.
 *
 * From a parsed document to values, as yaml.v3 decodes into Go's `interface{}`: anchors, merges, keys.
 */
import { isUtf8 } from "node:buffer";
import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type Node,
  Scalar as ScalarNode,
  visit,
  type YAMLMap,
} from "yaml";
import { resolveScalar, type Scalar, type ScalarTag, TagError } from "./scalar.ts";

export type Value = Scalar | readonly Value[] | ValueMap;
/** Keys are text: the engine writes each as Go prints it. */
export type ValueMap = ReadonlyMap<string, Value>;

export const isList = (value: Value): value is readonly Value[] => Array.isArray(value);
export const isValueMap = (value: Value): value is ValueMap => value instanceof Map;

/** A document that yaml.v3 refuses. */
export class DecodeError extends Error {
  override readonly name = "DecodeError";
  /** Of what is at fault, in the text; undefined where that is the whole. */
  readonly offset: number | undefined;

  constructor(message: string, node: unknown) {
    super(message);
    this.offset = isNode(node) ? node.range?.[0] : undefined;
  }
}

const isNode = (value: unknown): value is Node =>
  isScalar(value) || isMap(value) || isSeq(value) || isAlias(value);

/** @throws DecodeError */
export const decode = (document: Document): Value => new Decoder(document).value(document.contents);

/** @param tag of a node, e.g. `tag:yaml.org,2002:int`. */
const shortTag = (tag: string | undefined): string | undefined =>
  tag?.replace(/^tag:yaml\.org,2002:/, "");

const resolvable: readonly string[] = ["null", "bool", "int", "float", "timestamp", "str"];
const isResolvable = (tag: string): tag is ScalarTag => resolvable.includes(tag);

class Decoder {
  readonly #anchored: ReadonlyMap<Alias, Node>;
  readonly #open = new Set<Alias>();
  #decoded = 0;
  #ofAliases = 0;

  constructor(document: Document) {
    this.#anchored = anchors(document);
  }

  value(node: unknown): Value {
    this.#count(node);
    if (isAlias(node)) return this.#behind(node, (target) => this.value(target));
    if (isMap(node)) return this.#map(node);
    if (isSeq(node)) return node.items.map((item) => this.value(item));
    if (isScalar(node)) return scalarOf(node).value;
    // A map in a list that is written in one line, `[a: 1]`.
    if (isPair(node)) return new Map([[this.#key(node.key), this.value(node.value)]]);
    return null;
  }

  #map(map: YAMLMap): ValueMap {
    const values = new Map<string, Value>();
    refuseTwice(map);
    for (const { key, value } of map.items) {
      if (!isMergeKey(key)) values.set(this.#key(key), this.value(value));
    }
    this.#merge(values, map);
    return values;
  }

  /** What a map says itself goes over what it merges, and of that the earlier over the later. */
  #merge(values: Map<string, Value>, map: YAMLMap): void {
    const merge = map.items.find(({ key }) => isMergeKey(key));
    if (merge === undefined) return;
    for (const one of isSeq(merge.value) ? merge.value.items : [merge.value]) {
      const target = isAlias(one) ? this.#anchored.get(one) : one;
      if (!isMap(target)) {
        throw new DecodeError("a merge (<<) takes a map, or a list of maps", merge.key);
      }
      if (isAlias(one)) this.#behind(one, () => this.#fill(values, target));
      else this.#fill(values, target);
    }
  }

  #fill(values: Map<string, Value>, map: YAMLMap): void {
    refuseTwice(map);
    for (const { key, value } of map.items) {
      if (isMergeKey(key)) continue;
      const name = this.#key(key);
      const decoded = this.value(value);
      if (!values.has(name)) values.set(name, decoded);
    }
    this.#merge(values, map);
  }

  #behind<T>(alias: Alias, read: (target: Node) => T): T {
    const target = this.#anchored.get(alias);
    if (target === undefined) throw new DecodeError(`unknown anchor "${alias.source}"`, alias);
    if (this.#open.has(alias)) {
      throw new DecodeError(`the value of anchor "${alias.source}" contains itself`, alias);
    }
    this.#open.add(alias);
    try {
      return read(target);
    } finally {
      this.#open.delete(alias);
    }
  }

  #key(node: unknown): string {
    const value = this.value(node);
    if (isList(value) || isValueMap(value)) {
      throw new DecodeError("a list or a map cannot be a key", node);
    }
    return goText(value);
  }

  /** yaml.v3's brake for files of a few lines that are gigabytes once their aliases are followed. */
  #count(node: unknown): void {
    this.#decoded++;
    if (this.#open.size > 0) this.#ofAliases++;
    if (this.#ofAliases <= 100 || this.#decoded <= 1000) return;
    if (this.#ofAliases / this.#decoded > allowedAliasRatio(this.#decoded)) {
      throw new DecodeError("the document has too many aliases", node);
    }
  }
}

const [few, many] = [400_000, 4_000_000];
const allowedAliasRatio = (decoded: number): number =>
  decoded <= few ? 0.99 : decoded >= many ? 0.1 : 0.99 - (0.89 * (decoded - few)) / (many - few);

/** An alias stands for the anchor of its name that was given last before it. */
export function anchors(document: Document): Map<Alias, Node> {
  const named = new Map<string, Node>();
  const found = new Map<Alias, Node>();
  visit(document, {
    Node(_, node) {
      if (isAlias(node)) {
        const target = named.get(node.source);
        if (target === undefined) throw new DecodeError(`unknown anchor "${node.source}"`, node);
        found.set(node, target);
      } else if ("anchor" in node && node.anchor !== undefined) {
        named.set(node.anchor, node);
      }
    },
  });
  return found;
}

function scalarOf(node: ScalarNode): { readonly tag: string; readonly value: Scalar } {
  const text = typeof node.value === "string" ? node.value : "";
  const isPlain = node.type === ScalarNode.PLAIN || node.type === undefined;
  const tag = node.tag === "!" ? undefined : shortTag(node.tag);
  if (tag === undefined && isPlain && text === "<<") return { tag: "merge", value: text };
  const known = tag ?? (isPlain ? undefined : "str");
  if (known === "binary") return { tag: known, value: binary(node, text) };
  if (known !== undefined && !isResolvable(known)) return { tag: known, value: text };
  try {
    return resolveScalar(text, known);
  } catch (error) {
    if (error instanceof TagError) throw new DecodeError(error.message, node);
    throw error;
  }
}

function binary(node: ScalarNode, text: string): string {
  const packed = text.replaceAll(/[\r\n]/g, "");
  if (packed.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(packed)) {
    throw new DecodeError("!!binary value contains invalid base64 data", node);
  }
  const bytes = Buffer.from(packed, "base64");
  if (!isUtf8(bytes)) throw new DecodeError("!!binary value is not text in UTF-8", node);
  return bytes.toString("utf8");
}

/** In quotes too: the engine writes a file anew before it decodes it, and leaves them out. */
const isMergeKey = (key: unknown): boolean => isScalar(key) && key.value === "<<";

/** Keys are the same that have the same text, whatever they are: `1` and `"1"` too. */
function refuseTwice({ items }: YAMLMap): void {
  const seen = new Set<string>();
  for (const { key } of items) {
    const name = isScalar(key) ? `${key.value ?? ""}` : isAlias(key) ? `*${key.source}` : undefined;
    if (name === undefined) continue;
    if (seen.has(name)) throw new DecodeError(`the key "${name}" is there already`, key);
    seen.add(name);
  }
}

/** As Go's `fmt` prints it with `%v`. */
function goText(value: Scalar): string {
  if (value === null) return "<nil>";
  if (typeof value === "object") return value.time;
  return typeof value === "number" ? goFloat(value) : String(value);
}

function goFloat(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "+Inf" : "-Inf";
  const [digits = "", exponent = "0"] = value.toExponential().split("e");
  // `%v` is `%g` with its exponent from 21 on.
  if (Number(exponent) >= -4 && Number(exponent) < 21) return String(value);
  const sign = exponent.startsWith("-") ? "-" : "+";
  return `${digits}e${sign}${exponent.replace(/^[-+]/, "").padStart(2, "0")}`;
}

/** Whether the keys of a map are all text, so that Go decodes it into a `map[string]any`. */
export const hasTextKeys = (map: YAMLMap): boolean =>
  map.items.every(
    ({ key }) => isAlias(key) || (isScalar(key) && ["str", "merge"].includes(scalarOf(key).tag)),
  );
