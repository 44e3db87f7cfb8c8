/** A terminal's output as SVG, whose colours follow the reader's scheme. */

const columns = 100;
const lineHeight = 19;
const characterWidth = 7.83;

const style = `svg { color-scheme: light dark; background: light-dark(#f6f8fa, #161b22); }
text { font: 13px ui-monospace, Menlo, Consolas, monospace; white-space: pre; fill: light-dark(#1f2328, #e6edf3); }
.command, .heading { font-weight: bold; }
.added { fill: light-dark(#1a7f37, #3fb950); }
.removed { fill: light-dark(#cf222e, #f85149); }
.changed { fill: light-dark(#9a6700, #d29922); }`;

/** Lines wider than this are broken at a blank, and their rest is indented. */
function broken(line: string): string[] {
  if (line.length <= columns) return [line];
  const cut = line.lastIndexOf(" ", columns);
  const indent = `${/^ */.exec(line)?.[0] ?? ""}    `;
  return [line.slice(0, cut), ...broken(indent + line.slice(cut + 1))];
}

function classOf(line: string): string {
  if (line.startsWith("$ ")) return "command";
  if (/would be (lost|refused)$/.test(line)) return "removed heading";
  if (/^\S/.test(line)) return "heading";
  const [, sign = ""] = /^ +([-+~]) /.exec(line) ?? [];
  return { "+": "added", "-": "removed", "~": "changed" }[sign] ?? "";
}

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** The command and what it printed. */
export function terminal(command: string, output: string): string {
  const lines = [`$ ${command}`, ...output.trimEnd().split("\n")];
  const rows = lines.flatMap((line) => broken(line).map((text) => ({ text, as: classOf(line) })));
  const [width, height] = [Math.ceil(columns * characterWidth) + 32, rows.length * lineHeight + 28];
  const texts = rows.map(
    ({ text, as }, index) =>
      `<text x="16" y="${28 + index * lineHeight}" class="${as}">${escaped(text)}</text>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">
<style>
${style}
</style>
${texts.join("\n")}
</svg>
`;
}
