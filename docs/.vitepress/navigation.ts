export interface Section {
  readonly text: string;
  readonly items: readonly { readonly text: string; readonly link: string }[];
}

/** The index page's sections that list pages; each link to a page of `docs/` is an item. */
export const sections = (index: string): Section[] =>
  index
    .split(/^## /m)
    .slice(1)
    .map((section) => ({
      text: section.slice(0, section.indexOf("\n")),
      items: [...section.matchAll(/\[([^\]]+)\]\(([^)#]+)\.md\)/g)]
        .filter(([, , path = ""]) => !path.startsWith("../"))
        .map(([, text = "", path = ""]) => ({
          text: text.charAt(0).toUpperCase() + text.slice(1),
          link: `/${path.replace(/README$/, "")}`,
        })),
    }));
