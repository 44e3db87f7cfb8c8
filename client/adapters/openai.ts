import {
  type Adapted,
  type Fields,
  type Given,
  isFields,
  isHttps,
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

const library = "openai";
/** What an item has beside its content. */
const itemOf = "openai:item";

/** An item of OpenAI's Responses API, given or answered: `ResponseInputItem`, `ResponseOutputItem`. */
export type OpenAIItem = object;

/** One item is one message. */
export function fromOpenAI(item: OpenAIItem): Adapted {
  const adapted = isFields(item) ? known(item) : undefined;
  const isWhole = adapted !== undefined && isSame(toOpenAI(withContent(adapted)), [item]);
  return isWhole ? adapted : { role: "assistant", parts: [rawPart(library, item)] };
}

/** The items of a message: mostly one; of an answer with tool calls, one for each. */
export function toOpenAI(message: Given): OpenAIItem[] {
  const role = message.role === "tool" ? "user" : message.role;
  if (message.parts === undefined) return [{ role, content: message.content }];
  const items: OpenAIItem[] = [];
  let contents: object[] | undefined;
  const rest = message.parts.find((part) => part.type === "data" && part.name === itemOf);
  const item = rest?.type === "data" && isFields(rest.data) ? rest.data : {};
  for (const part of partsOf(message)) {
    if (part === rest) continue;
    const own = itemOfPart(part);
    if (own !== undefined) {
      items.push(own);
      contents = undefined;
      continue;
    }
    const content = contentOfPart(part, role);
    if (content === undefined) continue;
    if (contents === undefined) {
      contents = [];
      items.push({ role, content: contents, ...item });
    }
    contents.push(content);
  }
  return items.length === 0 && rest !== undefined ? [{ role, content: [], ...item }] : items;
}

/** As the API gives it back. */
function withContent(adapted: Adapted): Given {
  return {
    role: adapted.role,
    content: adapted.content ?? "",
    ...(adapted.parts && { parts: adapted.parts }),
  };
}

function known({ type, ...item }: Fields): Adapted | undefined {
  switch (type) {
    case "function_call": {
      const { call_id: toolCallId, name, arguments: given, ...rest } = item;
      if (!isName(toolCallId) || !isName(name) || typeof given !== "string") return undefined;
      const input = parsed(given);
      const isPlain = JSON.stringify(input) === given;
      const part = {
        type: "tool-call" as const,
        toolCallId,
        toolName: name,
        input: isPlain ? input : given,
      };
      const more = { ...rest, ...(!isPlain && { arguments: given }) };
      return { role: "assistant", parts: [withRest(part, library, more)] };
    }
    case "function_call_output": {
      const { call_id: toolCallId, output, ...rest } = item;
      if (!isName(toolCallId)) return undefined;
      const result = { type: "tool-result" as const, toolCallId };
      if (isText(output))
        return { role: "tool", parts: [withRest({ ...result, output }, library, rest)] };
      if (!Array.isArray(output)) return undefined;
      return {
        role: "tool",
        parts: [withRest({ ...result, content: output.map(inResult) }, library, rest)],
      };
    }
    case "reasoning": {
      const { summary, ...rest } = item;
      if (!Array.isArray(summary)) return undefined;
      const texts = summary.map((one: unknown) => (isFields(one) ? one.text : undefined));
      const text = texts.filter(isText).join("\n\n");
      const part = { type: "reasoning" as const, text };
      return { role: "assistant", parts: [withRest(part, library, { ...rest, summary })] };
    }
    case "message":
    case undefined: {
      const { role: given, content, ...others } = item;
      const role =
        roles.find((one) => one === given) ?? (given === "developer" ? "system" : undefined);
      if (role === undefined) return undefined;
      const rest = {
        ...others,
        ...(type !== undefined && { type }),
        ...(role !== given && { role: given }),
      };
      const isBare = Object.values(rest).every((value) => value === undefined);
      if (isText(content) && content !== "" && isBare) return { role, content };
      if (isText(content))
        return { role, parts: [{ type: "text", text: content }, rawItem({ ...rest, content })] };
      if (!Array.isArray(content)) return undefined;
      const parts = content.map(partOfContent);
      return { role, parts: isBare && parts.length > 0 ? parts : [...parts, rawItem(rest)] };
    }
    default:
      return undefined;
  }
}

const roles = ["user", "assistant", "system"] as const;

const rawItem = (rest: Fields): Part => ({ type: "data", name: itemOf, data: rest });

function partOfContent(content: unknown): Part {
  const part = isFields(content) ? knownContent(content) : undefined;
  const isWhole = part !== undefined && isSame(contentOfPart(part, "user"), content);
  return isWhole ? part : rawPart(library, content);
}

function knownContent({ type, ...content }: Fields): Part | undefined {
  switch (type) {
    case "input_text":
    case "output_text": {
      const { text, ...rest } = content;
      return isText(text)
        ? withRest({ type: "text", text }, library, { ...rest, type })
        : undefined;
    }
    case "input_image": {
      const { image_url: url, ...rest } = content;
      const [, mediaType, data] =
        typeof url === "string" ? (/^data:([^;,]+);base64,(.*)$/.exec(url) ?? []) : [];
      const part =
        data === undefined ? mediaPart("image/png", { url }) : mediaPart(mediaType, { data });
      return part?.type === "image" ? withRest(part, library, { ...rest, type }) : undefined;
    }
    case "input_file": {
      const { file_url: url, file_data: given, filename, ...rest } = content;
      const name = isName(filename) ? filename : undefined;
      const [, mediaType, data] =
        typeof given === "string" ? (/^data:([^;,]+);base64,(.*)$/.exec(given) ?? []) : [];
      const source = data === undefined ? { url } : { data };
      const part = mediaPart(data === undefined ? "application/pdf" : mediaType, source, name);
      return part?.type === "file" ? withRest(part, library, { ...rest, type }) : undefined;
    }
    default:
      return undefined;
  }
}

type InResult = NonNullable<PartOf<"tool-result">["content"]>[number];

function inResult(content: unknown): InResult {
  const part = partOfContent(content);
  const isTaken = part.type === "text" || part.type === "image" || part.type === "file";
  return isTaken ? part : rawPart(library, content);
}

/** Undefined for what is no item of its own, but a content of one. */
function itemOfPart(part: Part): OpenAIItem | undefined {
  const rest = restOf(part, library);
  switch (part.type) {
    case "tool-call":
      return {
        type: "function_call",
        call_id: part.toolCallId,
        name: part.toolName,
        arguments: JSON.stringify(part.input),
        ...rest,
      };
    case "tool-result":
      return {
        type: "function_call_output",
        call_id: part.toolCallId,
        output:
          part.content === undefined
            ? typeof part.output === "string"
              ? part.output
              : JSON.stringify(part.output)
            : part.content.flatMap((one) => contentOfPart(one, "user") ?? []),
        ...rest,
      };
    case "reasoning":
      // Only OpenAI's own goes back.
      return Object.keys(rest).length === 0 ? undefined : { type: "reasoning", ...rest };
    case "data":
      return isRaw(part, library) && isItem(part.data) ? part.data : undefined;
    default:
      return undefined;
  }
}

const contentTypes = /^(input|output)_|^refusal$|^summary_text$|^reasoning_text$/;
const isItem = (data: unknown): data is object =>
  isFields(data) && !(typeof data.type === "string" && contentTypes.test(data.type));

/** Undefined for what OpenAI does not take. */
function contentOfPart(part: Part, role: string): object | undefined {
  const rest = restOf(part, library);
  switch (part.type) {
    case "text":
      return {
        type: role === "assistant" ? "output_text" : "input_text",
        text: part.text,
        ...rest,
      };
    case "image": {
      const url = addressOf(part);
      return url === undefined ? undefined : { type: "input_image", image_url: url, ...rest };
    }
    case "file": {
      const name = part.name === undefined ? {} : { filename: part.name };
      if (part.data !== undefined)
        return { type: "input_file", file_data: addressOf(part), ...name, ...rest };
      return isHttps(part.url)
        ? { type: "input_file", file_url: part.url, ...name, ...rest }
        : undefined;
    }
    case "data":
      return isRaw(part, library) && isFields(part.data) ? part.data : undefined;
    default:
      return undefined;
  }
}

function addressOf({ mediaType, data, url }: PartOf<"image"> | PartOf<"file">): string | undefined {
  return data === undefined ? url : `data:${mediaType};base64,${data}`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
