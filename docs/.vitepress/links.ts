import { posix } from "node:path";

/** What of markdown-it's tokens this reads; its types are a package of their own. */
interface Token {
  readonly children: Token[] | null;
  attrGet(name: string): string | null;
  attrSet(name: string, value: string): void;
}

/**
 * On a code host every link is relative. On the site, those to code, examples and workflows lead to the
 * code host, and those to a folder's README to the folder.
 */
export function leadOutOfDocs(tokens: readonly Token[], page: string, host: string): void {
  for (const token of tokens) {
    leadOutOfDocs(token.children ?? [], page, host);
    const href = token.attrGet("href");
    if (href !== null && !/^([a-z]+:|#)/.test(href))
      token.attrSet("href", onSite(href, page, host));
  }
}

function onSite(href: string, page: string, host: string): string {
  const [path = "", anchor] = href.split("#");
  const target = posix.join("docs", posix.dirname(page), path);
  const isPage = target.startsWith("docs/") && target.endsWith(".md");
  if (isPage) return href.replace(/README\.md(?=$|#)/, "index.md");
  const kind = /\.\w+$/.test(target) ? "blob" : "tree";
  return `${host}/${kind}/main/${target}${anchor === undefined ? "" : `#${anchor}`}`;
}
