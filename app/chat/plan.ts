import { Problem } from "../http/problem.ts";
import { isBlank, isSpoken, type Spoken } from "../models/chat-model.ts";
import { contentOfParts, type MessagePart } from "../parts/parts.ts";
import type {
  ConversationContext,
  ConversationStore,
  Once,
  SavedTurn,
} from "../store/conversation-store.ts";
import { allows, type Guard } from "../store/guard.ts";
import type { Citation, Message, MessageDraft } from "../store/message.ts";
import type { BusyPolicy } from "./runs.ts";

/** What both kinds of request have in common. */
export interface ChatRequest {
  readonly user: string;
  readonly id: string;
  /** Null: the conversation's, or else the tenant's default. */
  readonly modelId: string | null;
  /** Ids of documents that come with the question. */
  readonly documents: readonly string[];
  readonly once: Once | undefined;
  /** Default: both are answered. */
  readonly whenBusy?: BusyPolicy | undefined;
  /** Refuses what must not reach a model. Not asked for a request that was answered before. */
  readonly check?: () => Promise<void>;
  /** Epoch milliseconds at which this process may be stopped. */
  readonly deadline: number | undefined;
}

export interface Question extends ChatRequest {
  readonly content: string;
  readonly parts?: readonly MessagePart[] | undefined;
  readonly citations: readonly Citation[];
}

export interface Regeneration extends ChatRequest {
  /** Absent: the question stays as it is. */
  readonly content: string | undefined;
  /** Absent: those of the answer that is replaced, or for an edited question what documents say of it. */
  readonly citations: readonly Citation[] | undefined;
  readonly guard: Guard | undefined;
}

/** What to ask and where the answer goes. */
export interface Plan {
  readonly question: Spoken;
  readonly passages: readonly Citation[];
  /** What was said before the question; default all there is. */
  readonly history?: readonly Message[];
  /** Whether an answer that failed or was stopped is saved as far as it came. */
  readonly keepsParts: boolean;
  /** The question, if it stands already and is not written. */
  readonly unchanged?: Message | undefined;
  save(answer: MessageDraft): Promise<SavedTurn>;
}

export function planQuestion(conversations: ConversationStore, request: Question): Plan {
  const { user, id, content, parts, citations, documents, once } = request;
  const question = { ...questionOf({ content, parts }), documents };
  return {
    question: { content, parts },
    passages: citations,
    keepsParts: true,
    save: (answer) => conversations.appendTurn(user, id, [question, answer], once),
  };
}

/**
 * `nothing-to-regenerate` unless the conversation ends with a question of the user, answered or
 * not. An answer that is whole gives way to nothing less than another whole one.
 */
export function planRegeneration(
  conversations: ConversationStore,
  { user, id, content, citations, guard, once }: Regeneration,
  { conversation, documents, messages, newest }: ConversationContext,
): Plan {
  if (!allows(guard, conversation.version)) {
    throw new Problem("precondition-failed");
  }
  const last = messages.at(-1);
  const answer = last?.role === "assistant" ? last : undefined;
  const question = answer === undefined ? last : messages.at(-2);
  const asked = question && editedBy(question, content);
  if (last === undefined || question?.role !== "user" || asked === undefined || !isSpoken(asked)) {
    throw new Problem("nothing-to-regenerate");
  }
  const isEdited = asked.content !== question.content;
  const edited = isEdited
    ? [{ ...questionOf(asked), type: question.type, documents: question.documents }]
    : [];
  // What documents say of the old question need not be what they say of the new one.
  const isOutdated = isEdited && documents.length > 0;
  const replaced = [...(isEdited ? [question] : []), ...(answer === undefined ? [] : [answer])];
  const isAtEnd = last.sequence === newest && last.sequence - question.sequence <= 1;
  return {
    question: asked,
    passages: citations ?? (isOutdated ? [] : (answer?.citations ?? [])),
    history: messages.slice(0, messages.indexOf(question)),
    keepsParts: answer === undefined || answer.isError || answer.stopReason === "aborted",
    unchanged: isEdited ? undefined : question,
    save: (draft) =>
      conversations.replaceTurn(
        user,
        id,
        {
          messages: [...edited, draft],
          // Places of deleted messages behind or between stay: then what is replaced is deleted too.
          ...(isAtEnd
            ? { count: replaced.length }
            : { count: 0, gone: replaced.map(({ sequence }) => sequence) }),
          last: newest,
          guard,
        },
        once,
      ),
  };
}

/** Another text in front of the images and files that came with the old one. */
function editedBy({ content, parts }: Message, edited: string | undefined): Spoken {
  if (edited === undefined || parts === undefined) return { content: edited ?? content, parts };
  const others = parts.filter(({ type }) => type !== "text");
  const all: MessagePart[] = isBlank(edited) ? [] : [{ type: "text", text: edited }];
  return { content: contentOfParts(all), parts: [...all, ...others] };
}

function questionOf({ content, parts }: Spoken): MessageDraft {
  return {
    role: "user",
    content,
    ...(parts !== undefined && { parts }),
    type: "text",
    modelId: null,
    isError: false,
    errorMessage: null,
    citations: [],
    llmResponseId: null,
  };
}
