import type { DocumentText } from "./document-text.ts";

/** A piece of a document, short enough to quote. */
export interface Passage {
  /** 1, 2, 3 …; absent where there are no pages. */
  readonly page?: number | undefined;
  readonly text: string;
}

/** Characters of a passage: a long paragraph. */
const longest = 1_200;

/**
 * Cuts a text into passages that end where a paragraph, a sentence, or at least a word does, and
 * never reach over a page, so that each can be cited.
 */
export function passagesOf({ pages, isPaged }: DocumentText): Passage[] {
  return pages.flatMap((text, index) =>
    pieces(text).map((piece) => (isPaged ? { page: index + 1, text: piece } : { text: piece })),
  );
}

function pieces(text: string): string[] {
  const found: string[] = [];
  let rest = tidy(text);
  while (rest.length > longest) {
    const end = endOfPiece(rest);
    found.push(rest.slice(0, end).trim());
    rest = rest.slice(end).trim();
  }
  return [...found, rest].filter((piece) => piece !== "");
}

/** Ends of paragraphs, of sentences in several scripts, of lines, of words: the best that there is. */
const ends = [/\n\n/g, /[.!?…](?=\s)|[。！？]/g, /\n/g, /\s/g];

function endOfPiece(text: string): number {
  const head = text.slice(0, longest);
  for (const end of ends) {
    const last = [...head.matchAll(end)].at(-1);
    const at = last === undefined ? 0 : last.index + last[0].length;
    if (at > longest / 2) return at;
  }
  // Never between the halves of a surrogate pair.
  return /[\ud800-\udbff]$/.test(head) ? longest - 1 : longest;
}

/** Control characters are layout, or worse; three empty lines say no more than one. */
function tidy(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?/g, "\n")
    .replace(/[^\S\n]+/g, " ")
    .replace(/[\p{Cc}--\n]/gv, "")
    .replace(/ ?\n ?/g, "\n")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}
