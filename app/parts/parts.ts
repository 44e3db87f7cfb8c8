/**
 * `app/parts/`: what a message is made of beside its text: the one schema, how it is kept, and what of it
 * may be sent.
 */
import * as z from "zod";
import { everyType, keepable, type Value } from "../contract/any-json.ts";
import { identifierPattern } from "../http/identifiers.ts";

/** Images that models and browsers read. */
export const imageTypes = ["image/png", "image/jpeg", "image/gif", "image/webp"] as const;
export type ImageType = (typeof imageTypes)[number];

/** Bytes of an image, and of another file, that a model is sent (Amazon Bedrock, Converse, 2026-11). */
export const imageBytes = 3_750_000;
export const fileBytes = 4_500_000;

const wellFormed = z
  .string()
  .refine((value) => value.isWellFormed(), "must be well-formed Unicode");
const name = wellFormed.min(1).max(512);
const json = keepable().openapi({ type: [...everyType], description: "Any JSON." });

/** What only one provider or library knows of a part, under its name. */
const metadata = keepable<Readonly<Record<string, Value>>>()
  .pipe(z.record(z.string().regex(/^[a-z][A-Za-z0-9-]{0,31}$/), z.custom<Value>()))
  .openapi("PartMetadata", {
    type: "object",
    additionalProperties: true,
    description:
      "What only one provider or library knows of it, under its name: kept and given back, and sent to no other.",
  })
  .optional();

/** A browser shows an image of it, or offers it as a link: nothing but HTTPS. */
const url = z
  .string()
  .max(2_048)
  .regex(/^https:\/\/[\x21-\x7e]+$/, "must be an https: address")
  .refine((value) => URL.canParse(value), "must be an https: address")
  .openapi({ format: "uri" });

const bytesFrom = {
  document: z.string().regex(identifierPattern).optional().openapi({
    description: "A document of the caller's: the way for all that is not tiny.",
  }),
  url: url.optional().openapi({ description: "Kept for the client; the API never fetches it." }),
  data: z.base64().min(4).optional().openapi({
    description: "The bytes in base64; they count as part of the message.",
  }),
};

const hasOneSource = (part: { document?: unknown; url?: unknown; data?: unknown }) =>
  [part.document, part.url, part.data].filter((one) => one !== undefined).length === 1;
const oneSource = "must have exactly one of document, url and data";

const text = z
  .strictObject({ type: z.literal("text"), text: wellFormed, metadata })
  .openapi("TextPart");

const image = z
  .strictObject({ type: z.literal("image"), mediaType: z.enum(imageTypes), ...bytesFrom, metadata })
  .refine(hasOneSource, oneSource)
  .openapi("ImagePart");

const file = z
  .strictObject({
    type: z.literal("file"),
    mediaType: z
      .string()
      .regex(/^[\w.+-]{1,64}\/[\w.+-]{1,128}$/, "must be a media type")
      .openapi({ example: "application/pdf" }),
    name: name.optional(),
    ...bytesFrom,
    metadata,
  })
  .refine(hasOneSource, oneSource)
  .openapi("FilePart");

const data = z
  .strictObject({
    type: z.literal("data"),
    name: z
      .string()
      .regex(/^[A-Za-z][\w.:/-]{0,127}$/, "must match [A-Za-z][A-Za-z0-9_.:/-]{0,127}")
      .openapi({ description: "What it is, as the client knows it." }),
    id: name.optional(),
    data: json,
    metadata,
  })
  .openapi("DataPart");

const toolCall = z
  .strictObject({
    type: z.literal("tool-call"),
    toolCallId: name,
    toolName: name,
    input: json,
    metadata,
  })
  .openapi("ToolCallPart");

const toolResult = z
  .strictObject({
    type: z.literal("tool-result"),
    toolCallId: name,
    toolName: name.optional(),
    output: json.optional(),
    content: z
      .array(z.discriminatedUnion("type", [text, image, file, data]))
      .readonly()
      .optional()
      .openapi({ description: "Instead of `output`, what is more than JSON." }),
    isError: z.boolean().optional(),
    metadata,
  })
  .refine(
    ({ output, content }) => (output === undefined) !== (content === undefined),
    "must have either output or content",
  )
  .openapi("ToolResultPart");

const reasoning = z
  .strictObject({
    type: z.literal("reasoning"),
    text: wellFormed,
    signature: wellFormed.optional().openapi({
      description: "By which the provider knows its own; it goes back to that provider only.",
    }),
    redacted: z.base64().optional().openapi({ description: "What the provider does not show." }),
    metadata,
  })
  .openapi("ReasoningPart");

const citation = z
  .strictObject({
    type: z.literal("citation"),
    id: name.optional(),
    title: wellFormed.max(500).optional(),
    url: url.optional(),
    source: wellFormed.max(1_024).optional().openapi({ description: "Name of the document." }),
    page: z.number().int().min(1).optional(),
    quote: wellFormed.max(4_000).optional(),
    metadata,
  })
  .openapi("CitationPart");

/** One part of a message. The API and both stores use this schema. */
export const messagePart = z.discriminatedUnion("type", [
  text,
  image,
  file,
  toolCall,
  toolResult,
  reasoning,
  citation,
  data,
]);
export type MessagePart = z.infer<typeof messagePart>;
export type PartOf<T extends MessagePart["type"]> = Extract<MessagePart, { type: T }>;
/** What refers to bytes. */
export type BytesPart = PartOf<"image"> | PartOf<"file">;

export const messageParts = z.array(messagePart).readonly();

/** The text of a message, for who reads nothing else: its text parts, one after the other. */
export function contentOfParts(parts: readonly MessagePart[]): string {
  return parts.map((part) => (part.type === "text" ? part.text : "")).join("");
}

/** Every image and file, those that a tool gave too. */
export function bytesParts(parts: readonly MessagePart[]): readonly BytesPart[] {
  return parts.flatMap((part) => {
    if (part.type === "tool-result") return bytesParts(part.content ?? []);
    return part.type === "image" || part.type === "file" ? [part] : [];
  });
}
