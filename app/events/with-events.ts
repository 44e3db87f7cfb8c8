import type { AppDependencies } from "../context.ts";
import { failureEntry } from "../lambda/log.ts";
import type { SavedTurn } from "../store/conversation-store.ts";
import type { DocumentStore } from "../store/document-store.ts";
import type { PeriodUsage } from "../store/usage-store.ts";
import type { EventBus } from "./event-bus.ts";
import { replacing } from "./replacing.ts";

type ToldOf = Pick<
  AppDependencies,
  "tenant" | "conversations" | "transfers" | "erasures" | "usage" | "now" | "log"
>;

/** The same ports, which tell the bus of what they did. A repeated request tells nothing. */
export function withEvents<Ports extends ToldOf>(
  ports: Ports,
  bus: EventBus,
): Ports & { readonly ended: () => Promise<void> } {
  const { conversations, transfers, erasures, usage, now } = ports;
  const conversationCreated = (user: string, conversation: string, at: string) =>
    bus.tell({ type: "Conversation Created", detail: { user, conversation, at } });
  const turnSaved = (
    user: string,
    conversation: string,
    turn: SavedTurn,
    isReplacement: boolean,
  ) => {
    const answer = turn.messages.at(-1);
    if (turn.replayed || answer === undefined) return turn;
    const { sequence, modelId, stopReason, timestamp } = answer;
    bus.tell({
      type: "Turn Saved",
      detail: {
        ...{ user, conversation, sequence, model: modelId, stopReason },
        ...{ usage: answer.usage && { ...answer.usage }, isReplacement, at: timestamp },
      },
    });
    return turn;
  };
  const quotaReached = quotaReachedOnce(bus, now);
  const erased = (user: string, erasure: string, isSettled: boolean) => ({
    type: "User Erased" as const,
    detail: { user, erasure, isSettled, at: now().toISOString() },
  });
  return {
    ...ports,
    ended: () => bus.ended(),
    conversations: replacing(conversations, {
      create: async (user, draft, once) => {
        const created = await conversations.create(user, draft, once);
        const { id, createdAt } = created.conversation;
        if (!created.replayed) conversationCreated(user, id, createdAt);
        return created;
      },
      appendTurn: async (user, id, ...turn) =>
        turnSaved(user, id, await conversations.appendTurn(user, id, ...turn), false),
      replaceTurn: async (user, id, ...turn) =>
        turnSaved(user, id, await conversations.replaceTurn(user, id, ...turn), true),
    }),
    transfers: replacing(transfers, {
      importConversation: async (user, header) => {
        const outcome = await transfers.importConversation(user, header);
        // An export says when it was begun there.
        if (outcome === "created") conversationCreated(user, header.id, now().toISOString());
        return outcome;
      },
    }),
    // Told before the receipt says so: what could not be told is not complete, and the next call or the
    // maintenance tells it again.
    erasures: replacing(erasures, {
      complete: async (user, id) => {
        try {
          await bus.send(erased(user, id, false));
        } catch (error) {
          ports.log(failureEntry(error, { tenant: ports.tenant, event: "User Erased" }));
          const last = await erasures.last(user);
          if (last !== undefined) return last;
        }
        return erasures.complete(user, id);
      },
      settle: async (user, id) => {
        bus.tell(erased(user, id, true));
        return erasures.settle(user, id);
      },
    }),
    usage: replacing(usage, {
      reserve: async (user, request) => {
        const held = await usage.reserve(user, request);
        if ("refused" in held) quotaReached(user, held.refused, request);
        return held;
      },
    }),
  };
}

/** The same store, which tells the bus of each document that became ready. */
export function documentsWithEvents(
  documents: DocumentStore,
  bus: EventBus,
  now: () => Date,
): DocumentStore {
  return replacing(documents, {
    finish: async (user, id, reading) => {
      const document = await documents.finish(user, id, reading);
      if (document.status === "ready") {
        const { type, size, pages } = document;
        const at = now().toISOString();
        bus.tell({ type: "Document Ready", detail: { user, document: id, type, size, pages, at } });
      }
      return document;
    },
  });
}

/** Users and periods that a process remembers. */
const mostRemembered = 10_000;

/** Tells of each user and period once in this process, however often an answer is refused. */
function quotaReachedOnce(bus: EventBus, now: () => Date) {
  const told = new Set<string>();
  return (
    user: string,
    { day, month }: { readonly day: PeriodUsage; readonly month: PeriodUsage },
    { perDay, perMonth }: { readonly perDay: number; readonly perMonth: number },
  ): void => {
    for (const [{ period, inputTokens, outputTokens }, limit] of [
      [month, perMonth],
      [day, perDay],
    ] as const) {
      const key = `${user} ${period}`;
      const tokens = inputTokens + outputTokens;
      if (tokens < limit || told.has(key)) continue;
      if (told.size >= mostRemembered) told.clear();
      told.add(key);
      const detail = { user, period, tokens, limit, at: now().toISOString() };
      bus.tell({ type: "Quota Reached", detail });
    }
  };
}
