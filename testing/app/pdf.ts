import { deflateSync } from "node:zlib";

/** A PDF whose pages have these lines of text, in Latin-1; streams are compressed, as in most PDFs. */
export function pdfOf(...pages: readonly (readonly string[])[]): Buffer {
  const kids = pages.map((_, index) => `${4 + 2 * index} 0 R`).join(" ");
  const objects = [
    "<< /Type /Catalog /Pages 2 0 R >>",
    `<< /Type /Pages /Count ${pages.length} /Kids [${kids}] >>`,
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ...pages.flatMap((lines, index) => [
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents ${5 + 2 * index} 0 R ` +
        "/Resources << /Font << /F1 3 0 R >> >> >>",
      stream(lines),
    ]),
  ];
  return fileOf(objects);
}

function fileOf(objects: readonly string[]): Buffer {
  const chunks = ["%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"];
  const offsets: number[] = [];
  for (const [index, object] of objects.entries()) {
    offsets.push(chunks.join("").length);
    chunks.push(`${index + 1} 0 obj\n${object}\nendobj\n`);
  }
  const start = chunks.join("").length;
  const entries = offsets.map((offset) => `${String(offset).padStart(10, "0")} 00000 n \n`);
  chunks.push(
    `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${entries.join("")}`,
    `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`,
  );
  return Buffer.from(chunks.join(""), "latin1");
}

function stream(lines: readonly string[]): string {
  const shown = lines.map((line) => `(${line.replace(/[\\()]/g, "\\$&")}) Tj T*`).join("\n");
  const content = Buffer.from(`BT /F1 12 Tf 14 TL 72 770 Td\n${shown}\nET`, "latin1");
  const data = deflateSync(content).toString("latin1");
  return `<< /Length ${data.length} /Filter /FlateDecode >>\nstream\n${data}\nendstream`;
}

/**
 * A PDF of about a kilobyte whose one page unpacks to so many megabytes: compressed twice, for which PDF.js
 * unpacks both times.
 *
 * @param filters how often it is compressed: once makes a larger file.
 */
export function pdfBomb(megabytes: number, filters: 1 | 2 = 2): Buffer {
  const pieces = deflateSync(Buffer.alloc(megabytes * 1024 * 1024, " "), { level: 9 });
  const data = (filters === 2 ? deflateSync(pieces, { level: 9 }) : pieces).toString("latin1");
  const filter = Array.from({ length: filters }, () => "/FlateDecode").join(" ");
  return fileOf([
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>",
    `<< /Length ${data.length} /Filter [${filter}] >>\nstream\n${data}\nendstream`,
  ]);
}
