/** Changes of a text, one at every position: a bit flipped, so that another character stands there. */
export function* changesOf(text: string): Generator<string> {
  for (let at = 0; at < text.length; at++) {
    yield text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ 1) + text.slice(at + 1);
  }
}

/** The text with its end, its beginning or nothing cut off, and with something put there. */
export function* cutsOf(text: string): Generator<string> {
  for (let length = 0; length < text.length; length++) yield text.slice(0, length);
  for (const extra of ["=", "A", " ", "\n", "\0", ".", "%00"]) {
    yield text + extra;
    yield extra + text;
  }
  yield text + text;
  yield text.toLowerCase();
  yield text.split("").toReversed().join("");
}

/** A form as a browser would send it, with whatever fields in whatever order, repeated or not. */
export function formOf(fields: readonly (readonly [string, string])[], file: Uint8Array | null) {
  const boundary = "----boundary-of-an-attack";
  const parts = fields.map(
    ([name, value]) =>
      `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\n`;
  return {
    headers: [["content-type", `multipart/form-data; boundary=${boundary}`]] as const,
    body: Buffer.concat([
      Buffer.from(parts.join("")),
      ...(file === null ? [] : [Buffer.from(head), file, Buffer.from("\r\n")]),
      Buffer.from(`--${boundary}--\r\n`),
    ]),
  };
}
