/**
 * `client/adapters/`: messages of other libraries as ours, and back. Each is a pure function over plain
 * objects. What we have no part for travels in a `data` part under the library's name, so that whatever went
 * in comes out.
 */
import type { components } from "../contract.ts";

export type Part = components["schemas"]["Part"];
export type PartOf<T extends Part["type"]> = Extract<Part, { type: T }>;
type Message = components["schemas"]["Message"];

/** What an adapter makes, ready for `appendMessage`. */
export interface Adapted {
  readonly role: Message["role"];
  readonly content?: string;
  readonly parts?: Part[];
}

/** What an adapter reads: a message as the API gives it. */
export type Given = Pick<Message, "role" | "content" | "parts">;

export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether two values are the same JSON. A member that is undefined is none. */
export function isSame(one: unknown, other: unknown): boolean {
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((item, at) => isSame(item, other[at]));
  }
  if (isFields(one) && isFields(other)) {
    return [...new Set([...Object.keys(one), ...Object.keys(other)])].every((name) =>
      isSame(one[name], other[name]),
    );
  }
  return Object.is(one, other);
}

/** The part with what only the library knows of it. */
export function withRest<T extends Part>(part: T, library: string, rest: Fields): T {
  const known = Object.entries(rest).filter(([, value]) => value !== undefined);
  return known.length === 0
    ? part
    : { ...part, metadata: { ...part.metadata, [library]: Object.fromEntries(known) } };
}

export function restOf(part: Part, library: string): Fields {
  const rest = part.metadata?.[library];
  return isFields(rest) ? rest : {};
}

/** What is no part of ours, as it is. */
export function rawPart(library: string, data: unknown): PartOf<"data"> {
  return { type: "data", name: library, data };
}

export function isRaw(part: Part, library: string): part is PartOf<"data"> {
  return part.type === "data" && part.name === library;
}

/** The parts of a message; of one that came as text, its text. */
export function partsOf({ content, parts }: Given): readonly Part[] {
  return parts ?? (content === "" ? [] : [{ type: "text", text: content }]);
}

/** What may stand as a name or an id in a part. */
export function isName(value: unknown): value is string {
  return typeof value === "string" && value.length > 0 && value.length <= 512 && isText(value);
}

export function isText(value: unknown): value is string {
  return (
    typeof value === "string" &&
    !/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.test(value)
  );
}

export function isHttps(value: unknown): value is string {
  return (
    typeof value === "string" &&
    value.length <= 2_048 &&
    /^https:\/\/[\x21-\x7e]+$/.test(value) &&
    URL.canParse(value)
  );
}

const base64 =
  /^(?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$|^[A-Za-z0-9+/]{2}==$|^[A-Za-z0-9+/]{3}=$/;

export function isBase64(value: unknown): value is string {
  return typeof value === "string" && base64.test(value);
}

const imageTypes: readonly PartOf<"image">["mediaType"][] = [
  "image/png",
  "image/jpeg",
  "image/gif",
  "image/webp",
];

/** How the bytes of a type begin, in base64: the API refuses an image that does not. */
const beginnings: Readonly<Record<PartOf<"image">["mediaType"], RegExp>> = {
  "image/png": /^iVBORw0KGg[o-r]/,
  "image/jpeg": /^\/9j\//,
  "image/gif": /^R0lGODdh|^R0lGODlh/,
  "image/webp": /^UklGR[g-j].{4,6}/,
};

/** An image or a file of bytes or of an address; undefined for what the API would refuse. */
export function mediaPart(
  mediaType: unknown,
  source: { readonly data?: unknown; readonly url?: unknown },
  name?: string,
): PartOf<"image"> | PartOf<"file"> | undefined {
  if (typeof mediaType !== "string" || !/^[\w.+-]{1,64}\/[\w.+-]{1,128}$/.test(mediaType))
    return undefined;
  if (name !== undefined && !isName(name)) return undefined;
  const from = isBase64(source.data)
    ? { data: source.data }
    : isHttps(source.url)
      ? { url: source.url }
      : undefined;
  if (from === undefined) return undefined;
  const image = imageTypes.find((type) => type === mediaType);
  if (image === undefined || name !== undefined) {
    return { type: "file", mediaType, ...from, ...(name !== undefined && { name }) };
  }
  const isImage = from.data === undefined || beginnings[image].test(from.data);
  return isImage ? { type: "image", mediaType: image, ...from } : undefined;
}
