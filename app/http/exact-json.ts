/** A number that is another one once it was read: too long, too large, or a negative zero. */
export class InexactNumber extends Error {
  override readonly name = "InexactNumber";
}

export const inexactNumber =
  "has a number that does not come back as it was sent: at most 15 digits always do; send others as text";

/** Numbers of up to 15 digits without an exponent come back as they were sent. */
const doubtful = /(?:^|[[:,\s])-?(?:\d[\d.]{15,}|\d[\d.]*[eE]|0(?<=-0))/;

/** RFC 8259, section 8.1: it may be ignored. */
export const byteOrderMark = /^\uFEFF/;

/**
 * Parses JSON whose numbers all survive: JavaScript reads 12345678901234567890 as 12345678901234567000 and
 * 1e400 as infinity, without a word.
 *
 * @throws SyntaxError for what is not JSON.
 * @throws InexactNumber
 */
export function parseExactly(given: string): unknown {
  const text = given.replace(byteOrderMark, "");
  const value: unknown = JSON.parse(text);
  if (doubtful.test(text) && !numbersIn(text).every(isExact)) throw new InexactNumber();
  return value;
}

/** Of valid JSON. */
function numbersIn(text: string): string[] {
  const numbers: string[] = [];
  const number = /-?[\d.eE+-]+/y;
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === '"') {
      at = endOfString(text, at);
    } else if (/[-\d]/.test(character)) {
      number.lastIndex = at;
      const [found = character] = number.exec(text) ?? [];
      numbers.push(found);
      at += found.length - 1;
    }
  }
  return numbers;
}

function endOfString(text: string, start: number): number {
  for (let at = start + 1; ; at++) {
    at = text.indexOf('"', at);
    let escapes = 0;
    while (text.charAt(at - 1 - escapes) === "\\") escapes++;
    if (escapes % 2 === 0) return at;
  }
}

function isExact(source: string): boolean {
  const value = Number(source);
  if (!Number.isFinite(value) || Object.is(value, -0)) return false;
  return canonical(source) === canonical(String(value));
}

/** One text for one decimal value: digits without zeros at either end, and an exponent. */
function canonical(source: string): string {
  const [, sign = "", whole = "", fraction = "", exponent = "0"] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(source) ?? [];
  const digits = `${whole}${fraction}`.replace(/^0+/, "");
  const significant = withoutTrailingZeros(digits);
  if (significant === "") return "0";
  const shift = digits.length - significant.length - fraction.length;
  return `${sign}${significant}e${Number(exponent) + shift}`;
}

/** A pattern such as `0+$` would try every run of zeros to its end. */
function withoutTrailingZeros(digits: string): string {
  let end = digits.length;
  while (digits[end - 1] === "0") end--;
  return digits.slice(0, end);
}
