/**
 * `offline/report/`: pages for reviewers: of a stack, whose content is gathered here and drawn by `sections/`, and of a plan.
 *
 * What they stand in: one file that asks nobody for anything, and reads on a phone as on a wide screen, light or dark.
 */
import { createHash } from "node:crypto";
import { version } from "../version.ts";
import { type Html, html, raw } from "./html.ts";
import { pageStyle } from "./style.ts";

export interface Framed {
  readonly title: string;
  /** Below the title, beside the time. */
  readonly about: readonly (string | undefined)[];
  readonly made: Date;
  readonly tiles: readonly Tile[];
  /** Between the tiles and the content. */
  readonly head?: Html;
  readonly content: Html;
  /** The page has no other. */
  readonly script?: string;
}

/** Name, value and tone. */
export type Tile = readonly [string, string | number, string];

export async function framed(page: Framed): Promise<string> {
  const { title, script } = page;
  const policy = [
    `default-src 'none'; style-src '${hashOf(pageStyle)}'`,
    ...(script === undefined ? [] : [`script-src '${hashOf(script)}'`]),
    "base-uri 'none'; form-action 'none'",
  ].join("; ");
  const written = await html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${title}</title>
<style>${raw(pageStyle)}</style>
</head>
<body>
<header>
<h1>${title}</h1>
<p class="quiet">${[...page.about, page.made.toISOString()].filter(Boolean).join(" · ")}</p>
<dl class="tiles">${page.tiles.map(tile)}</dl>
${page.head ?? ""}
</header>
<main>
${page.content}
</main>
<footer>chatstack ${version}. Evaluated offline: nothing here was read from AWS.</footer>
${script === undefined ? "" : html`<script>${raw(script)}</script>`}
</body>
</html>
`;
  return written.toString();
}

const tile = ([name, value, tone]: Tile): Html =>
  html`<div class="tile"><dt>${name}</dt><dd class="${tone}">${typeof value === "number" ? value.toLocaleString("en") : value}</dd></div>`;

/** As a source of a Content-Security-Policy (CSP Level 3, "hash-source"). */
const hashOf = (text: string): string =>
  `sha256-${createHash("sha256").update(text).digest("base64")}`;
