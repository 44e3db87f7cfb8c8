/** The page's look: light and dark by the reader's system, cards instead of tables on a phone. */
import { pictureStyle } from "../graph/svg.ts";

export const pageStyle = `
:root {
  color-scheme: light dark;
  --page: light-dark(#ffffff, #0d1117);
  --panel: light-dark(#f6f8fa, #161b22);
  --text: light-dark(#1f2328, #e6edf3);
  --quiet: light-dark(#59636e, #9198a1);
  --line: light-dark(#d1d9e0, #30363d);
  --link: light-dark(#0969da, #4493f8);
  --good: light-dark(#1a7f37, #3fb950);
  --warn: light-dark(#9a6700, #d29922);
  --bad: light-dark(#cf222e, #f85149);
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
header, main, footer { max-width: 1400px; margin: 0 auto; padding: 0 16px; }
header { padding-top: 24px; }
h1 { font-size: 1.6rem; margin: 0; }
h2 { font-size: 1.25rem; margin: 40px 0 12px; padding-bottom: 6px; border-bottom: 1px solid var(--line); }
h3 { font-size: 1rem; margin: 24px 0 8px; }
p { max-width: 75ch; overflow-wrap: anywhere; }
a { color: var(--link); }
footer, .quiet { color: var(--quiet); }
footer { padding-top: 40px; padding-bottom: 40px; font-size: 0.875rem; }
code { font: 0.9em ui-monospace, monospace; overflow-wrap: anywhere; }
nav { display: flex; flex-wrap: wrap; gap: 4px 16px; margin-top: 16px; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 12px; margin: 20px 0 0; }
.tile { background: var(--panel); border: 1px solid var(--line); border-radius: 8px; padding: 12px 16px; }
.tile dt { color: var(--quiet); font-size: 0.875rem; }
.tile dd { margin: 0; font-size: 1.5rem; font-weight: 600; }
.badge { display: inline-block; border: 1px solid; border-radius: 999px; padding: 0 8px; font-size: 0.8125rem; white-space: nowrap; }
.good { color: var(--good); }
.warn { color: var(--warn); }
.bad { color: var(--bad); }
.notice { border-left: 4px solid; padding: 8px 16px; background: var(--panel); }
.notice > * { color: var(--text); }
table { border-collapse: collapse; width: 100%; margin: 12px 0; font-size: 0.9375rem; }
th, td { text-align: left; vertical-align: top; padding: 6px 12px; border-bottom: 1px solid var(--line); overflow-wrap: break-word; }
th { color: var(--quiet); font-weight: 600; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
details { border: 1px solid var(--line); border-radius: 8px; margin: 8px 0; padding: 8px 16px; }
summary { cursor: pointer; }
figure { margin: 16px 0; }
figure .scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: 8px; padding: 8px; }
figcaption { color: var(--quiet); font-size: 0.875rem; }
.bars { width: 100%; height: 14px; display: block; }
.bars rect { stroke: var(--page); stroke-width: 0.2; }
.hue-0 { fill: light-dark(#0969da, #4493f8); background: light-dark(#0969da, #4493f8); }
.hue-1 { fill: light-dark(#1a7f37, #3fb950); background: light-dark(#1a7f37, #3fb950); }
.hue-2 { fill: light-dark(#9a6700, #d29922); background: light-dark(#9a6700, #d29922); }
.hue-3 { fill: light-dark(#8250df, #ab7df8); background: light-dark(#8250df, #ab7df8); }
.hue-4 { fill: light-dark(#bf3989, #db61a2); background: light-dark(#bf3989, #db61a2); }
.hue-5 { fill: light-dark(#818b98, #656c76); background: light-dark(#818b98, #656c76); }
.legend { display: flex; flex-wrap: wrap; gap: 4px 16px; padding: 0; list-style: none; font-size: 0.875rem; }
.legend i { display: inline-block; width: 10px; height: 10px; border-radius: 2px; margin-right: 6px; }
@media (max-width: 720px) {
  thead { display: none; }
  table, tbody, tr, td { display: block; }
  tr { border: 1px solid var(--line); border-radius: 8px; margin: 8px 0; padding: 4px 0; }
  td { border: 0; padding: 4px 12px; overflow-wrap: anywhere; }
  td::before { content: attr(data-column) " "; display: block; color: var(--quiet); font-size: 0.8125rem; }
  .number { text-align: left; }
}
[hidden] { display: none !important; }
.filter select { font: inherit; padding: 4px 8px; border: 1px solid var(--line); border-radius: 6px; background: var(--page); color: inherit; }
@media print { details { break-inside: avoid; } nav { display: none; } }
${pictureStyle}
`.trim();
