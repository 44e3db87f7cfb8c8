import type { MessagePart } from "../parts/parts.ts";
import type { Conversation, ConversationStore } from "../store/conversation-store.ts";
import type { Message } from "../store/message.ts";

const names = { user: "User", assistant: "Assistant", system: "System", tool: "Tool" } as const;

/**
 * A conversation for people to read, page by page. Contents stay as they were written; whatever stands
 * around them keeps to its own line, so that no title or source passes for a message.
 */
export async function* markdownOf(
  conversations: Pick<ConversationStore, "messages">,
  user: string,
  conversation: Conversation,
): AsyncGenerator<string> {
  const { id, title, createdAt, messageCount } = conversation;
  yield `# ${line(title)}\n\n`;
  yield `*Started ${createdAt}, ${messageCount} ${messageCount === 1 ? "message" : "messages"}*\n`;
  let after: string | undefined;
  do {
    const page = { limit: 100, order: "asc", after } as const;
    const { items, next } = await conversations.messages(user, id, page);
    for (const message of items) yield section(message);
    after = next;
  } while (after !== undefined);
}

function section(message: Message): string {
  const { role, timestamp, modelId, content, parts, isError, errorMessage, citations } = message;
  const by = modelId === null ? names[role] : `${names[role]} (${modelId})`;
  const failure = isError
    ? `> Failed${errorMessage === null ? "" : `: ${line(errorMessage)}`}\n\n`
    : "";
  const sources = citations.map(
    ({ title, source, url, page }, index) =>
      `[${index + 1}] ${line(title ?? source ?? url ?? "Source")}` +
      `${page === undefined ? "" : `, page ${page}`}${url === undefined ? "" : ` <${target(url)}>`}\n`,
  );
  return (
    `\n## ${by} · ${timestamp}\n\n${failure}${parts === undefined ? content : parts.map(partOf).join("")}\n` +
    (sources.length > 0 ? `\nSources:\n\n${sources.map((source) => `- ${source}`).join("")}` : "")
  );
}

/** Text as it was written; of the rest, what it is. */
function partOf(part: MessagePart): string {
  switch (part.type) {
    case "text":
      return part.text;
    case "image":
      return noted("image", part.mediaType);
    case "file":
      return noted("file", part.name ?? part.mediaType);
    case "tool-call":
      return noted("tool call", part.toolName);
    case "tool-result":
      return noted("tool result", part.toolName ?? part.toolCallId);
    case "citation":
      return noted("source", part.title ?? part.source ?? part.url ?? "");
    case "data":
      return noted("data", part.name);
    case "reasoning":
      return "";
  }
}

function noted(kind: string, name: string): string {
  return `\n\n*[${kind}: ${line(name)}]*\n\n`;
}

function line(text: string): string {
  return text.replace(/\s+/g, " ");
}

/** What would end the link stands for itself. */
function target(url: string): string {
  return url.replace(/[\s<>]/g, encodeURIComponent);
}
