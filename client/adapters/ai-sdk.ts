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

const library = "ai-sdk";
/** What a UI message has beside its role and parts. */
const messageOf = "ai-sdk:message";
/** A part of ours that a UI message has no kind for; the AI SDK keeps it as data. */
const oursType = "data-chatstack";
/** A document of the caller's, as the address of a file. */
const documentScheme = "document:";

/** A message as the AI SDK's `useChat` keeps it: its `UIMessage`. */
export interface UIMessageLike {
  readonly id: string;
  readonly role: "system" | "user" | "assistant";
  readonly metadata?: unknown;
  readonly parts: readonly { readonly type: string }[];
}

/** For `appendMessage`. Id and metadata come along as a part of data. */
export function fromUIMessage({ id, role, metadata, parts }: UIMessageLike): Adapted {
  const about = { id, ...(metadata !== undefined && { metadata }) };
  return {
    role,
    parts: [...parts.flatMap(ourParts), { type: "data", name: messageOf, data: about }],
  };
}

/** A tool's message of ours is the assistant's there. */
export function toUIMessage(message: Given & { readonly id: string }): UIMessageLike {
  const given = partsOf(message);
  const about = given.find((part) => part.type === "data" && part.name === messageOf);
  const { id = message.id, metadata } =
    about?.type === "data" && isFields(about.data) ? about.data : {};
  const parts: Fields[] = [];
  const rest = given.filter((part) => part !== about);
  for (let at = 0; at < rest.length; at++) {
    const [part, next] = [rest[at], rest[at + 1]];
    if (part === undefined) continue;
    const isAnswered =
      part.type === "tool-call" &&
      next?.type === "tool-result" &&
      next.toolCallId === part.toolCallId;
    if (isAnswered) at++;
    parts.push(uiPart(part, isAnswered ? next : undefined));
  }
  return {
    id: String(id),
    role: message.role === "tool" ? "assistant" : message.role,
    ...(metadata !== undefined && { metadata }),
    parts: parts.map((part) => ({ ...part, type: String(part.type) })),
  };
}

function ourParts(part: { readonly type: string }): Part[] {
  const ours = isFields(part) ? known(part) : undefined;
  const [first, second] = ours ?? [];
  const result = second?.type === "tool-result" ? second : undefined;
  const isWhole = first !== undefined && isSame(uiPart(first, result), part);
  return isWhole && ours !== undefined ? ours : [rawPart(library, part)];
}

function known({ type, ...part }: Fields): Part[] | undefined {
  if (typeof type !== "string") return undefined;
  if (type === oursType) return undefined;
  if (type.startsWith("tool-") || type === "dynamic-tool") return toolParts(type, part);
  if (type.startsWith("data-")) {
    const { id, data, ...rest } = part;
    const name = type.slice("data-".length);
    if (!/^[A-Za-z][\w.:/-]{0,127}$/.test(name) || data === undefined) return undefined;
    if (id !== undefined && !isName(id)) return undefined;
    return [withRest({ type: "data", name, data, ...(id !== undefined && { id }) }, library, rest)];
  }
  switch (type) {
    case "text":
    case "reasoning": {
      const { text, ...rest } = part;
      return isText(text) ? [withRest({ type, text }, library, rest)] : undefined;
    }
    case "file": {
      const { mediaType, url, filename, ...rest } = part;
      const name = isName(filename) ? filename : undefined;
      const [, inUrl, data] =
        typeof url === "string" ? (/^data:([^;,]+);base64,(.*)$/.exec(url) ?? []) : [];
      if (data !== undefined && inUrl !== mediaType) return undefined;
      const found = mediaPart(mediaType, data === undefined ? { url } : { data }, name);
      return found && [withRest(found, library, rest)];
    }
    case "source-url": {
      const { sourceId: id, url, title, ...rest } = part;
      if (!isName(id) || !isHttps(url) || !isTitle(title)) return undefined;
      return [
        withRest(
          { type: "citation", id, url, ...(title !== undefined && { title }) },
          library,
          rest,
        ),
      ];
    }
    case "source-document": {
      const { sourceId: id, title, filename: source, ...rest } = part;
      if (!isName(id) || !isText(title) || !isTitle(title) || !isTitle(source)) return undefined;
      const cited = {
        type: "citation" as const,
        id,
        title,
        ...(source !== undefined && { source }),
      };
      return [withRest(cited, library, rest)];
    }
    default:
      return undefined;
  }
}

