import { randomKey, serverSentEvents } from "./answers.ts";
import type { Client } from "./client.ts";
import type { components } from "./contract.ts";
import { ApiProblem, result } from "./problem.ts";

type Message = components["schemas"]["Message"];
type Question = components["schemas"]["Question"];

/** A message of the AI SDK (`UIMessage`), as this API knows it. */
export interface UIChatMessage {
  id: string;
  role: "system" | "user" | "assistant";
  /** Of saved messages: all but content and citations, which are parts. */
  metadata?: unknown;
  parts: UIPart[];
}

type UIPart = { type: "text"; text: string } | UISource;

type UISource =
  | { type: "source-url"; sourceId: string; url: string; title?: string }
  | {
      type: "source-document";
      sourceId: string;
      mediaType: string;
      title: string;
      filename?: string;
      providerMetadata?: { chatstack: { page?: number; quote?: string } };
    };

/** What the API streams of the AI SDK's UI message stream, version 1. */
export type UIChatChunk =
  | { type: "start" }
  | { type: "start-step" }
  | { type: "text-start"; id: string }
  | { type: "text-delta"; id: string; delta: string }
  | { type: "text-end"; id: string }
  | UISource
  | { type: "finish-step" }
  | { type: "finish"; finishReason?: FinishReason; messageMetadata?: unknown }
  | { type: "error"; errorText: string };

type FinishReason = "stop" | "length" | "content-filter" | "error" | "other";

interface SendOptions {
  readonly trigger: "submit-message" | "regenerate-message";
  /** Id of the conversation. */
  readonly chatId: string;
  readonly messageId: string | undefined;
  readonly messages: readonly { role: string; metadata?: unknown; parts: readonly object[] }[];
  readonly abortSignal: AbortSignal | undefined;
  /** What else the question has: `{documents: [id]}`, `{modelId}`. */
  readonly body?: object;
}

export interface UITransportOptions {
  /** Keeps the question that is being answered: `sessionStorage` goes on after a reload. Default: memory. */
  readonly storage?: Pick<Storage, "getItem" | "setItem" | "removeItem">;
}

/** A question without its answer, for a page that is loaded again. */
interface Kept {
  readonly key: string;
  readonly isRegeneration: boolean;
  readonly body: Partial<Question>;
  /** Text of the question. */
  readonly text: string;
  /** Sequence of the last message before it, which the page knew. */
  readonly after: number;
}

const accept = "text/event-stream;ui-message-stream=v1";

/**
 * Lets `useChat` of the AI SDK (`@ai-sdk/react`, `@ai-sdk/vue`, …) ask this API. The chat's id is the
 * conversation's.
 *
 * ```tsx
 * const transport = uiTransport(api, { storage: sessionStorage });
 * const messages = await transport.messages(id);
 * const chat = useChat({ id, messages, resume: true, transport });
 * chat.sendMessage({ text: "Why?" }, { body: { documents: [document.id] } });
 * ```
 *
 * A repeated or resumed question is not asked again: `resume` replays what was saved or goes on with
 * what is being written. `stop()` keeps what was said until then.
 */
