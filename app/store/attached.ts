import type { MessageDraft } from "./message.ts";

/** Documents that a conversation keeps in mind; attaching more forgets the oldest. */
export const mostAttached = 20;

/** Ids of the documents of a conversation, those of new messages last. */
export function attached(
  before: readonly string[],
  drafts: readonly Pick<MessageDraft, "documents">[],
): readonly string[] {
  const all = [...before, ...drafts.flatMap(({ documents = [] }) => documents)];
  return all.filter((id, index) => all.lastIndexOf(id) === index).slice(-mostAttached);
}