const isTitle = (value: unknown): value is string | undefined =>
  value === undefined || (isText(value) && value.length <= 500);

function toolParts(type: string, part: Fields): Part[] | undefined {
  const { toolCallId, toolName, input, output, errorText, ...rest } = part;
  const name = type === "dynamic-tool" ? toolName : type.slice("tool-".length);
  if (!isName(toolCallId) || !isName(name) || input === undefined) return undefined;
  const call = { type: "tool-call" as const, toolCallId, toolName: name, input };
  const first = withRest(call, library, { ...rest, ...(type === "dynamic-tool" && { type }) });
  const result = { type: "tool-result" as const, toolCallId, toolName: name };
  if (rest.state === "output-available" && output !== undefined)
    return [first, { ...result, output }];
  if (rest.state === "output-error" && isText(errorText)) {
    return [first, { ...result, output: errorText, isError: true }];
  }
  return [first];
}

function uiPart(part: Part, result?: PartOf<"tool-result">): Fields {
  if (isRaw(part, library) && isFields(part.data)) return part.data;
  const rest = restOf(part, library);
  switch (part.type) {
    case "text":
      return { type: "text", text: part.text, ...rest };
    case "reasoning": {
      const { signature, redacted } = part;
      // Only a provider's adapter of the AI SDK would know what to do with them.
      return signature === undefined && redacted === undefined
        ? { type: "reasoning", text: part.text, ...rest }
        : { type: oursType, data: part };
    }
    case "image":
    case "file":
      return {
        type: "file",
        mediaType: part.mediaType,
        url: addressOf(part),
        ...(part.type === "file" && part.name !== undefined && { filename: part.name }),
        ...rest,
      };
    case "citation":
      return sourceOf(part, rest);
    case "tool-call":
      return toolPart(part, rest, result);
    case "data":
      return {
        type: `data-${part.name}`,
        ...(part.id !== undefined && { id: part.id }),
        data: part.data,
        ...rest,
      };
    default:
      return { type: oursType, data: part };
  }
}

function addressOf({ mediaType, data, url, document }: PartOf<"image"> | PartOf<"file">): string {
  if (data !== undefined) return `data:${mediaType};base64,${data}`;
  return url ?? `${documentScheme}${document}`;
}

function sourceOf(part: PartOf<"citation">, rest: Fields): Fields {
  const { id = "source", title, url, source } = part;
  if (url !== undefined) {
    return {
      type: "source-url",
      sourceId: id,
      url,
      ...(title !== undefined && { title }),
      ...rest,
    };
  }
  return {
    type: "source-document",
    sourceId: id,
    mediaType: "text/plain",
    title: title ?? source ?? "",
    ...(source !== undefined && { filename: source }),
    ...rest,
  };
}

function toolPart(call: PartOf<"tool-call">, rest: Fields, result?: PartOf<"tool-result">): Fields {
  const { toolCallId, toolName, input } = call;
  const isDynamic = rest.type === "dynamic-tool";
  const ended =
    result === undefined
      ? { state: "input-available" }
      : result.isError === true
        ? { state: "output-error", errorText: textOf(result.output ?? result.content) }
        : { state: "output-available", output: result.output ?? result.content };
  return {
    type: isDynamic ? "dynamic-tool" : `tool-${toolName}`,
    ...(isDynamic && { toolName }),
    toolCallId,
    input,
    ...ended,
    ...rest,
  };
}

const textOf = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));
