import type {
  ContentBlock,
  DocumentFormat,
  ImageFormat,
  Message,
  ToolResultContentBlock,
} from "@aws-sdk/client-bedrock-runtime";
import type { BytesPart, MessagePart, PartOf } from "../parts/parts.ts";
import type { CachePoints } from "./cache-points.ts";
import { isBlank, type Prompt, type PromptMessage } from "./chat-model.ts";
import { renderPassages } from "./passages.ts";

/** What of a prompt the model is shown as it is; the rest it is told in words. */
export interface Shown {
  readonly bytes: ReadonlyMap<BytesPart, Uint8Array>;
  readonly tools: boolean;
}

/**
 * The messages as Converse takes them: the user first, roles in turns, no blank text, and behind each tool use
 * its result, and nothing else, in the user's next message. What lacks one of the two is told in words.
 *
 * @param points where the model is to cache what it was told until there. Default nowhere.
 */
export function converseMessages(prompt: Prompt, points?: CachePoints): Message[] {
  const { messages, steps = [], passages, tools = [], bytes = new Map() } = prompt;
  const shown = { bytes, tools: tools.length > 0 };
  const question = messages.length - 1;
  const turns: Turn[] = [];
  for (const [index, message] of [...messages, ...steps].entries()) {
    const fence = index === question ? renderPassages(passages) : "";
    for (const turn of turnsOf(message, fence, index > question)) {
      const previous = turns.at(-1);
      if (previous?.role === turn.role) previous.parts.push(...turn.parts);
      else if (turns.length > 0 || turn.role === "user") turns.push(turn);
    }
    if (points?.messages.has(index)) turns.at(-1)?.parts.push(cachePoint);
  }
  if (points?.end) turns.at(-1)?.parts.push(cachePoint);
  const paired = turns.map((turn, at) =>
    pairedTurn(turn, turns[at - 1], turns[at + 1], shown.tools),
  );
  return paired.flatMap(({ role, parts }) => {
    const content = named(parts.flatMap((part) => blockOf(part, shown))).filter(
      (block, at, all) =>
        block.cachePoint === undefined || isCacheable(all[at - 1], points?.onlyText),
    );
    return content.length === 0 ? [] : [{ role, content }];
  });
}

const cachePoint = { type: "cache-point" } as const;

/** A point caches something, and no model takes one behind its reasoning. */
function isCacheable(before: ContentBlock | undefined, onlyText = false): boolean {
  if (onlyText) return before?.text !== undefined;
  return (
    before !== undefined &&
    before.cachePoint === undefined &&
    before.reasoningContent === undefined &&
    before.toolUse === undefined
  );
}

type TurnPart = MessagePart | typeof cachePoint;

interface Turn {
  readonly role: "user" | "assistant";
  readonly parts: TurnPart[];
}

/** A tool's result is the user's there, in whatever message of ours it stands. */
function turnsOf({ role, content, parts }: PromptMessage, fence: string, isStep: boolean): Turn[] {
  if (parts === undefined) {
    return isBlank(content) ? [] : [{ role, parts: [textPart(`${fence}${content}`)] }];
  }
  const turns: Turn[] = fence === "" ? [] : [{ role, parts: [textPart(fence)] }];
  for (const part of parts) {
    const isSpoken = part.type !== "citation" && part.type !== "data";
    // A signature is good for the model and the turn that it came from.
    if (!isSpoken || (part.type === "reasoning" && !isStep)) continue;
    if (part.type === "text" && isBlank(part.text)) continue;
    const side = part.type === "tool-result" ? "user" : role;
    const last = turns.at(-1);
    if (last?.role === side) last.parts.push(part);
    else turns.push({ role: side, parts: [part] });
  }
  return turns;
}

function pairedTurn(
  { role, parts }: Turn,
  before: Turn | undefined,
  after: Turn | undefined,
  hasTools: boolean,
): Turn {
  const idsIn = (turn: Turn | undefined, type: "tool-call" | "tool-result") =>
    new Set(
      turn?.parts.flatMap((part) =>
        part.type === type && "toolCallId" in part ? [part.toolCallId] : [],
      ),
    );
  const answered = idsIn(after, "tool-result");
  const asked = idsIn(before, "tool-call");
  const seen = new Set<string>();
  const kept = parts.map((part): TurnPart => {
    if (part.type !== "tool-call" && part.type !== "tool-result") return part;
    const others = part.type === "tool-call" ? answered : asked;
    const isPaired = hasTools && others.has(part.toolCallId) && !seen.has(part.toolCallId);
    seen.add(part.toolCallId);
    return isPaired ? part : textPart(inWords(part));
  });
  // Results stand before all else that the user says.
  return {
    role,
    parts: [...kept.filter(isResult), ...kept.filter((part) => !isResult(part))],
  };
}

