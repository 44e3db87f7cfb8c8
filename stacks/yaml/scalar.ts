/**
 * Reads a scalar of a YAML file as Pulumi's engine does: a port of `resolve` of Go's `gopkg.in/yaml.v3`
 * 3.0.1. It differs from YAML 1.2's core schema: dates are times, `0123` is octal, `1_000` is a number.
 */

/** Integers are `bigint`, floats are `number`, and times are the texts that Go prints for them. */
export type Scalar = null | boolean | bigint | number | string | GoTime;

/** A point in time. */
export interface GoTime {
  /** As Go's `time.Time.String()` prints it. The engine puts this text into the config. */
  readonly time: string;
  /** The same time as Go's JSON encoder writes it. */
  readonly rfc3339: string;
}

export type ScalarTag = "null" | "bool" | "int" | "float" | "timestamp" | "str";

export interface Resolved {
  readonly tag: ScalarTag;
  readonly value: Scalar;
}

/** Thrown where the text of a scalar is not of the kind that its tag names. */
export class TagError extends Error {
  override readonly name = "TagError";
}

/**
 * @param tag the tag that the file has before the scalar, without `tag:yaml.org,2002:`; undefined for none.
 * @throws TagError where the text is not of the tag's kind.
 */
export function resolveScalar(text: string, tag?: ScalarTag): Resolved {
  const found = tag === "str" ? asText(text) : untagged(text, tag);
  if (tag === undefined || tag === found.tag) return found;
  if (tag === "float" && typeof found.value === "bigint") {
    return { tag, value: Number(found.value) };
  }
  throw new TagError(`cannot decode !!${found.tag} \`${text}\` as a !!${tag}`);
}

function untagged(text: string, tag: ScalarTag | undefined): Resolved {
  const named = words.get(text);
  if (named !== undefined) return named;
  if (!/^[-+.\d]/.test(text)) return asText(text);
  if (text.startsWith(".")) return asFloat(text) ?? asText(text);
  const time = tag === undefined || tag === "timestamp" ? goTime(text) : undefined;
  if (time !== undefined) return { tag: "timestamp", value: time };
  const plain = text.replaceAll("_", "");
  return asInteger(plain) ?? asFloat(plain) ?? asText(text);
}

const asText = (value: string): Resolved => ({ tag: "str", value });

const spelled = (value: Scalar, tag: ScalarTag, ...spellings: readonly string[]) =>
  spellings.map((text) => [text, { tag, value }] as const);

const words: ReadonlyMap<string, Resolved> = new Map([
  ...spelled(true, "bool", "true", "True", "TRUE"),
  ...spelled(false, "bool", "false", "False", "FALSE"),
  ...spelled(null, "null", "", "~", "null", "Null", "NULL"),
  ...spelled(Number.NaN, "float", ".nan", ".NaN", ".NAN"),
  ...spelled(Number.POSITIVE_INFINITY, "float", ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"),
  ...spelled(Number.NEGATIVE_INFINITY, "float", "-.inf", "-.Inf", "-.INF"),
]);

const [smallest, largest, largestUnsigned] = [-(2n ** 63n), 2n ** 63n - 1n, 2n ** 64n - 1n];

function asInteger(text: string): Resolved | undefined {
  const [, sign = "", digits] =
    /^([-+]?)(0[xX][\da-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|0|[1-9]\d*)$/.exec(text) ?? [];
  if (digits === undefined) return undefined;
  // YAML 1.1 writes an octal number without a letter after the zero: 0123.
  const magnitude = BigInt(/^0\d/.test(digits) ? `0o${digits.slice(1)}` : digits);
  const value = sign === "-" ? -magnitude : magnitude;
  const fits = value >= smallest && value <= (sign === "" ? largestUnsigned : largest);
  return fits ? { tag: "int", value } : undefined;
}

function asFloat(text: string): Resolved | undefined {
  if (!/^[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?$/.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? { tag: "float", value } : undefined;
}

/** yaml.v3 knows four layouts of a time. The first pattern of `layouts` is two of them: with `T` and with `t`. */
const day = String.raw`(\d{4})-(\d{1,2})-(\d{1,2})`;
const clock = String.raw`(\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,](\d+))?`;
const layouts = [
  new RegExp(`^${day}[Tt]${clock}(Z|[-+]\\d{2}:\\d{2})$`),
  new RegExp(`^${day} ${clock}$`),
  new RegExp(`^${day}$`),
];

function goTime(text: string): GoTime | undefined {
  const parts = layouts.map((layout) => layout.exec(text)).find((found) => found !== null);
  if (!parts) return undefined;
  const [year = 0, month = 0, date = 0, hour = 0, minute = 0, second = 0] = parts
    .slice(1, 7)
    .map((part) => Number(part ?? 0));
  if (month < 1 || month > 12 || date < 1 || date > daysIn(year, month)) return undefined;
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const zone = goZone(parts[8]);
  if (zone === undefined) return undefined;
  const two = (part: number) => String(part).padStart(2, "0");
  const fraction = (parts[7] ?? "").slice(0, 9).replace(/0+$/, "");
  const onDay = `${parts[1]}-${two(month)}-${two(date)}`;
  const at = `${two(hour)}:${two(minute)}:${two(second)}${fraction && `.${fraction}`}`;
  const offset = /^(?:Z|[-+]00:00)?$/.test(parts[8] ?? "") ? "Z" : (parts[8] ?? "Z");
  return { time: `${onDay} ${at} ${zone}`, rfc3339: `${onDay}T${at}${offset}` };
}

/** The zone as Go prints it: offset and name. For a zone without a name, Go prints the offset twice. */
function goZone(zone: string | undefined): string | undefined {
  if (zone === undefined || zone === "Z" || /^[-+]00:00$/.test(zone)) return "+0000 UTC";
  const [hours = 0, minutes = 0] = zone.slice(1).split(":").map(Number);
  const offset = zone.replace(":", "");
  return hours > 24 || minutes > 60 ? undefined : `${offset} ${offset}`;
}

const daysIn = (year: number, month: number): number =>
  month === 2
    ? year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
      ? 29
      : 28
    : [4, 6, 9, 11].includes(month)
      ? 30
      : 31;
