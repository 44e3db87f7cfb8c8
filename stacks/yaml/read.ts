/**
 * Reads YAML as the engine does, which is as Go's `gopkg.in/yaml.v3` does. Whatever reads a stack's file, a
 * project's file or a setting from the command line reads it here.
 */
import { Document, isCollection, LineCounter, parseAllDocuments, visit } from "yaml";
import { DecodeError, decode, type Value } from "./decode.ts";

/** Not YAML, or YAML that the engine refuses. */
export class YamlError extends Error {
  override readonly name = "YamlError";
  /** 1-based. */
  readonly line: number;

  constructor(message: string, line: number) {
    super(message);
    this.line = line;
  }
}

export interface ParsedYaml {
  readonly value: Value;
  readonly document: Document;
  readonly lineOf: (offset: number) => number;
}

/**
 * The first document of a text; the engine reads no other.
 *
 * @throws YamlError
 */
export function readYaml(text: string): ParsedYaml {
  const lines = new LineCounter();
  const lineOf = (offset: number) => lines.linePos(offset).line;
  try {
    const parsed = parse(text, lines);
    return { value: decode(parsed), document: parsed, lineOf };
  } catch (error) {
    if (error instanceof DecodeError) {
      throw new YamlError(error.message, error.offset === undefined ? 1 : lineOf(error.offset));
    }
    if (error instanceof RangeError) throw new YamlError("it is nested too deeply", 1);
    throw error;
  }
}

/** Every scalar stays text: what it is, `decode` says. */
const options = {
  schema: "failsafe",
  merge: false,
  resolveKnownTags: false,
  uniqueKeys: false,
  prettyErrors: false,
  logLevel: "silent",
  keepSourceTokens: true,
} as const;

function parse(text: string, lineCounter: LineCounter): Document {
  const documents = parseAllDocuments(text, { ...options, lineCounter });
  const document = documents[0] ?? new Document(null, options);
  const [fault] = document.errors;
  if (fault) {
    if (fault.message.includes("call stack")) throw new RangeError(fault.message);
    const [message = ""] = fault.message.split("\n");
    throw new YamlError(`not valid YAML: ${message}`, lineCounter.linePos(fault.pos[0]).line);
  }
  const { version, explicit } = document.directives?.yaml ?? {};
  if (explicit && version !== "1.1" && /^%YAML/m.test(text)) {
    throw new YamlError(`found %YAML ${version}; allowed: 1.1, which is what the engine reads`, 1);
  }
  const tab = tabbedLine(text, document);
  if (tab !== undefined) {
    throw new YamlError("a tab stands where indentation would", lineCounter.linePos(tab).line);
  }
  for (const [pattern, message] of unusable) {
    const found = pattern.exec(text);
    if (found) throw new YamlError(message, lineCounter.linePos(found.index).line);
  }
  return document;
}

/** Where a line between two values begins with a tab, which YAML 1.2 lets pass and yaml.v3 does not. */
function tabbedLine(text: string, document: Document): number | undefined {
  const lines = [...text.matchAll(/^ *\t/gm)].map(({ index }) => index);
  if (lines.length === 0) return undefined;
  const values: [start: number, end: number][] = [];
  visit(document, {
    Node(_, node) {
      const isWhole = !isCollection(node) || node.flow;
      if (isWhole && node.range) values.push([node.range[0], node.range[1]]);
    },
  });
  return lines.find((at) => !values.some(([start, end]) => start <= at && at < end));
}

const unusable = [
  [/[^\t\n\r\x20-\x7e\x85\xa0-\ufffd\u{10000}-\u{10ffff}]/u, "control characters are not allowed"],
  // YAML 1.1 ends a line there, YAML 1.2 does not.
  [
    /[\x85\u2028\u2029]/,
    'U+0085, U+2028 and U+2029 end a line for the engine: write "\\u2028" in quotes',
  ],
] as const;