const isResult = ({ type }: TurnPart) => type === "tool-result";
const textPart = (text: string): PartOf<"text"> => ({ type: "text", text });

function inWords(part: PartOf<"tool-call"> | PartOf<"tool-result">): string {
  if (part.type === "tool-call") return `[called ${part.toolName}: ${JSON.stringify(part.input)}]`;
  return `[${part.toolName ?? "a tool"} answered: ${JSON.stringify(part.output ?? part.content)}]`;
}

/** One part as blocks of Converse: none where there is nothing to say of it. */
function blockOf(part: TurnPart, shown: Shown): ContentBlock[] {
  switch (part.type) {
    case "cache-point":
      return [{ cachePoint: { type: "default" } }];
    case "image":
    case "file":
      return [mediaOf(part, shown) ?? { text: `[${part.type}: ${nameOf(part)}]` }];
    case "tool-call":
      return [{ toolUse: { toolUseId: part.toolCallId, name: part.toolName, input: part.input } }];
    case "tool-result":
      return [{ toolResult: resultOf(part, shown) }];
    case "reasoning":
      return reasoningOf(part);
    case "text":
      return [{ text: part.text }];
    default:
      return [];
  }
}

function resultOf(part: PartOf<"tool-result">, shown: Shown) {
  const { toolCallId: toolUseId, output, content = [], isError } = part;
  const told =
    output === undefined
      ? content.flatMap((one) => inResult(one, shown))
      : [
          typeof output === "string" && !isBlank(output)
            ? { text: output }
            : { json: asObject(output) },
        ];
  return {
    toolUseId,
    content: told.length > 0 ? told : [{ json: {} }],
    ...(isError === true && { status: "error" as const }),
  };
}

/** A document there is an object. */
const asObject = (output: NonNullable<PartOf<"tool-result">["output"]> | null) =>
  typeof output === "object" && output !== null && !Array.isArray(output) ? output : { output };

type InResult = NonNullable<PartOf<"tool-result">["content"]>[number];

function inResult(part: InResult, shown: Shown): ToolResultContentBlock[] {
  if (part.type === "data") return [{ json: asObject(part.data) }];
  if (part.type === "text") return isBlank(part.text) ? [] : [{ text: part.text }];
  return [mediaOf(part, shown) ?? { text: `[${part.type}: ${nameOf(part)}]` }];
}

function reasoningOf({ text, signature, redacted }: PartOf<"reasoning">): ContentBlock[] {
  if (redacted !== undefined) {
    return [{ reasoningContent: { redactedContent: Buffer.from(redacted, "base64") } }];
  }
  // Without its signature no model takes it back.
  return signature === undefined
    ? []
    : [{ reasoningContent: { reasoningText: { text, signature } } }];
}

function mediaOf(part: BytesPart, { bytes }: Shown) {
  const found = bytes.get(part);
  if (found === undefined) return undefined;
  if (part.type === "image") {
    return { image: { format: imageFormats[part.mediaType], source: { bytes: found } } };
  }
  const format = documentFormats[part.mediaType];
  return format && { document: { format, name: nameOf(part), source: { bytes: found } } };
}

const imageFormats: Readonly<Record<PartOf<"image">["mediaType"], ImageFormat>> = {
  "image/png": "png",
  "image/jpeg": "jpeg",
  "image/gif": "gif",
  "image/webp": "webp",
};

const documentFormats: Readonly<Record<string, DocumentFormat>> = {
  "application/pdf": "pdf",
  "text/plain": "txt",
  "text/markdown": "md",
  "text/csv": "csv",
  "text/html": "html",
};

/** Whether Converse has a format for it. */
export function isShowable(part: BytesPart): boolean {
  return part.type === "image" || part.mediaType in documentFormats;
}

/** Letters, digits, single white space, hyphens, parentheses and square brackets: so Converse wants a name. */
function nameOf(part: BytesPart): string {
  const name = part.type === "file" ? (part.name ?? part.mediaType) : part.mediaType;
  return (
    name
      .replace(/[^A-Za-z0-9\s()[\]-]/g, "-")
      .replace(/\s+/g, " ")
      .trim()
      .slice(0, 200) || "file"
  );
}

/** Documents of one message have different names, and a text beside them. */
function named(blocks: readonly ContentBlock[]): ContentBlock[] {
  let count = 0;
  const told = blocks.map((block): ContentBlock => {
    if (block.document === undefined) return block;
    const { name = "file", ...document } = block.document;
    return { document: { ...document, name: `${name} ${++count}` } };
  });
  return count > 0 && !told.some(({ text }) => text !== undefined)
    ? [...told, { text: "See the documents." }]
    : told;
}
