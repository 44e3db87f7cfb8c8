/** `app/transfer/`: moving a user's data in and out, copying conversations, and erasing it all. */
import { Problem } from "../http/problem.ts";
import type {
  Conversation,
  ConversationStore,
  MessagePage,
  Once,
} from "../store/conversation-store.ts";
import type { DeletedMessage, Message } from "../store/message.ts";
import { messageBytesAtOnce, messagesAtOnce, type TransferStore } from "../store/transfer-store.ts";

export interface CopyParts {
  readonly conversations: ConversationStore;
  readonly transfers: Pick<TransferStore, "importMessages">;
}

export interface Copying {
  readonly user: string;
  /** The conversation that is copied. */
  readonly id: string;
  /** Id of the last message that is. */
  readonly through: string;
  /** Id of the new conversation. */
  readonly target: string;
  /** Default: that of the conversation. */
  readonly title?: string | undefined;
  readonly once: Once;
}

export interface Copied {
  readonly conversation: Conversation;
  readonly isDone: boolean;
  readonly replayed: boolean;
}

/**
 * Copies a conversation up to a message. The record of the request names the new conversation, and sequences stay: so
 * whoever asks again goes on where the messages there end, whatever ended the first request.
 */
export async function copyConversation(
  parts: CopyParts,
  { user, id, through, target, title, once }: Copying,
  isOver: () => boolean,
): Promise<Copied> {
  const { conversations } = parts;
  const [source, last] = await Promise.all([
    conversations.get(user, id),
    conversations.message(user, id, through),
  ]);
  const draft = {
    id: target,
    title: title ?? source.title,
    modelId: source.modelId,
    firstSequence: await firstSequence(conversations, user, id),
    ...(source.settings && { settings: source.settings }),
    ...(source.metadata && { metadata: source.metadata }),
    ...(source.tags && { tags: source.tags }),
  };
  const made = await conversations.create(user, draft, once);
  const copy = made.conversation.id;
  const begun = made.replayed ? await newest(conversations, user, copy) : draft.firstSequence - 1;
  const isDone = await copyMessages(parts, user, { from: id, to: copy, begun, last }, isOver);
  // What is copied was read. The answer tells the conversation as it is, however far replicas lag.
  const conversation = await conversations.markRead(user, copy, last.sequence);
  return { conversation, isDone, replayed: made.replayed };
}

interface Range {
  readonly from: string;
  readonly to: string;
  /** Sequence of the last message that is there already. */
  readonly begun: number;
  readonly last: Message;
}

/** False when the time was up before the last message. */
async function copyMessages(
  { conversations, transfers }: CopyParts,
  user: string,
  { from, to, begun, last }: Range,
  isOver: () => boolean,
): Promise<boolean> {
  let done = begun;
  while (done < last.sequence) {
    if (isOver()) return false;
    const page = { limit: messagesAtOnce, order: "asc", after: String(done) } as const;
    const batch = batchOf(await conversations.messages(user, from, page), done, last);
    if (batch.length === 0) return true;
    const outcomes = await transfers.importMessages(user, to, batch);
    if (outcomes.some((outcome) => outcome === "conflict" || outcome === "gap")) {
      throw new Problem("id-taken", {
        detail: "Something else was written to the copy before it was whole.",
      });
    }
    done += batch.length;
  }
  return true;
}

/** What follows, without a hole, and small enough to be written at once. What cannot be read leaves its place. */
function batchOf(
  { items, deleted = [], unreadable = [] }: MessagePage,
  done: number,
  last: Message,
): readonly (Message | DeletedMessage)[] {
  const places = [...deleted, ...unreadable].map(
    (id): DeletedMessage => ({
      sequence: Number(id),
      timestamp: last.timestamp,
      isDeleted: true,
    }),
  );
  const batch: (Message | DeletedMessage)[] = [];
  let bytes = 0;
  for (const message of [...items, ...places].toSorted(inOrder)) {
    if (message.sequence > last.sequence || message.sequence !== done + batch.length + 1) break;
    bytes += Buffer.byteLength(JSON.stringify(message));
    if (bytes > messageBytesAtOnce && batch.length > 0) break;
    batch.push("isDeleted" in message ? message : { ...message, feedback: null });
  }
  return batch;
}

const inOrder = (one: { readonly sequence: number }, other: { readonly sequence: number }) =>
  one.sequence - other.sequence;

/** Of what is there: those before were cleared. */
async function firstSequence(
  conversations: ConversationStore,
  user: string,
  id: string,
): Promise<number> {
  let after: string | undefined;
  do {
    const page = { limit: messagesAtOnce, order: "asc", after } as const;
    const {
      items,
      deleted = [],
      unreadable = [],
      next,
    } = await conversations.messages(user, id, page);
    const found = [...items.map((message) => message.id), ...deleted, ...unreadable].map(Number);
    if (found.length > 0) return Math.min(...found);
    after = next;
  } while (after !== undefined);
  return 1;
}

/** Sequence of the newest message. */
async function newest(conversations: ConversationStore, user: string, id: string): Promise<number> {
  return (await conversations.context(user, id, 1)).newest;
}
