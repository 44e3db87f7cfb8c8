import type { Message, MessageDraft } from "./conversation-store.ts";

/** The one way to make a message, so that one just written and one read back look the same. */
export function messageOf(draft: MessageDraft, sequence: number, timestamp: string): Message {
  return {
    id: String(sequence),
    sequence,
    role: draft.role,
    content: draft.content,
    type: draft.type,
    timestamp,
    modelId: draft.modelId,
    isError: draft.isError,
    errorMessage: draft.errorMessage,
    citations: draft.citations,
    llmResponseId: draft.llmResponseId,
    stopReason: draft.stopReason ?? null,
    usage: draft.usage ?? null,
    feedback: null,
    documents: draft.documents ?? [],
  };
}
