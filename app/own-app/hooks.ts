import type { Library } from "../documents/library.ts";
import type { Document } from "../documents/types.ts";
import { replacing } from "../events/replacing.ts";
import { Overdue, within } from "../http/deadline.ts";
import type { Ports } from "../lambda/dependencies.ts";
import { failureEntry, type Log } from "../lambda/log.ts";
import type { SavedTurn } from "../store/conversation-store.ts";
import type { Message } from "../store/message.ts";

/**
 * Functions that are told of what happened. The request waits for them, two seconds at most, since Lambda stops
 * the process with the answer. One that fails, or takes longer, is logged without its message, and changes
 * nothing for the user.
 */
export interface Hooks {
  /** After a question and its answer were saved; not for a repeated request. */
  turnSaved?(event: TurnSaved, context: HookContext): unknown;
  /** After a document was read; more than once where requests that complete it run at the same time. */
  documentReady?(event: DocumentReady, context: HookContext): unknown;
  /**
   * After all that the app kept of a user was erased, and once more when late writes have ended: erase what is
   * yours each time. It runs before the receipt says so: a process that dies in between runs it again.
   */
  userErased?(event: UserErased, context: HookContext): unknown;
}

export interface TurnSaved {
  readonly user: string;
  readonly conversationId: string;
  /** The question, if it is new, and the answer. */
  readonly messages: readonly Message[];
}

export interface DocumentReady {
  readonly user: string;
  readonly document: Document;
}

export interface UserErased {
  readonly user: string;
}

export interface HookContext {
  readonly tenant: string;
  /** Aborts when nobody waits for the hook any more. */
  readonly signal: AbortSignal;
}

const hookMilliseconds = 2_000;

class HookTimeout extends Overdue {
  override readonly name = "HookTimeout";
}

/** The same ports, which tell the hooks. */
export function withHooks(ports: Ports, hooks: Hooks): Ports {
  const { conversations, erasures, tenant, log } = ports;
  const tell = <Event>(name: keyof Hooks, hook: Hook<Event> | undefined, event: Event) =>
    hook === undefined ? undefined : run(name, hook, event, { tenant, log });
  const turnSaved = async (user: string, conversationId: string, turn: SavedTurn) => {
    if (!turn.replayed) {
      const { messages } = turn;
      await tell("turnSaved", hooks.turnSaved, { user, conversationId, messages });
    }
    return turn;
  };
  const userErased = (user: string) => tell("userErased", hooks.userErased, { user });
  return {
    ...ports,
    ...(hooks.turnSaved && {
      conversations: replacing(conversations, {
        appendTurn: async (user, id, ...turn) =>
          turnSaved(user, id, await conversations.appendTurn(user, id, ...turn)),
        replaceTurn: async (user, id, ...turn) =>
          turnSaved(user, id, await conversations.replaceTurn(user, id, ...turn)),
      }),
    }),
    ...(hooks.documentReady && {
      library: replacing<Library>(ports.library, {
        complete: async (user, id) => {
          const before = await ports.library.get(user, id);
          const document = await ports.library.complete(user, id);
          if (before.status !== "ready" && document?.status === "ready") {
            await tell("documentReady", hooks.documentReady, { user, document });
          }
          return document;
        },
      }),
    }),
    ...(hooks.userErased && {
      erasures: replacing(erasures, {
        complete: async (user, id) => {
          await userErased(user);
          return erasures.complete(user, id);
        },
        settle: async (user, id) => {
          await userErased(user);
          return erasures.settle(user, id);
        },
      }),
    }),
  };
}

type Hook<Event> = (event: Event, context: HookContext) => unknown;

async function run<Event>(
  name: keyof Hooks,
  hook: Hook<Event>,
  event: Event,
  { tenant, log }: { readonly tenant: string; readonly log: Log },
): Promise<void> {
  try {
    await within(hookMilliseconds, (signal) => hook(event, { tenant, signal }), new HookTimeout());
  } catch (error) {
    log(failureEntry(error, { hook: name }));
  }
}
