import type { Citation, Message, StopReason } from "../store/message.ts";
import type { EventFormat } from "./event-stream.ts";
import type { Exchange, Outcome, Step } from "./turn.ts";

/**
 * What `Accept` names for it. The parameter is as the AI SDK calls its own header. No quotes are in it,
 * so that pages of other origins may send it without asking (Fetch standard, CORS-safelisted headers).
 */
export const uiMessageStreamType = "text/event-stream;ui-message-stream=v1";

/**
 * A turn as `useChat` reads it (AI SDK UI, "Stream Protocols": UI message stream, version 1): texts, and
 * between them what tools were asked and said, then a source for each citation, then what was saved as the message's metadata. The text always begins
 * at its beginning: a resumed stream is a replay.
 */
export function uiMessageStream(): EventFormat {
  let said: string | undefined;
  let texts = 0;
  let isOpen = false;
  const textId = () => (texts === 1 ? "text" : `text-${texts}`);
  const begin = () => {
    const start = said === undefined ? [{ type: "start" }, { type: "start-step" }] : [];
    said ??= "";
    return start;
  };
  const open = () => {
    const start = begin();
    if (isOpen) return start;
    isOpen = true;
    texts++;
    return [...start, { type: "text-start", id: textId() }];
  };
  const close = () => {
    const end = isOpen ? [{ type: "text-end", id: textId() }] : [];
    isOpen = false;
    return end;
  };
  return {
    headers: { "x-vercel-ai-ui-message-stream": "v1" },
    render(step: Step) {
      if (step.type === "text") {
        const start = open();
        said = (said ?? "") + step.text;
        return data([...start, { type: "text-delta", id: textId(), delta: step.text }]);
      }
      if (step.type === "part") return data([...begin(), ...close(), ...chunksOf(step)]);
      const start = texts === 0 ? open() : [];
      const end = [...start, ...close(), ...ending(step.outcome, said)];
      return `${data(end)}data: [DONE]\n\n`;
    },
  };
}

function chunksOf({ index, part }: Extract<Step, { type: "part" }>): object[] {
  switch (part.type) {
    case "tool-call": {
      const { toolCallId, toolName, input } = part;
      return [{ type: "tool-input-available", toolCallId, toolName, input }];
    }
    case "tool-result": {
      const { toolCallId, output, isError } = part;
      return isError === true
        ? [{ type: "tool-output-error", toolCallId, errorText: textOf(output) }]
        : [{ type: "tool-output-available", toolCallId, output }];
    }
    case "reasoning": {
      const id = `reasoning-${index}`;
      return [
        { type: "reasoning-start", id },
        { type: "reasoning-delta", id, delta: part.text },
        { type: "reasoning-end", id },
      ];
    }
    default:
      return [];
  }
}

const textOf = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));

function ending({ exchange, failure }: Outcome, said = ""): object[] {
  return [
    ...(exchange?.assistantMessage.citations.map(sourceOf) ?? []),
    { type: "finish-step" },
    {
      type: "finish",
      finishReason: failure === undefined ? reasonOf(exchange) : "error",
      ...(exchange !== undefined && { messageMetadata: metadataOf(exchange, said) }),
    },
    // The SDK reads no further: whatever it is to know stands before.
    ...(failure === undefined
      ? []
      : [{ type: "error", errorText: failure.options.detail ?? failure.message }]),
  ];
}

/** The message as saved. Its content is there already, unless another process's answer was saved. */
function metadataOf({ userMessage, assistantMessage }: Exchange, said: string) {
  const { content, citations: _, ...saved } = assistantMessage;
  return { ...saved, userMessageId: userMessage.id, ...(content !== said && { content }) };
}

function sourceOf({ title, url, source, page, quote }: Citation, index: number) {
  const sourceId = String(index + 1);
  if (url !== undefined) return { type: "source-url", sourceId, url, ...(title && { title }) };
  return {
    type: "source-document",
    sourceId,
    mediaType: mediaTypeOf(source),
    title: title ?? source ?? sourceId,
    ...(source !== undefined && { filename: source }),
    providerMetadata: {
      chatstack: { ...(page !== undefined && { page }), ...(quote !== undefined && { quote }) },
    },
  };
}

const mediaTypes: Readonly<Record<string, string>> = {
  pdf: "application/pdf",
  md: "text/markdown",
  csv: "text/csv",
};

/** A citation names its document only. */
function mediaTypeOf(name = ""): string {
  return mediaTypes[name.toLowerCase().split(".").at(-1) ?? ""] ?? "text/plain";
}

function reasonOf(exchange: Exchange | undefined): string {
  const reasons: Readonly<Record<StopReason, string>> = {
    complete: "stop",
    length: "length",
    filtered: "content-filter",
    aborted: "other",
    error: "error",
  };
  const message: Message | undefined = exchange?.assistantMessage;
  return reasons[message?.stopReason ?? "complete"];
}

/** JSON holds no line breaks, so one `data` line is always enough. */
function data(chunks: readonly object[]): string {
  return chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join("");
}
