import fc from "fast-check";
import type { MessagePart } from "../../app/parts/parts.ts";

/** A PNG of one pixel. */
export const png =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

const words = fc.string({ unit: "grapheme", maxLength: 20 });
const name = fc.string({ unit: "grapheme-ascii", minLength: 1, maxLength: 12 });
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
/** What comes back from JSON as it was. */
export const anyJson = fc
  .jsonValue({ maxDepth: 3, noUnicodeString: false })
  .filter((value) => !JSON.stringify(value).includes("__proto__"))
  .map((value): unknown => JSON.parse(JSON.stringify(value)));
const metadata = maybe(fc.dictionary(fc.constantFrom("openai", "other"), anyJson));
const source = fc.oneof(
  fc.record({ document: fc.constantFrom("a-document", "another") }),
  fc.record({ url: fc.webUrl({ validSchemes: ["https"] }) }),
  fc.record({ data: fc.constant(png) }),
);

const text = fc.record({ type: fc.constant("text" as const), text: words, metadata });
const image = fc
  .tuple(
    fc.record({ type: fc.constant("image"), mediaType: fc.constant("image/png"), metadata }),
    source,
  )
  .map(([part, from]) => ({ ...part, ...from }));
const file = fc
  .tuple(
    fc.record({
      type: fc.constant("file"),
      mediaType: fc.constantFrom("application/pdf", "text/csv"),
      name: maybe(name),
      metadata,
    }),
    source,
  )
  .map(([part, from]) => ({ ...part, ...from }));
const data = fc.record({
  type: fc.constant("data"),
  name: fc.constantFrom("weather", "ai:step-start"),
  id: maybe(name),
  data: anyJson,
  metadata,
});
const toolCall = fc.record({
  type: fc.constant("tool-call"),
  toolCallId: name,
  toolName: name,
  input: anyJson,
  metadata,
});
const toolResult = fc
  .tuple(
    fc.record({
      type: fc.constant("tool-result"),
      toolCallId: name,
      toolName: maybe(name),
      isError: maybe(fc.boolean()),
      metadata,
    }),
    fc.oneof(
      fc.record({ output: anyJson }),
      fc.record({ content: fc.array(fc.oneof(text, image, file, data), { maxLength: 3 }) }),
    ),
  )
  .map(([part, from]) => ({ ...part, ...from }));
const reasoning = fc.record({
  type: fc.constant("reasoning"),
  text: words,
  signature: maybe(name),
  redacted: maybe(fc.constant("cmVk")),
  metadata,
});
const citation = fc.record({
  type: fc.constant("citation"),
  id: maybe(name),
  title: maybe(words),
  url: maybe(fc.webUrl({ validSchemes: ["https"] })),
  page: maybe(fc.integer({ min: 1, max: 999 })),
  quote: maybe(words),
  metadata,
});

/** Parts of every kind, as they come from JSON: what is not set is not there. */
export const messageParts = fc
  .array(fc.oneof(text, image, file, data, toolCall, toolResult, reasoning, citation), {
    minLength: 1,
    maxLength: 8,
  })
  .map((parts): MessagePart[] => JSON.parse(JSON.stringify(parts)));
