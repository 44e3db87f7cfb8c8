/** An answer as elements: the Markdown that models write most. Never as HTML, so nothing in it can run. */
import type { ComponentChild } from "preact";

interface RichTextProps {
  readonly text: string;
  /** Shows a passage that the answer cites as `[n]`. */
  readonly onCitation: (index: number) => void;
  /** How many passages there are. */
  readonly citations: number;
}

export function RichText(props: RichTextProps) {
  return (
    <div class="text">
      {blocksOf(props.text).map((block, index) => renderBlock(block, index, props))}
    </div>
  );
}

interface Block {
  readonly kind: "paragraph" | "heading" | "quote" | "list" | "code";
  readonly lines: readonly string[];
}

const kinds: readonly (readonly [Block["kind"], RegExp])[] = [
  ["heading", /^#{1,6}\s+/],
  ["quote", /^>\s?/],
  ["list", /^\s*(?:[-*]|\d+\.)\s+/],
];

/** Lines of one kind that follow one another; a blank line ends a paragraph. */
function blocksOf(text: string): readonly Block[] {
  const blocks: { kind: Block["kind"]; lines: string[] }[] = [];
  let isNew = true;
  let isCode = false;
  for (const line of text.split("\n")) {
    if (line.startsWith("```")) {
      isCode = !isCode;
      if (isCode) blocks.push({ kind: "code", lines: [] });
      isNew = true;
      continue;
    }
    const last = blocks.at(-1);
    if (isCode) {
      last?.lines.push(line);
      continue;
    }
    if (line.trim() === "") {
      isNew = true;
      continue;
    }
    const [kind, mark] = kinds.find(([, pattern]) => pattern.test(line)) ?? ["paragraph", /^/];
    const content = line.replace(mark, "");
    // A line without a mark goes on with the quote or the list item before it.
    if (last !== undefined && !isNew && kind === "paragraph" && last.kind !== "heading") {
      last.lines.push(`${last.lines.pop() ?? ""}\n${content}`);
    } else if (last === undefined || isNew || last.kind !== kind || kind === "heading") {
      blocks.push({ kind, lines: [content] });
    } else {
      last.lines.push(content);
    }
    isNew = false;
  }
  return blocks;
}

function renderBlock({ kind, lines }: Block, key: number, props: RichTextProps) {
  const text = lines.join("\n");
  if (kind === "code") {
    return (
      // biome-ignore lint/a11y/noNoninteractiveTabindex: code that is wider than the page is scrolled by key.
      <pre key={key} tabIndex={0}>
        <code>{text}</code>
      </pre>
    );
  }
  if (kind === "quote") return <blockquote key={key}>{inline(text, props)}</blockquote>;
  if (kind === "heading") return <h3 key={key}>{inline(text, props)}</h3>;
  if (kind === "list") {
    return (
      <ul key={key}>
        {lines.map((line) => (
          <li key={line}>{inline(line, props)}</li>
        ))}
      </ul>
    );
  }
  return <p key={key}>{inline(text, props)}</p>;
}

const marks = /(`[^`\n]+`|\*\*[^*\n]+\*\*|\[\d{1,2}\])/;

function inline(text: string, { onCitation, citations }: RichTextProps): ComponentChild[] {
  return text.split(marks).map((part) => {
    if (/^`.+`$/.test(part)) return <code>{part.slice(1, -1)}</code>;
    if (/^\*\*.+\*\*$/.test(part)) return <strong>{part.slice(2, -2)}</strong>;
    const number = Number(/^\[(\d+)\]$/.exec(part)?.[1] ?? 0);
    if (number < 1 || number > citations) return part;
    return (
      <button
        type="button"
        class="mark"
        aria-label={`Source ${number}`}
        onClick={() => onCitation(number - 1)}
      >
        {number}
      </button>
    );
  });
}
