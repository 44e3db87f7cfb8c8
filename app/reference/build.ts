import { createHash } from "node:crypto";
import { join } from "node:path";
import { buildSync } from "esbuild";

/** The page without the OpenAPI document, which the bundle holds already. */
export interface PageTemplate {
  readonly before: string;
  readonly after: string;
  readonly policy: string;
}

/** Builds the page from `page/`: style and script stand in it, so it asks nobody for anything. */
export function buildReferenceTemplate(): PageTemplate {
  const style = build("page.css");
  // Not a module: it runs where it stands, at the end of the body.
  const script = build("page.ts");
  return {
    before:
      '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>chatstack: API reference</title>' +
      '<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">' +
      `<style>${style}</style></head><body><script type="application/json" id="openapi">`,
    after: `</script><script>${script}</script></body></html>`,
    policy: [
      "default-src 'none'",
      `script-src ${hash(script)}`,
      `style-src ${hash(style)}`,
      "img-src data:",
      "connect-src 'self'",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
      "require-trusted-types-for 'script'",
      "trusted-types 'none'",
    ].join("; "),
  };
}

function build(file: string): string {
  const { outputFiles } = buildSync({
    absWorkingDir: join(import.meta.dirname, "page"),
    entryPoints: [file],
    bundle: true,
    minify: true,
    format: "iife",
    target: "es2022",
    legalComments: "none",
    write: false,
  });
  const [output] = outputFiles;
  if (output === undefined) throw new Error(`esbuild wrote nothing for ${file}`);
  return output.text;
}

/** As a source of a Content-Security-Policy (CSP Level 3, "hash-source"). */
function hash(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}