export function uiTransport(api: Client, { storage = inMemory() }: UITransportOptions = {}) {
  const kept = (id: string): Kept | undefined => {
    const text = storage.getItem(storageKey(id));
    return text === null ? undefined : JSON.parse(text);
  };
  const forget = (id: string) => storage.removeItem(storageKey(id));

  const post = async (id: string, question: Kept, signal: AbortSignal | undefined) => {
    const { key, isRegeneration, body } = question;
    const request = {
      params: { path: { id }, header: { "idempotency-key": key } },
      headers: { accept },
      parseAs: "stream" as const,
      ...(signal !== undefined && { signal }),
    };
    const { response, error } = isRegeneration
      ? await api.POST("/conversations/{id}/regenerate", { ...request, body })
      : await api.POST("/conversations/{id}/chat", {
          ...request,
          body: { ...body, content: question.text },
        });
    if (!response.ok) {
      forget(id);
      throw new ApiProblem(response, error);
    }
    signal?.addEventListener("abort", () => forget(id), { once: true });
    return chunksOf(response, () => forget(id));
  };

  return {
    /** A resumed stream is the whole answer again. */
    resumeStreamIsReplay: true,

    async sendMessages(options: SendOptions): Promise<ReadableStream<UIChatChunk>> {
      const { chatId, trigger, messageId, messages, abortSignal } = options;
      const text = textOf(messages.at(-1)?.parts ?? []);
      const isEdited = trigger === "submit-message" && messageId !== undefined;
      const question: Kept = {
        key: randomKey(),
        isRegeneration: isEdited || trigger === "regenerate-message",
        body: { ...options.body, ...(isEdited && { content: text }) },
        text,
        after: Math.max(0, ...messages.map(sequenceOf)),
      };
      storage.setItem(storageKey(chatId), JSON.stringify(question));
      return post(chatId, question, abortSignal);
    },

    /** Null where no question of the conversation waits for its answer. */
    async reconnectToStream(options: {
      readonly chatId: string;
      readonly abortSignal?: AbortSignal | undefined;
    }): Promise<ReadableStream<UIChatChunk> | null> {
      const question = kept(options.chatId);
      return question === undefined ? null : post(options.chatId, question, options.abortSignal);
    },

    /** The conversation's last messages, and the question whose answer `resume` will bring. */
    async messages(id: string): Promise<UIChatMessage[]> {
      const { messages } = await result(
        api.GET("/conversations/{id}", { params: { path: { id } } }),
      );
      const question = kept(id);
      if (question === undefined) return messages.flatMap(uiMessageOf);
      // The turn may have been saved meanwhile, or stand there as it was before: `resume` brings it.
      const { isRegeneration, text, after, key } = question;
      const last = messages.findLastIndex(({ role }) => role === "user");
      const { content, sequence = 0 } = messages[last] ?? {};
      const isHere = isRegeneration || (content === text && sequence > after);
      return [
        ...messages.slice(0, isHere ? last : undefined).flatMap(uiMessageOf),
        { id: key, role: "user", parts: textParts(text) },
      ];
    },
  };
}

const storageKey = (id: string) => `chatstack.question.${id}`;

function uiMessageOf({ content, citations, ...saved }: Message): UIChatMessage[] {
  const { id, role } = saved;
  if (role === "tool") return [];
  return [
    { id, role, metadata: saved, parts: [...textParts(content), ...citations.map(sourceOf)] },
  ];
}

const textParts = (text: string): UIPart[] => [{ type: "text", text }];

/** As the API's stream has it. */
function sourceOf(citation: Message["citations"][number], index: number): UISource {
  const { title, url, source, page, quote } = citation;
  const sourceId = String(index + 1);
  if (url !== undefined) return { type: "source-url", sourceId, url, ...(title && { title }) };
  const ending = source?.toLowerCase().split(".").at(-1) ?? "";
  return {
    type: "source-document",
    sourceId,
    mediaType: mediaTypes[ending] ?? "text/plain",
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

function textOf(parts: readonly object[]): string {
  return parts
    .map((part) => ("type" in part && part.type === "text" && "text" in part ? part.text : ""))
    .join("");
}

function sequenceOf({ metadata }: { readonly metadata?: unknown }): number {
  const isSaved = typeof metadata === "object" && metadata !== null && "sequence" in metadata;
  return isSaved ? Number(metadata.sequence) : 0;
}

function chunksOf(response: Response, onEnd: () => void): ReadableStream<UIChatChunk> {
  const events = serverSentEvents(response);
  return new ReadableStream({
    async pull(controller) {
      const { value, done } = await events.next();
      if (done) throw new TypeError("The stream broke off before the answer's end.");
      if (value.data !== "[DONE]") return controller.enqueue(JSON.parse(value.data));
      onEnd();
      controller.close();
      await events.return(undefined);
    },
    async cancel() {
      await events.return(undefined);
    },
  });
}

function inMemory(): Required<UITransportOptions>["storage"] {
  const values = new Map<string, string>();
  return {
    getItem: (name) => values.get(name) ?? null,
    setItem: (name, value) => values.set(name, value),
    removeItem: (name) => values.delete(name),
  };
}
