/**
 * `app/events/`: what happened, told to the tenant's event bus: what each event says, and how it is sent.
 */
import * as z from "zod";
import { documentTypes } from "../documents/types.ts";
import { stopReasons } from "../store/message.ts";

/** `Source` of every event. */
export const eventSource = "chatstack";

const identifier = z.string();
const timestamp = z.iso.datetime();
const count = z.number().int().min(0);

/** What every event's `detail` has. */
const common = {
  /** The same when an event is sent twice, and of no other event. */
  id: z.string().regex(/^[0-9a-f]{32}$/),
  tenant: z.string(),
  /** Id of the user: `sub` of the token. */
  user: identifier,
  /** When it happened. */
  at: timestamp,
};

/**
 * `detail` of each event by its `detail-type`: ids, counts and times. Nothing that a user, a model or a tool wrote
 * is among them: no title, message, name of a document or address. Fields may be added; none changes its meaning.
 */
export const eventDetails = {
  "Conversation Created": z.strictObject({ ...common, conversation: identifier }),
  /** A question and its answer, or another answer in the place of the last one. */
  "Turn Saved": z.strictObject({
    ...common,
    conversation: identifier,
    /** Of the answer. */
    sequence: count,
    model: z.string().nullable(),
    /** Why the model stopped. */
    stopReason: z.enum(stopReasons).nullable(),
    /** Tokens that the turn took; null where nobody knows. */
    usage: z.looseObject({ inputTokens: count, outputTokens: count }).nullable(),
    /** Whether the answer took the place of another. */
    isReplacement: z.boolean(),
  }),
  "Document Ready": z.strictObject({
    ...common,
    document: identifier,
    type: z.enum(documentTypes),
    /** Bytes. */
    size: count,
    pages: count.nullable(),
  }),
  /** Everything that the app kept of the user is gone: erase what you keep of the user. */
  "User Erased": z.strictObject({
    ...common,
    erasure: identifier,
    /** False until late writes have ended. */
    isSettled: z.boolean(),
  }),
  /** An answer was refused because the user's tokens of a day or month are used up. */
  "Quota Reached": z.strictObject({
    ...common,
    /** `2026-11-20` or `2026-11`. */
    period: z.string(),
    tokens: count,
    limit: count,
  }),
} as const;

export type EventType = keyof typeof eventDetails;
export type EventDetail<Type extends EventType> = z.infer<(typeof eventDetails)[Type]>;

/** An event before it has its id. */
export type ChatEvent = {
  [Type in EventType]: {
    readonly type: Type;
    readonly detail: Omit<EventDetail<Type>, "id" | "tenant">;
  };
}[EventType];
