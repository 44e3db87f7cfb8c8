/** A request of ConverseStream as the AI SDK's providers take it (`LanguageModelV2` and later). */
import type { ConverseBlock, ConverseRequest } from "./converse.ts";

interface Message {
  readonly role: "user" | "assistant" | "tool";
  readonly content: readonly object[];
}

export function callOptionsOf({ messages, system, toolConfig, inferenceConfig }: ConverseRequest) {
  const instructions = textOf(system);
  const tools = toolConfig.tools.flatMap(({ toolSpec }) => toolSpec ?? []);
  return {
    prompt: [
      ...(instructions === "" ? [] : [{ role: "system", content: instructions }]),
      ...messages.flatMap(({ role, content }): Message[] =>
        role === "user"
          ? [...toolMessages(content, messages), ...userMessages(content)]
          : [{ role, content: [...textParts(content), ...content.flatMap(toolCalls)] }],
      ),
    ],
    ...(tools.length > 0 && {
      tools: tools.map(({ name, description, inputSchema }) => ({
        type: "function",
        name,
        description,
        inputSchema: inputSchema.json,
      })),
    }),
    maxOutputTokens: inferenceConfig.maxTokens,
    temperature: inferenceConfig.temperature,
  };
}

function textOf(blocks: readonly { readonly text?: string | undefined }[]): string {
  return blocks.flatMap(({ text }) => text ?? []).join("\n\n");
}

/** In one part: some servers take no list of texts. */
function textParts(blocks: readonly ConverseBlock[]) {
  const text = textOf(blocks);
  return text === "" ? [] : [{ type: "text", text }];
}

function userMessages(blocks: readonly ConverseBlock[]): Message[] {
  const images = blocks.flatMap(({ image }) =>
    image === undefined
      ? []
      : [{ type: "file", mediaType: `image/${image.format}`, data: image.source.bytes }],
  );
  const content = [...textParts(blocks), ...images];
  return content.length === 0 ? [] : [{ role: "user", content }];
}

function toolCalls({ toolUse }: ConverseBlock) {
  if (toolUse === undefined) return [];
  const { toolUseId: toolCallId, name: toolName, input } = toolUse;
  return [{ type: "tool-call", toolCallId, toolName, input }];
}

/** Results stand in messages of their own there, with the name of the tool that was called. */
function toolMessages(
  blocks: readonly ConverseBlock[],
  messages: ConverseRequest["messages"],
): Message[] {
  const calls = messages.flatMap(({ content }) => content.flatMap(toolCalls));
  const content = blocks.flatMap(({ toolResult }) => {
    if (toolResult === undefined) return [];
    const { toolUseId: toolCallId, status, content } = toolResult;
    const told = content.map(({ text, json }) =>
      json === undefined ? (text ?? "[image]") : JSON.stringify(json),
    );
    const toolName = calls.find((call) => call.toolCallId === toolCallId)?.toolName ?? "tool";
    const type = status === "error" ? "error-text" : "text";
    const output = { type, value: told.join("\n") };
    return [{ type: "tool-result", toolCallId, toolName, output }];
  });
  return content.length === 0 ? [] : [{ role: "tool", content }];
}
