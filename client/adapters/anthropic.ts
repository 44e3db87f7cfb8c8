import {
  type Adapted,
  type Fields,
  type Given,
  isFields,
  isName,
  isRaw,
  isSame,
  isText,
  mediaPart,
  type Part,
  type PartOf,
  partsOf,
  rawPart,
  restOf,
  withRest,
} from "./adapters.ts";

const library = "anthropic";

/** A message as Anthropic's Messages API takes it: `Anthropic.MessageParam`, or an answer of it. */
export interface AnthropicMessage {
  readonly role: "user" | "assistant" | "system";
  readonly content: string | readonly object[];
}

export function fromAnthropic({ role, content }: AnthropicMessage): Adapted {
  if (typeof content === "string") return { role, content };
  return { role, parts: content.map(partOfBlock) };
}

/** `system` and `tool` of ours are the user's there. Reasoning without a signature stays here. */
export function toAnthropic(message: Given): AnthropicMessage {
  const role = message.role === "tool" ? "user" : message.role;
  if (message.parts === undefined) return { role, content: message.content };
  return { role, content: partsOf(message).flatMap((part) => blockOfPart(part) ?? []) };
}

function partOfBlock(block: object): Part {
  const part = isFields(block) ? known(block) : undefined;
  return part !== undefined && isSame(blockOfPart(part), block) ? part : rawPart(library, block);
}

function known({ type, ...block }: Fields): Part | undefined {
  switch (type) {
    case "text": {
      const { text, ...rest } = block;
      return isText(text) ? withRest({ type, text }, library, rest) : undefined;
    }
    case "image":
    case "document": {
      const { source, title, ...rest } = block;
      const name = typeof title === "string" && isName(title) ? title : undefined;
      const part = isFields(source) ? mediaOf(source, name, type) : undefined;
      return part && withRest(part, library, { ...rest, ...(name === undefined && { title }) });
    }
    case "tool_use": {
      const { id, name, input, ...rest } = block;
      if (!isName(id) || !isName(name) || input === undefined) return undefined;
      return withRest({ type: "tool-call", toolCallId: id, toolName: name, input }, library, rest);
    }
    case "tool_result": {
      const { tool_use_id: toolCallId, content, is_error: isError, ...rest } = block;
      if (!isName(toolCallId)) return undefined;
      const result = {
        type: "tool-result" as const,
        toolCallId,
        ...(typeof isError === "boolean" && { isError }),
      };
      if (isText(content)) return withRest({ ...result, output: content }, library, rest);
      if (!Array.isArray(content)) return undefined;
      return withRest(
        { ...result, content: content.map(partOfBlock).map(inResult) },
        library,
        rest,
      );
    }
    case "thinking": {
      const { thinking, signature, ...rest } = block;
      if (!isText(thinking) || !isText(signature)) return undefined;
      return withRest({ type: "reasoning", text: thinking, signature }, library, rest);
    }
    default:
      return undefined;
  }
}

function mediaOf(source: Fields, name: string | undefined, type: "image" | "document") {
  const { media_type: mediaType, data, url } = source;
  if (source.type === "base64") return mediaPart(mediaType, { data }, name);
  // An address says nothing of what lies there.
  if (source.type === "url")
    return mediaPart(type === "image" ? "image/png" : "application/pdf", { url }, name);
  return undefined;
}

type InResult = NonNullable<PartOf<"tool-result">["content"]>[number];

function inResult(part: Part): InResult {
  const isTaken =
    part.type === "text" || part.type === "image" || part.type === "file" || part.type === "data";
  return isTaken ? part : rawPart(library, blockOfPart(part));
}

/** Undefined for what Anthropic does not take. */
function blockOfPart(part: Part): object | undefined {
  if (isRaw(part, library)) return isFields(part.data) ? part.data : undefined;
  const rest = restOf(part, library);
  switch (part.type) {
    case "text":
      return { type: "text", text: part.text, ...rest };
    case "image":
    case "file": {
      const source = sourceOf(part);
      if (source === undefined) return undefined;
      const title = part.type === "file" && part.name !== undefined ? { title: part.name } : {};
      return { type: part.type === "image" ? "image" : "document", source, ...title, ...rest };
    }
    case "tool-call":
      return {
        type: "tool_use",
        id: part.toolCallId,
        name: part.toolName,
        input: part.input,
        ...rest,
      };
    case "tool-result":
      return {
        type: "tool_result",
        tool_use_id: part.toolCallId,
        content: contentOf(part),
        ...(part.isError !== undefined && { is_error: part.isError }),
        ...rest,
      };
    case "reasoning":
      return part.signature === undefined
        ? undefined
        : { type: "thinking", thinking: part.text, signature: part.signature, ...rest };
    default:
      return undefined;
  }
}

function contentOf({ output, content }: PartOf<"tool-result">): unknown {
  if (content !== undefined) return content.flatMap((part) => blockOfPart(part) ?? []);
  return typeof output === "string" ? output : JSON.stringify(output);
}

function sourceOf({ mediaType, data, url }: PartOf<"image"> | PartOf<"file">): object | undefined {
  if (data !== undefined) return { type: "base64", media_type: mediaType, data };
  return url === undefined ? undefined : { type: "url", url };
}
