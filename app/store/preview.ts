const longestBytes = 160;

/** A header, and so its index entry, stays within the 1 KB of one write unit. */
const unitBytes = 1_024;

/** Names and type tags of `lastMessage`, its role, timestamp and bytes, and room for growing numbers. */
const lastMessageBytes = 120;

/** The beginning of a message for lists, as long as the header leaves room for. */
export function preview(content: string, header: Record<string, unknown>): string {
  const { lastMessage: _, ...others } = header;
  // JSON has more punctuation than DynamoDB's encoding has overhead: an estimate on the safe side.
  const room = unitBytes - lastMessageBytes - Buffer.byteLength(JSON.stringify(others));
  // Only the beginning can end up in a preview: no need to search a megabyte for white space.
  const text = content
    .slice(0, 4 * longestBytes)
    .replace(/\s+/g, " ")
    .trim();
  return cut(text, Math.max(0, Math.min(longestBytes, room)));
}

const titleBytes = 80;

/** A title made of the first question among messages: its first line that says something, cut. */
export function titleOf(
  messages: readonly { readonly role: string; readonly content: string }[],
): string | undefined {
  const question = messages.find(({ role }) => role === "user")?.content ?? "";
  const line = question
    .slice(0, 4 * longestBytes)
    .trim()
    .split(/[\r\n]/)[0];
  const title = cut((line ?? "").replace(/\s+/g, " ").trim(), titleBytes);
  return title === "" ? undefined : title;
}

/** At most so many bytes of UTF-8, never half a character. */
function cut(text: string, bytes: number): string {
  if (Buffer.byteLength(text) <= bytes) return text;
  const ellipsis = "…";
  let length = Buffer.byteLength(ellipsis);
  let kept = "";
  for (const character of text) {
    length += Buffer.byteLength(character);
    if (length > bytes) break;
    kept += character;
  }
  return bytes < Buffer.byteLength(ellipsis) ? "" : `${kept}${ellipsis}`;
}
