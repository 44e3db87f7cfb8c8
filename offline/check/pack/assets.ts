/** Records hold `{ asset: { path | text | uri } }` and `{ archive: { path | assets | uri } }`. */
export function assetIn(value: object): { asset?: object; archive?: object } {
  const [[kind, content] = [], ...others] = Object.entries(value);
  if (others.length > 0 || typeof content !== "object" || content === null) return {};
  const [source] = Object.keys(content);
  if (kind === "asset" && ["path", "text", "uri"].includes(source ?? "")) return { asset: content };
  if (kind === "archive" && ["path", "assets", "uri"].includes(source ?? "")) {
    return { archive: content };
  }
  return {};
}
