import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { defineConfig } from "vitepress";
import manifest from "../../package.json" with { type: "json" };
import { leadOutOfDocs } from "./links.ts";
import { sections } from "./navigation.ts";
import { slugOf } from "./slug.ts";

const docs = resolve(import.meta.dirname, "..");
const host = manifest.repository.url.replace(/^git\+|\.git$/g, "");

/** The site of `docs/`. Its navigation is the index page, so that a page is listed in one place. */
export default defineConfig({
  title: manifest.name,
  description: manifest.description,
  outDir: "../dist/docs-site",
  cacheDir: "node_modules/.cache/vitepress",
  rewrites: (path) => path.replace(/(^|\/)README\.md$/, "$1index.md"),
  // Browsers would ask for /favicon.ico.
  head: [["link", { rel: "icon", href: "data:," }]],
  // The pictures follow the system's colours, so the page does too.
  appearance: "force-auto",
  markdown: {
    anchor: { slugify: slugOf },
    config: (md) => {
      md.core.ruler.push("links", ({ tokens, env }) =>
        leadOutOfDocs(tokens, env.relativePath, host),
      );
    },
  },
  // esbuild would read the repository's tsconfig.json, whose target is newer than it knows.
  vite: { esbuild: { tsconfigRaw: {} } },
  themeConfig: {
    search: { provider: "local" },
    sidebar: sections(readFileSync(resolve(docs, "README.md"), "utf8")).map((section) => ({
      ...section,
      collapsed: true,
    })),
    outline: [2, 3],
    socialLinks: [{ icon: "github", link: host }],
    editLink: {
      pattern: `${host}/edit/main/docs/:path`,
      text: "Edit this page",
    },
  },
});
