/** What tests of any conversation store begin with: a store to open, a message to save, a refusal to expect. */
import { expect } from "vitest";
import type { ConversationStore } from "../../app/store/conversation-store.ts";
import type { MessageDraft } from "../../app/store/message.ts";
import type { StoreError } from "../../app/store/store-error.ts";

export interface StoreUnderTest {
  /** Another process's view of the same tenant: it shares the data and nothing else. */
  openStore(skewSeconds?: number): ConversationStore;
  /** Moves the time that every store of this test sees. */
  advance(seconds: number): void;
}

export function draft(content: string): MessageDraft {
  return {
    role: "user",
    content,
    type: "text",
    modelId: null,
    isError: false,
    errorMessage: null,
    citations: [],
    llmResponseId: null,
  };
}

export async function expectRefusal(attempt: Promise<unknown>, kind: StoreError["kind"]) {
  await expect(attempt).rejects.toMatchObject({ name: "StoreError", kind });
}
