type Child = Node | string | undefined | false;

interface Attributes {
  readonly [name: string]: string | boolean | undefined;
}

/** Makes an element. Text becomes text nodes and nothing is ever parsed as HTML. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) made.setAttribute(name, "");
    else if (value !== undefined && value !== false) made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== undefined && child !== false));
  return made;
}

/** Text of the document, in which backticks mean code. */
export function prose(text: string | undefined): HTMLElement {
  const parts = (text ?? "").split("`");
  return element(
    "span",
    {},
    ...parts.map((part, index) => (index % 2 === 1 ? element("code", {}, part) : part)),
  );
}
