/** Markdown as a code host shows it: links, anchors and fenced blocks of a page. */
import { slugOf } from "../../docs/.vitepress/slug.ts";

export interface Link {
  readonly line: number;
  readonly target: string;
}

export interface Fence {
  readonly line: number;
  readonly language: string;
  readonly text: string;
  /** Of the HTML comment right before the block. */
  readonly comment: string;
}

/** Lines outside of fences; those within are empty, so that line numbers stay. */
function prose(markdown: string): string[] {
  let end: string | undefined;
  return markdown.split("\n").map((line) => {
    const mark = /^\s*(`{3,}|~{3,})/.exec(line)?.[1];
    if (end === undefined && mark !== undefined) {
      end = mark;
      return "";
    }
    if (end !== undefined && line.trim() === end) {
      end = undefined;
      return "";
    }
    return end === undefined ? line : "";
  });
}

/** Targets of links and pictures, also of HTML, but not what code shows. */
export const linksOf = (markdown: string): Link[] =>
  prose(markdown).flatMap((line, index) => {
    const text = line.replace(/(`+)(?:(?!\1).)+\1/g, (code) => "`".repeat(code.length));
    const found = text.matchAll(
      /\]\(([^)\s]+)\)|(?:href|src|srcset)="([^"]+)"|^\[[^\]]+\]: (\S+)/g,
    );
    return [...found].map(([, inline, html, reference]) => ({
      line: index + 1,
      target: inline ?? html ?? reference ?? "",
    }));
  });

/** What links of the page may name behind `#`: its headings, as GitHub spells them, and its own anchors. */
export function anchorsOf(markdown: string): Set<string> {
  const seen = new Map<string, number>();
  const anchors = new Set<string>();
  for (const line of prose(markdown)) {
    for (const [, id = ""] of line.matchAll(/<a (?:id|name)="([^"]+)"/g)) anchors.add(id);
    const heading = /^#{1,6} +(.+?)(?: +#+)?$/.exec(line)?.[1];
    if (heading === undefined) continue;
    const slug = slugOf(heading.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1"));
    const times = seen.get(slug) ?? 0;
    seen.set(slug, times + 1);
    anchors.add(times === 0 ? slug : `${slug}-${times}`);
  }
  return anchors;
}

export function fencesOf(markdown: string): Fence[] {
  const fences: Fence[] = [];
  const lines = markdown.split("\n");
  let open: {
    line: number;
    indent: string;
    mark: string;
    language: string;
    comment: string;
  } | null = null;
  for (const [index, line] of lines.entries()) {
    const [, indent = "", mark, language = ""] = /^(\s*)(`{3,}|~{3,})(\w*)/.exec(line) ?? [];
    if (open === null && mark !== undefined) {
      const before = lines.slice(0, index).findLast((one) => one.trim() !== "") ?? "";
      const comment = /^\s*<!-- (.+) -->$/.exec(before)?.[1] ?? "";
      open = { line: index + 1, indent, mark, language, comment };
    } else if (open !== null && line.trim() === open.mark) {
      const { line: first, indent: depth, language, comment } = open;
      const own = lines.slice(first, index).map((each) => withoutIndent(each, depth));
      fences.push({ line: first, language, comment, text: own.join("\n") });
      open = null;
    }
  }
  return fences;
}

/** A block in a list is indented as the list is. */
const withoutIndent = (line: string, indent: string): string =>
  line.startsWith(indent) ? line.slice(indent.length) : line;
